"""Write ``zsa.json``: every value of ZSA, computed from docs/zsa.md alone.

Nothing of ``phone`` is used, so that an error there cannot hide here. The map of CPace is written out from
RFC 9380 §6.7.1 in plain integers: good for vectors, and for nothing else, for it takes as long as it likes.

    python tests/zrtp/vectors/make_zsa.py > tests/zrtp/vectors/zsa.json
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Final

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

USER, REALM, PASSWORD = "alice", "asterisk", "correct horse"
PROVISIONED: Final = bytes(range(32))
S0: Final = hashlib.sha256(b"s0").digest()
ZID_I, ZID_R = b"initiator...", b"responder..."
MESSAGES: Final = [b"Hello of i", b"Hello of r", b"Commit", b"DHPart1", b"DHPart2"]
SAS_HASH: Final = hashlib.sha256(b"sas").digest()
PRIVATE: Final = {"k": bytes([0x4B]) * 32, "h": bytes([0x68]) * 32}
FLAGS: Final = {"k": 1, "h": 2}
HMAC, PAKE = 1, 2
_P: Final = 2**255 - 19
_J: Final = 486662


def lp(data: bytes) -> bytes:
    """Return ``data`` after its length in two bytes."""
    return len(data).to_bytes(2, "big") + data


def extract(salt: bytes, key: bytes) -> bytes:
    """HKDF-Extract (RFC 5869 §2.2)."""
    return hmac.digest(salt, key, "sha256")


def expand(key: bytes, info: bytes, size: int) -> bytes:
    """HKDF-Expand (RFC 5869 §2.3)."""
    output = block = b""
    while len(output) < size:
        block = hmac.digest(key, block + info + bytes([len(output) // 32 + 1]), "sha256")
        output += block
    return output[:size]


def lv_cat(*parts: bytes) -> bytes:
    """Return the parts, each after its length in LEB128."""
    joined = b""
    for part in parts:
        size = len(part)
        while size > 0x7F:
            joined += bytes([size & 0x7F | 0x80])
            size >>= 7
        joined += bytes([size]) + part
    return joined


def elligator2(u: int) -> int:
    """Return the Montgomery coordinate of map_to_curve_elligator2 for curve25519 (RFC 9380 §6.7.1)."""
    x1 = -_J * pow(1 + 2 * u * u, -1, _P) % _P
    gx1 = (x1**3 + _J * x1**2 + x1) % _P
    return x1 if pow(gx1, (_P - 1) // 2, _P) in (0, 1) else (-x1 - _J) % _P


def base_point(prs: bytes, ci: bytes, sid: bytes) -> bytes:
    """Return g of CPACE-X25519-SHA512."""
    padding = max(0, 128 - len(lv_cat(prs)) - len(lv_cat(b"CPace255")) - 1)
    text = lv_cat(b"CPace255", prs, bytes(padding), ci, sid)
    u = int.from_bytes(hashlib.sha512(text).digest()[:32], "little") & (2**255 - 1)
    return elligator2(u % _P).to_bytes(32, "little")


def x25519(private: bytes, point: bytes) -> bytes:
    """X25519 (RFC 7748 §5)."""
    return X25519PrivateKey.from_private_bytes(private).exchange(X25519PublicKey.from_public_bytes(point))


def credentials() -> dict[str, dict[str, str]]:
    """Return C, salt and S of all three kinds."""
    names = f"{USER}:{REALM}:{PASSWORD}".encode()
    secrets = {
        1: hashlib.md5(names, usedforsecurity=False).hexdigest().encode(),
        2: hashlib.sha256(names).hexdigest().encode(),
        3: PROVISIONED,
    }
    table = {}
    for kind, secret in secrets.items():
        text = b"ZSA salt" + bytes([kind]) + lp(REALM.encode()) + lp(USER.encode())
        salt = hashlib.sha256(text).digest()
        if kind == 3:
            key = expand(extract(salt, secret), b"ZSA key", 32)
        else:
            key = hashlib.scrypt(secret, salt=salt, n=65536, r=8, p=1, dklen=32, maxmem=2**27)
        table[str(kind)] = {"C": secret.hex(), "salt": salt.hex(), "S": key.hex()}
    return table


class Call:
    """One call under one suite and one kind of secret."""

    def __init__(self, suite: int, kind: int, key: bytes) -> None:
        self.suite, self.kind = suite, kind
        messages = b"".join(map(lp, MESSAGES))
        self.kdf_context = ZID_I + ZID_R + hashlib.sha256(b"".join(MESSAGES[1:])).digest()
        exported = b"\0\0\0\1Exported key\0" + self.kdf_context + (256).to_bytes(4, "big")
        self.exported_key = hmac.digest(S0, exported, "sha256")
        self.xk = extract(b"ZSA", self.exported_key)
        self.th = hashlib.sha256(b"ZSA transcript" + messages).digest()
        self.identity = lp(USER.encode()) + lp(REALM.encode())
        self.ctx = self.th + ZID_I + ZID_R + lp(self.identity) + bytes([suite, kind]) + SAS_HASH
        self.pake: dict[str, bytes] = {}
        self.shares = {"k": b"", "h": b""}
        self.k = extract(self.xk, self.isk(key) if suite == PAKE else key)
        self.tags = {"k": self.tag("k", self.ctx + self.flags("k"))}
        covered = self.ctx + self.flags("k") + self.flags("h") + self.tags["k"]
        self.tags["h"] = self.tag("h", covered)

    @staticmethod
    def flags(side: str) -> bytes:
        return bytes([FLAGS[side]])

    def tag(self, side: str, covered: bytes) -> bytes:
        return hmac.digest(expand(self.k, b"ZSA tag " + side.encode(), 32), covered, "sha256")

    def isk(self, key: bytes) -> bytes:
        g = base_point(key, self.ctx, self.th)
        self.shares = {side: x25519(private, g) for side, private in PRIVATE.items()}
        k = x25519(PRIVATE["k"], self.shares["h"])
        transcript = b"".join(lv_cat(self.shares[side], self.flags(side)) for side in ("k", "h"))
        isk = hashlib.sha512(lv_cat(b"CPace255_ISK", self.th, k) + transcript).digest()
        self.pake = {"g": g, "K of CPace": k, "ISK": isk}
        return isk

    def messages(self) -> dict[str, str]:
        """Return the four messages of a proof that succeeds."""
        tags, shares, none = self.tags, self.shares, b""
        nobody = lp(b"") * 2
        if self.suite == HMAC:
            parts = [(none, tags["k"]), (none, tags["h"]), (none, none), (none, none)]
        else:
            parts = [(shares["k"], none), (shares["h"], none), (none, tags["k"]), (none, tags["h"])]
        said = {}
        for number, (name, (share, tag)) in enumerate(zip("123A", parts, strict=True)):
            side = "kh"[number % 2]
            fixed = bytes([1, self.suite, self.kind, FLAGS[side], len(share), len(tag), 0, 0])
            body = fixed + (self.identity if name == "1" else nobody) + share + tag
            body += bytes(-len(body) % 4)
            words = (16 + len(body) + 16) // 4
            sequence = number // 2 + 1
            header = b"\x50\x5a" + words.to_bytes(2, "big") + b"SecAuth" + name.encode()
            header += sequence.to_bytes(4, "big")
            wire = expand(self.xk, b"ZSA wire " + side.encode(), 44)
            nonce = (int.from_bytes(wire[32:], "big") ^ sequence).to_bytes(12, "big")
            said[f"SecAuth{name}"] = (header + AESGCM(wire[:32]).encrypt(nonce, body, header)).hex()
        return said

    def values(self) -> dict[str, object]:
        """Return everything."""
        named = {
            "kdf_context": self.kdf_context,
            "exported_key": self.exported_key,
            "XK": self.xk,
            "TH": self.th,
            "ctx": self.ctx,
            **self.pake,
            "K": self.k,
            "tag_k": self.tags["k"],
            "tag_h": self.tags["h"],
        }
        plain: dict[str, object] = {name: value.hex() for name, value in named.items()}
        return {"suite": self.suite, "cred": self.kind} | plain | {"messages": self.messages()}


def vectors() -> dict[str, object]:
    """Return the whole file."""
    table = credentials()
    calls = [
        Call(suite, int(kind), bytes.fromhex(row["S"])).values()
        for suite in (HMAC, PAKE)
        for kind, row in table.items()
    ]
    return {
        "source": "make_zsa.py, from docs/zsa.md",
        "user": USER,
        "realm": REALM,
        "password": PASSWORD,
        "s0": S0.hex(),
        "zid_i": ZID_I.hex(),
        "zid_r": ZID_R.hex(),
        "transcript": [message.hex() for message in MESSAGES],
        "sas_hash": SAS_HASH.hex(),
        "private": {side: value.hex() for side, value in PRIVATE.items()},
        "flags": FLAGS,
        "credentials": table,
        "calls": calls,
    }


if __name__ == "__main__":
    print(json.dumps(vectors(), indent=1))
