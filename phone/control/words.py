"""What the backend answers, as lines for people. Standard library only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from textwrap import wrap
from typing import Any

from phone.control.contract import (
    LEVELS,
    Account,
    Call,
    Check,
    Contact,
    Device,
    Event,
    Finding,
    Kept,
    NewSecret,
    Offer,
    PastCall,
    Peer,
    Proof,
    Sound,
    Status,
    Suggestion,
    Verdict,
)

CHECKS: Mapping[Check, str] = {
    "account": "account",
    "dns": "name",
    "port": "port",
    "tls": "TLS",
    "digest": "password",
    "clock": "clock",
    "nat": "NAT",
    "secret": "secret",
    "call": "call",
    "rtp": "sound both ways",
    "direct_media": "direct media",
    "devices": "sound devices",
    "microphone": "microphone",
    "speaker": "speaker",
    "listening": "own address",
    "versions": "versions",
}
"""What the doctor checks, for people."""

_VERDICTS: Mapping[Verdict, str] = {
    "fine": "fine",
    "warning": "WARNING",
    "broken": "BROKEN",
    "not checked": "not checked",
}
_NARROWEST = 20
"""Columns; what is narrower is not wrapped."""
_INDENT = " " * 9
_GAP = " " * 3
_VERDICT_WIDTH = max(map(len, _VERDICTS.values()))
_CHECK_WIDTH = max(map(len, CHECKS.values()))


def status(answer: Status) -> str:
    """Return accounts and calls."""
    accounts = table(_account_row(account) for account in answer["accounts"])
    calls = "\n".join(call(one) for one in answer["calls"])
    return f"{accounts or 'No accounts.'}\n{calls or 'No calls.'}"


def account(one: Account) -> str:
    """Return everything of one account, a line each."""
    lines = {
        "account": one["id"],
        "address": one["uri"],
        "name": one["name"],
        "authentication user": one["auth_user"],
        "secret": {"password": "password", "md5": "MD5 HA1", "sha-256": "SHA-256 HA1"}[one["credential"]],
        "realm": one["realm"] or "",
        "transport": one["transport"],
        "proxy": one["proxy"] or "",
        "policy": one["policy"],
        "proves its secret to": one["proves_to"] or "",
        "weak proof": one["weak_proof"],
        "random keys": ", ".join(one["keys"]),
        "state": _registration(one),
    }
    # most findings have one remedy in common
    remedies = dict.fromkeys(why["remedy"] for why in one["health"])
    said = [*(why["text"] for why in one["health"]), *remedies]
    return "\n".join([table((key, value) for key, value in lines.items() if value), *map(clean, said)])


def new_secret(made: NewSecret) -> str:
    """Return what belongs into ``pjsip.conf``, with the rest as comments."""
    lines = [
        "; For pjsip.conf, in place of the account's auth section. After that:",
        ";   asterisk -rx 'module reload res_pjsip.so'",
    ]
    if made["secret"] is None:
        lines.append(";   parley account test    (the account has the secret already)")
    else:
        lines.append(";   parley account edit --secret-stdin")
        lines.append(f"; The secret: {made['secret']}")
    return "\n".join([*lines, made["pjsip_conf"].rstrip("\n")])


def kept(several: Sequence[Kept]) -> str:
    """Return one line for everyone whose secret is kept."""
    return table(_kept_row(one) for one in several) or "No secrets are kept."


def accounts(several: Sequence[Account]) -> str:
    """Return one line an account."""
    return table(_account_row(one) for one in several) or "No accounts."


def call(one: Call) -> str:
    """Return a call: its state, and how far it can be trusted and why."""
    mates = one["conference"]
    marks = {
        f"in conference with {', '.join(mates)}": bool(mates),
        "on hold": one["held"],
        "held by the other side": one["remote_held"],
        "muted": one["muted"],
        "recorded here": one["recording"] is not None,
        "the other phone may record": one["remote_records"],
    }
    facts = [f"call {one['id']}", one["state"], _who(one), one["codec"] or ""]
    facts += [mark for mark, holds in marks.items() if holds]
    lines = [_GAP.join(clean(fact) for fact in facts if fact)]
    lines += [_INDENT + clean(line) for line in _details(one)]
    return "\n".join(lines)


def offers(several: Sequence[Offer]) -> str:
    """Return one line a kind of algorithm: what is offered, best first, and what else could be."""
    return table(_offer_row(one) for one in several)


def peers(several: Sequence[Peer]) -> str:
    """Return one line a peer."""
    return table(_peer_row(one) for one in several) or "No phones are known yet."


def peer(one: Peer) -> str:
    """Return everything of one peer, a line each."""
    lines = {
        "name": one["name"],
        "ZID": one["zid"],
        "address": one["uri"],
        "verified since": one["verified_since"] or "not verified",
        "first seen": one["first_seen"],
        "last seen": one["last_seen"],
    }
    proofs = [("has proved", f"{_proof(proof)}, last {proof['last']}") for proof in one["proofs"]]
    return table([*((key, value) for key, value in lines.items() if value), *proofs])


def contacts(several: Sequence[Contact]) -> str:
    """Return one line a contact."""
    return table((one["name"], one["address"], one["policy"] or "") for one in several) or "No contacts."


def suggestions(several: Sequence[Suggestion]) -> str:
    """Return one line for each who may be meant."""
    return table((one["name"] or "(no name)", one["address"]) for one in several) or "Nobody."


def messages(several: Sequence[Account]) -> str:
    """Return one line for each account that has a mailbox."""
    rows = [(one["id"], _messages(one)) for one in several if one["messages"] is not None]
    return table(rows) or "No account has told of a mailbox."


def kept_messages(several: Sequence[Mapping[str, Any]]) -> str:
    """Return one line for each message that a caller has left."""
    rows = [
        (
            each["id"],
            each["received"],
            clean(each["name"] or each["uri"]),
            f"{each['seconds']:.0f} s",
            each["authenticated"] or LEVELS[each["level"]],
        )
        for each in several
    ]
    return table(rows) or "No messages."


def history(several: Sequence[PastCall]) -> str:
    """Return one line a call."""
    return table(_past_row(one) for one in several) or "No calls yet."


def finding(one: Finding, columns: int | None = None) -> str:
    """Return what one check came to, and below it what to do and how; wrapped at ``columns``, if given.

    A command stays whole, to be copied.
    """
    margin = _VERDICT_WIDTH + _CHECK_WIDTH + 2 * len(_GAP)
    lines = _wrapped(clean(one["found"]), "", columns and columns - margin)
    if one["remedy"]:
        lines += _wrapped(clean(one["remedy"]), "-> ", columns and columns - margin)
    if one["command"]:
        lines.append(f"   {clean(one['command'])}")
    head = f"{_VERDICTS[one['verdict']]:{_VERDICT_WIDTH}}{_GAP}{CHECKS[one['check']]:{_CHECK_WIDTH}}{_GAP}"
    return head + f"\n{' ' * margin}".join(lines)


def checkup(broken: int, warnings: int) -> str:
    """Return what all findings come to, in one line."""
    if not broken and not warnings:
        return "Nothing is broken."
    parts = [f"{broken} broken" if broken else "Nothing is broken"]
    parts += [f"{warnings} to look at"] if warnings else []
    return ", ".join(parts) + "."


def event(one: Event) -> str:
    """Return what happened, in one line or a few."""
    if "call" in one:
        return _call_event(one["event"], one["call"])
    if "account" in one:
        return _GAP.join(filter(None, _account_row(one["account"])))
    if "checkup" in one:
        return "\n".join(map(finding, one["checkup"]["findings"][-1:]))
    return sound(one["sound"]) if "sound" in one else f"{one['edited']} edited"


def _call_event(event: str, happened: Call) -> str:
    match event:
        case "dtmf":
            return clean(f"call {happened['id']}{_GAP}keys pressed: {happened['dtmf']}")
        case "alarm":
            return clean(f"call {happened['id']}{_GAP}ALARM: {happened['alarm']}")
        case "transfer":
            return clean(f"call {happened['id']}{_GAP}{transfer(happened)}")
        case _:
            return call(happened)


def transfer(one: Call) -> str:
    """Return how the transfer of a call stands, in one line."""
    return one["transfer"]["text"] if one["transfer"] else ""


def sound(one: Sound) -> str:
    """Return devices, what is chosen and what is in use."""
    lines = [
        ("sound system", one["backend"] or "none"),
        *(("microphone there", _device(device)) for device in one["microphones"]),
        *(("speaker there", _device(device)) for device in one["speakers"]),
        ("microphone", _chosen(one["microphone"], one["microphone_in_use"])),
        ("speaker", _chosen(one["speaker"], one["speaker_in_use"])),
        ("ringer", _chosen(one["ringer"], None)),
        ("volume", f"microphone {one['microphone_volume']} %, speaker {one['speaker_volume']} %"),
        (
            "level",
            f"microphone {one['microphone_level_db']:.0f} dB, speaker {one['speaker_level_db']:.0f} dB",
        ),
        ("cancels echo", f"{one['cancel_echo']}: {one['echo_reason']}"),
        ("evens out", "on: the microphone is made as loud as others" if one["even_out"] else "off"),
        ("missing, dropped", f"{one['underruns']}, {one['overruns']}"),
    ]
    if one["notice"]:
        lines.append(("NOTICE", one["notice"]))
    return table(lines)


def table(rows: Iterable[Sequence[str]]) -> str:
    """Return rows with their columns aligned."""
    cleaned = [[clean(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cleaned, strict=True)]
    return "\n".join(
        _GAP.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cleaned
    )


def clean(text: str) -> str:
    """Return ``text`` without what steers a terminal: names and reasons come from strangers."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def _wrapped(text: str, mark: str, width: int | None) -> list[str]:
    if width is None or width <= _NARROWEST:
        return [mark + text]
    indent = " " * len(mark)
    return wrap(
        text,
        width,
        initial_indent=mark,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _registration(one: Account) -> str:
    return f"{one['state']}: {one['reason']}" if one["reason"] else one["state"]


def _messages(one: Account) -> str:
    waiting = one["messages"]
    if waiting is None:
        return ""
    if waiting["new"] or not waiting["waiting"]:
        return f"{waiting['new']} new messages, {waiting['old']} old"
    return "new messages"


def _account_row(one: Account) -> Sequence[str]:
    return (clean(one["id"]), clean(_registration(one)), _messages(one))


def _device(one: Device) -> str:
    marks = [
        mark for mark, holds in (("default", one["is_default"]), ("headset", one["is_private"])) if holds
    ]
    return one["name"] + (f" ({', '.join(marks)})" if marks else "")


def _chosen(chosen: str | None, used: str | None) -> str:
    return (chosen or "as the system has it") + (f"; in use: {used}" if used else "")


def _who(one: Call) -> str:
    return f"{one['remote_name']} <{one['remote_uri']}>" if one["remote_name"] else one["remote_uri"]


def _details(one: Call) -> list[str]:
    if one["state"] == "ended":
        return [one["reason"]]
    if one["state"] not in ("early", "connected"):
        return []
    words = one["pending"] or one["verified"] or one["authenticated"] or LEVELS[one["level"]]
    if one["alarm"]:
        words = f"{one['alarm']}! {words}"
    if one["sas"]:
        words += f". Code: {one['sas']}"
    why = one["why"]
    reasons = (why["text"], why["remedy"]) if why else ()
    return [line for line in (words, one["missing"], *reasons, *one["notices"], transfer(one)) if line]


def _peer_row(one: Peer) -> Sequence[str]:
    since = one["verified_since"]
    return (
        one["zid"],
        one["name"] or "(no name)",
        f"verified since {since[:10]}" if since else "not verified",
        f"proved {one['proofs'][0]['last'][:10]}" if one["proofs"] else "",
        one["uri"],
    )


def _proof(one: Proof) -> str:
    secret = (
        f"the secret of {one['account']}" if one["account"] else "a secret kept for calls without a server"
    )
    return f"{secret} ({ {1: 'HMAC', 2: 'PAKE'}.get(one['suite'], one['suite']) })"


def _offer_row(one: Offer) -> Sequence[str]:
    names = [f"{name} (always)" if name in one["mandatory"] else name for name in one["offered"]]
    return (
        one["kind"],
        ", ".join(names) + ("" if one["chosen"] else "   by default"),
        f"off: {', '.join(one['off'])}" if one["off"] else "",
    )


def _kept_row(one: Kept) -> Sequence[str]:
    return (
        one["caller"],
        one["account"] or "without a server",
        f"{one['user']} at {one['realm']}",
        ", ".join(one["forms"]),
        "random" if one["random"] else "",
        "" if one["remembered"] else "until the backend ends",
    )


def _past_row(one: PastCall) -> Sequence[str]:
    duration = one["duration_s"]
    minutes, seconds = divmod(round(duration or 0), 60)
    return (
        one["ended"],
        "to" if one["direction"] == "outgoing" else "from",
        f"{one['name']} <{one['uri']}>" if one["name"] else one["uri"],
        "not answered" if duration is None else f"{minutes}:{seconds:02}",
        LEVELS[one["level"]] if duration is not None else "",
        one["reason"],
    )
