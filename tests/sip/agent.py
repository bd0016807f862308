"""One SIP stack as a process of its own: commands in, what happens out, as JSON lines.

pjsua2 is a singleton, so two ends of a call need two processes.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import random
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from twisted.internet import reactor as installed_reactor
from twisted.internet import stdio
from twisted.internet.error import ReactorNotRunning
from twisted.protocols.basic import LineReceiver

from phone.audio.wav import WavCard
from phone.secret import Secret
from phone.sip.endpoint import Endpoint
from phone.sip.interface import (
    AccountSettings,
    CredentialKind,
    Dialog,
    Registration,
    SipCall,
    SipCallListener,
    SipError,
    Stream,
    Transport,
)
from phone.wire.description import Address, MediaDescription
from phone.wire.summary import MessageSummary
from tests.sip.relay import Relay

reactor: Any = installed_reactor


def tell(event: str, **what: Any) -> None:
    """Print one event."""
    print(json.dumps({"event": event, **what}), flush=True)


class Listener:
    """Listens to one call, with a relay for its media."""

    def __init__(self, agent: Agent, name: str) -> None:
        self._agent = agent
        self.name = name
        self.sip: SipCall | None = None
        self._relay = Relay(agent.bind)

    def describe_media(self, remote_host: str | None) -> MediaDescription:
        tell("describe_media", call=self.name, remote_host=remote_host)
        if self._agent.broken_media:
            raise OSError("no free port")
        return self._relay.describe()

    def leg_addresses(self) -> tuple[Address, Address]:
        return self._relay.inner()

    def stream_created(self, stream: Stream) -> None:
        self._relay.connect(stream)
        tell("stream_created", call=self.name, **asdict(stream))

    def dialog_changed(self, state: Dialog, status: int, reason: str) -> None:
        tell("dialog", call=self.name, state=state.value, status=status, reason=reason)
        if state is Dialog.ENDED:
            self._relay.close()

    def dtmf_received(self, digit: str) -> None:
        tell("dtmf", call=self.name, digit=digit)

    def remote_identity_changed(self, uri: str, name: str) -> None:
        tell("identity", call=self.name, uri=uri, name=name)

    def transfer_requested(self, uri: str, call: SipCall) -> SipCallListener | None:
        return self._agent.meet("transfer_requested", self.name, call, uri)

    def transfer_progress(self, status: int, reason: str, *, final: bool) -> None:
        tell("transfer", call=self.name, status=status, reason=reason, final=final)

    def replaced(self, call: SipCall) -> SipCallListener | None:
        return self._agent.meet("replaced", self.name, call, call.remote_uri)


class Agent(LineReceiver):
    """Carries out commands; each command names itself in ``do`` and its call, where there are several."""

    delimiter = b"\n"

    def __init__(self, options: argparse.Namespace) -> None:
        self.bind: str = options.bind
        self.accepts = not options.refuse
        self.answers = options.answer
        self.broken_media = options.broken_media
        self._calls: dict[str, Listener] = {}
        self._accounts: dict[str, Any] = {}
        sound = WavCard(options.play, options.record)
        self._endpoint = Endpoint(
            bind=options.bind, port=options.port, reactor=reactor, listener=self, sound=sound
        )
        tell("ready", port=self._endpoint.port, codecs=self._endpoint.codecs())

    def meet(self, event: str, old: str, call: SipCall, uri: str) -> Listener | None:
        """A call that came about by itself gets a listener, or not."""
        listener = self._listen(call)
        tell(event, call=old, new=listener.name, uri=uri)
        return listener if self.accepts else None

    def _listen(self, call: SipCall | None) -> Listener:
        listener = Listener(self, str(len(self._calls) + 1))
        listener.sip = call
        self._calls[listener.name] = listener
        return listener

    def registration_changed(self, account: Any, state: Registration, status: int, reason: str) -> None:
        name = next(name for name, other in self._accounts.items() if other is account)
        tell("registration", account=name, state=state.value, status=status, reason=reason)

    def messages_changed(self, account: Any, messages: MessageSummary) -> None:
        name = next(name for name, other in self._accounts.items() if other is account)
        tell("messages", account=name, summary=asdict(messages))

    def realm_accepted(self, account: Any, realm: str) -> None:
        name = next(name for name, other in self._accounts.items() if other is account)
        tell("realm", account=name, realm=realm)

    def call_incoming(self, account: Any, call: SipCall, source: Address) -> SipCallListener | None:
        name = next((name for name, other in self._accounts.items() if other is account), None)
        listener = self._listen(call)
        tell(
            "incoming",
            call=listener.name,
            account=name,
            uri=call.remote_uri,
            name=call.remote_name,
            source=source.host,
        )
        if self.answers:
            reactor.callLater(0.1, self._answer, call)
        return listener if self.accepts else None

    @staticmethod
    def _answer(call: SipCall) -> None:
        with contextlib.suppress(SipError):  # the caller may have given up
            call.answer()

    def lineReceived(self, line: bytes) -> None:  # noqa: N802
        order = json.loads(line)
        try:
            getattr(self, f"do_{order.pop('do')}")(**order)
        except SipError as error:
            tell("error", text=str(error))

    def connectionLost(self, reason: Any = None) -> None:  # noqa: N802
        self.do_quit()

    def do_account(self, name: str, secret: str | None = None, **settings: Any) -> None:
        settings.setdefault("display_name", "")
        settings.setdefault("proxy", None)
        settings.setdefault("realm", "*")
        self._accounts[name] = self._endpoint.add_account(
            AccountSettings(
                secret=Secret(secret.encode()) if secret is not None else None,
                credential=CredentialKind(settings.pop("credential", "password")),
                transport=Transport(settings.pop("transport", "udp")),
                **settings,
            )
        )

    def do_register(self, name: str) -> None:
        self._accounts[name].register()

    def do_close_account(self, name: str) -> None:
        self._accounts.pop(name).close()

    def do_dial(self, uri: str, account: str | None = None) -> None:
        listener = self._listen(None)
        listener.sip = self._endpoint.dial(self._accounts.get(account or ""), uri, listener)

    def do_call(self, what: str, call: str = "1", **arguments: Any) -> None:
        sip = self._calls[call].sip
        assert sip is not None
        if "other" in arguments:
            arguments["other"] = self._calls[arguments["other"]].sip
        answer = getattr(sip, what)(**arguments)
        if what == "statistics":
            tell("statistics", call=call, **(asdict(answer) if answer else {}))

    def do_confer(self, calls: list[str]) -> None:
        self._endpoint.confer([sip for name in calls if (sip := self._calls[name].sip) is not None])

    def do_quit(self) -> None:
        self._endpoint.close().addCallback(self._stop)

    def _stop(self, _: None) -> None:
        with contextlib.suppress(ReactorNotRunning):
            reactor.stop()


def main() -> None:
    """Run until standard input ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--bind", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--play", type=Path)
    parser.add_argument("--record", type=Path)
    parser.add_argument("--answer", action="store_true", help="answer every call")
    parser.add_argument("--refuse", action="store_true", help="take no calls")
    parser.add_argument("--broken-media", action="store_true", help="have no ports for media")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    logging.basicConfig(level=logging.DEBUG if options.verbose else logging.INFO, stream=sys.stderr)
    random.seed(1)
    try:
        stdio.StandardIO(Agent(options))  # type: ignore[no-untyped-call]
    except SipError as error:
        tell("error", text=str(error))
        raise SystemExit(1) from None
    reactor.run()


if __name__ == "__main__":
    main()
