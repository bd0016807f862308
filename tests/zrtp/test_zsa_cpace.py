"""CPace against the vectors of its draft (draft-irtf-cfrg-cpace, appendix B.1)."""

from __future__ import annotations

import pytest

from phone.secret import Secret
from phone.zrtp.dh import X255
from phone.zrtp.errors import ProtocolError
from phone.zrtp.events import Role
from phone.zrtp.zsa.cpace import CPace, base_point
from tests.zrtp.recording import vectors

DATA = {name: bytes.fromhex(value) for name, value in vectors("cpace_x25519_sha512")["values"].items()}
LOW_ORDER = [bytes.fromhex(value) for value in vectors("cpace_x25519_sha512")["low_order"]]


def end(role: Role, private: str, *, password: bytes = DATA["PRS"]) -> CPace:
    """Return one end of the exchange of the draft."""
    return CPace(role, Secret(password), DATA["CI"], DATA["sid"], Secret(DATA[private]))


def test_shares_and_session_key_are_those_of_the_draft() -> None:
    """Ya, Yb and ISK of both ends."""
    a, b = end(Role.INITIATOR, "ya"), end(Role.RESPONDER, "yb")
    assert a.share == DATA["Ya"]
    assert b.share == DATA["Yb"]
    assert a.agree(DATA["ADa"], b.share, DATA["ADb"]).reveal() == DATA["ISK_IR"]
    assert b.agree(DATA["ADb"], a.share, DATA["ADa"]).reveal() == DATA["ISK_IR"]


def test_base_point_is_the_draft_s_but_for_a_point_of_low_order() -> None:
    """Every product of X25519 is the same, though the point itself need not be."""
    point = base_point(Secret(DATA["PRS"]), DATA["CI"], DATA["sid"]).reveal()
    for number in range(1, 9):
        pair = X255.key_pair(bytes([number]) * 32)
        assert pair.agree(point) == pair.agree(DATA["g"])


def test_another_password_or_other_data_give_another_key() -> None:
    """That is what it is for."""
    a, b = end(Role.INITIATOR, "ya"), end(Role.RESPONDER, "yb", password=b"password")
    assert a.agree(b"", b.share, b"") != b.agree(b"", a.share, b"")
    c = end(Role.RESPONDER, "yb")
    assert a.agree(b"", c.share, b"") != c.agree(b"", a.share, b"x")


def test_long_inputs_are_told_apart() -> None:
    """A length of more than 127 takes two bytes of LEB128."""
    long = {ci: base_point(Secret(b"password"), ci, b"") for ci in (bytes(127), bytes(128), bytes(129))}
    assert len({point.reveal() for point in long.values()}) == 3
    assert base_point(Secret(bytes(200)), b"", b"") != base_point(Secret(bytes(201)), b"", b"")


@pytest.mark.parametrize("share", LOW_ORDER, ids=lambda share: share.hex()[:8])
def test_a_share_of_low_order_is_refused(share: bytes) -> None:
    """On the curve, on its twist, canonical or not (§8.2.1)."""
    with pytest.raises(ProtocolError):
        end(Role.INITIATOR, "ya").agree(b"", share, b"")
