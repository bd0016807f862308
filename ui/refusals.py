"""What the backend refuses, in the user's language.

A refusal comes as a whole sentence, with names, paths and numbers in it. So it is recognised by what stands
around them, and put together again.
"""

from __future__ import annotations

import re

from PySide6.QtCore import QCoreApplication

TEMPLATES = (
    "{path} has no sound in it.",
    "{path} cannot be read: {cause}.",
    "{path} is not a sound file that Parley can play.",
    "{path} cannot be written: {cause}.",
    "There is no account {account}.",
    (
        "The realm of {account} is not known: register it once, or name it. (Asterisk's is asterisk"
        " where pjsip.conf says nothing else.)"
    ),
    "There is already an account {account}; edit it, or remove it first.",
    "{uri} is at an IPv6 address, and Parley speaks IPv4: use its IPv4 address.",
    "{uri} is not an account's address: use sip:USER@HOST or sip:USER@HOST:PORT.",
    "{uri} is not a proxy's address: use sip:HOST or sip:HOST:PORT.",
    "A {kind} HA1 has {digits} lowercase hex digits.",
    "A {kind} HA1 belongs to one realm: name it.",
    "{algorithm} cannot be offered here: the SRTP library is not able to use it.",
    "Call {call} has already ended.",
    "Call {call} is not on hold.",
    "Call {call} is not recorded.",
    "{keys} are not telephone keys: use 0-9, *, # and A-D.",
    "Call {call} has no sound yet, so keys cannot be sent.",
    "Call {call} asks nothing that could be settled for all calls to come.",
    "Call {call} is being transferred already.",
    "Call {call} is not connected to anything.",
    "Call {call} is {state}: {why}.",
    "{address} cannot be called: use sip:USER@HOST, or a number.",
    "There is no policy {policy}.",
    "There is no contact {contact}.",
    "There is already a contact {contact}; edit it, or choose another name.",
    "Line {line} is no CSV: {cause}.",
    "Line {line}: {why}",
    "A code is {shape}; {heard} is not. Type it again.",
    "No secret is kept for {caller} at {account}.",
    "No phone of that name or ZID is known: {peer}.",
    "Several phones are called {peer}; use the ZID: {zids}.",
    "Call {call} is already recorded, to {path}.",
    "Several devices are called {device}: there is {devices}.",
    "No device is called {device}: there is {devices}.",
    "A volume is a number from 0 to {most} percent.",
    "There is no codec {codec}: use {codecs}.",
    "Call {strict} requires encryption, and call {plain} is not encrypted end to end: they stay apart.",
    "{target} is not an address Parley can call: use sip:USER@HOST, a number, or a contact's name.",
    "There is no account to call {target} with; add one, or call sip:USER@HOST.",
    "No free port for the sound of a call: {cause}.",
    "There is no call {call}.",
    "Call {call} cannot be put on hold: {why}",
    "Parley can keep no more than {most} accounts.",
    "{keys} cannot be dialled: only 0-9, *, #, A, B, C and D are keys.",
    "{uri} cannot be called: {cause}.",
    "The keys could not be sent: {cause}.",
    "The call cannot be transferred: {cause}.",
    "The call cannot be answered: {cause}.",
    "Parley can carry no more than {most} calls at once.",
    "The account cannot be used: error {status} of pjsip.",
    "The call cannot be held or resumed: {cause}.",
    "{host} cannot be looked up: the name server does not answer.",
    "{host} is not known: no such host, or no network to ask.",
    "{uri} is not a SIP address; write sip:USER@HOST or sip:USER@HOST:PORT.",
    "SIP does not travel over {transport}; use udp or tcp.",
    "The database {path} cannot be used: {cause}.",
    (
        "The database {path} is damaged ({cause}). Nothing in it was changed: move it away, or put a"
        " copy of it back."
    ),
    "What is filed as {name} among the passwords is damaged; remove it there.",
    (
        "The file of passwords {path} is damaged. It was not changed: put a copy of it back, or move it"
        " away and give the passwords again."
    ),
    "The passwords in {path} cannot be read: {cause}.",
    "The passwords in {path} cannot be written: {cause}.",
)
"""The refusals that have something in them which changes; translated in ``translations/backend_de.ts``."""

_PLACE = re.compile(r"\\{(\w+)\\}")


def _recogniser(template: str) -> re.Pattern[str]:
    return re.compile(_PLACE.sub(r"(?P<\1>.+)", re.escape(template)), re.DOTALL)


_RECOGNISERS = {
    template: _recogniser(template)
    # what says most by itself first: others may fit as well
    for template in sorted(TEMPLATES, key=lambda text: -len(_PLACE.sub("", re.escape(text))))
}


def recognised(sentence: str) -> tuple[str, dict[str, str]] | None:
    """Return which of ``TEMPLATES`` a sentence is made from, and what stands in its places."""
    for template, recogniser in _RECOGNISERS.items():
        if match := recogniser.fullmatch(sentence):
            return template, match.groupdict()
    return None


def in_own_words(sentence: str) -> str:
    """Return what the backend says, in the user's language where it is known in it."""
    said = QCoreApplication.translate("Backend", sentence)
    if said != sentence or (made := recognised(sentence)) is None:
        return said
    template, facts = made
    return QCoreApplication.translate("Backend", template).format(
        **{place: in_own_words(fact) for place, fact in facts.items()}
    )
