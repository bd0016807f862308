"""Accounts at a real Asterisk, and at servers that are not there."""

from __future__ import annotations

from typing import Any

import pytest

from phone.sip import message
from tests.peers.asterisk import Asterisk
from tests.peers.asterisk_config import ALICE, BOB, ECHO, MAX, REALM, SHIRLEY, Account
from tests.peers.process import eventually
from tests.sip.conftest import MakePeer, MakePhone
from tests.sip.phone import STEP_S, Phone


def add(phone: Phone, asterisk: Asterisk, account: Account, **settings: Any) -> None:
    """Give the phone an account at Asterisk."""
    phone.do(
        "account",
        **{
            "name": account.user,
            "uri": asterisk.uri(account.user),
            "auth_user": account.user,
            "secret": account.password,
            **settings,
        },
    )


def registered(phone: Phone, asterisk: Asterisk, account: Account) -> None:
    """Wait until both sides say so."""
    assert phone.wait("realm", account=account.user)["realm"] == REALM
    phone.wait("registration", account=account.user, state="registered")
    assert asterisk.is_registered(account)


@pytest.mark.parametrize("transport", ["udp", "tcp"])
@pytest.mark.parametrize("account", [ALICE, MAX, SHIRLEY], ids=lambda account: account.user)
def test_password(make_phone: MakePhone, asterisk: Asterisk, account: Account, transport: str) -> None:
    """A password fits whatever digest the server asks for."""
    phone = make_phone()
    add(phone, asterisk, account, transport=transport)
    registered(phone, asterisk, account)


@pytest.mark.parametrize("way", ["WWW", "Proxy"])
def test_realm_that_was_accepted_is_told(make_phone: MakePhone, make_peer: MakePeer, way: str) -> None:
    """At every registration, whichever of its realms the server asks for; one that it refuses is not told."""
    phone, server = make_phone(), make_peer()
    status = {"WWW": "401 Unauthorized", "Proxy": "407 Proxy Authentication Required"}[way]

    def challenge(realm: str) -> None:
        headers = (f'{way}-Authenticate: Digest realm="{realm}", nonce="n", algorithm=MD5, qop="auth"',)
        server.respond(server.receive("REGISTER"), status, headers=headers)

    phone.do("account", name="a", uri=f"sip:a@{server.host}:{server.port}", auth_user="a", secret="x")
    for realm in ("süd, realm=no", "north"):
        challenge(realm)
        server.respond(server.receive("REGISTER"), "200 OK", headers=("Expires: 300",))
        assert phone.wait("realm")["realm"] == realm
        phone.wait("registration", state="registered")
        phone.do("register", name="a")
        challenge("refused")
        server.respond(server.receive("REGISTER"), "403 Forbidden")
        phone.wait("registration", state="failed")
        phone.do("register", name="a")
    assert [event["realm"] for event in phone.events() if event["event"] == "realm"] == [
        "süd, realm=no",
        "north",
    ]


def test_server_that_asks_for_nothing_has_no_realm(make_phone: MakePhone, make_peer: MakePeer) -> None:
    """It has accepted no secret."""
    phone, server = make_phone(), make_peer()
    phone.do("account", name="a", uri=f"sip:a@{server.host}:{server.port}", auth_user="a", secret="x")
    server.respond(server.receive("REGISTER"), "200 OK", headers=("Expires: 300",))
    phone.wait("registration", state="registered")
    assert not [event for event in phone.events() if event["event"] == "realm"]


def test_md5_ha1(make_phone: MakePhone, asterisk: Asterisk) -> None:
    """An MD5 HA1 stands for the password (RFC 2617 §3.2.2.2)."""
    phone = make_phone()
    add(phone, asterisk, MAX, credential="md5", realm=REALM, secret=MAX.ha1("md5"))
    registered(phone, asterisk, MAX)


def test_sha256_ha1(make_phone: MakePhone, asterisk: Asterisk) -> None:
    """So does a SHA-256 HA1 (RFC 7616 §3.4.2), for registering and for calling, in upper case as well."""
    phone = make_phone()
    secret = SHIRLEY.ha1("sha256").upper()
    add(phone, asterisk, SHIRLEY, credential="sha-256", realm=REALM, secret=secret)
    registered(phone, asterisk, SHIRLEY)
    phone.do("dial", uri=asterisk.uri(ECHO), account=SHIRLEY.user)
    phone.wait("dialog", state="connected")


def test_hash_of_another_kind_is_told(make_phone: MakePhone, asterisk: Asterisk) -> None:
    """An MD5 HA1 is worth nothing to a server that asks for SHA-256."""
    phone = make_phone()
    add(phone, asterisk, SHIRLEY, credential="md5", realm=REALM, secret=SHIRLEY.ha1("md5"))
    failed = phone.wait("registration", state="failed")
    assert failed["reason"].startswith("The server asks for a digest of another realm or kind")


def test_several_accounts(make_phone: MakePhone, asterisk: Asterisk) -> None:
    """Accounts over UDP and TCP are registered side by side."""
    phone = make_phone()
    add(phone, asterisk, ALICE)
    add(phone, asterisk, BOB, transport="tcp")
    add(phone, asterisk, MAX)
    assert {phone.wait("registration", state="registered")["account"] for _ in range(3)} == {
        account.user for account in (ALICE, BOB, MAX)
    }
    assert all(asterisk.is_registered(account) for account in (ALICE, BOB, MAX))


def test_seventh_account_is_refused_in_words(make_phone: MakePhone, asterisk: Asterisk) -> None:
    """pjsua2 has room for six accounts besides our own, and one that is closed makes room again."""
    phone = make_phone()
    for number in range(6):
        add(phone, asterisk, ALICE, name=str(number))
        phone.wait("registration", account=str(number), state="registered")
    add(phone, asterisk, BOB)
    failed = phone.wait("registration", account=BOB.user, state="failed")
    assert failed["reason"] == "Parley can keep no more than 6 accounts."
    phone.do("close_account", name="0")
    phone.do("register", name=BOB.user)
    phone.wait("registration", account=BOB.user, state="registered")


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_wrong_password(make_phone: MakePhone, asterisk: Asterisk, transport: str) -> None:
    """It is told as such, and not tried again before minutes have passed."""
    phone = make_phone()
    add(phone, asterisk, ALICE, secret="wrong", transport=transport)
    failed = phone.wait("registration", state="failed", status=401)
    assert failed["reason"] == "The server refuses the password (or the user name)."
    assert "Next attempt in" in phone.errors.read_text()
    delay = float(phone.errors.read_text().rpartition("Next attempt in ")[2].split()[0])
    assert delay >= 300


def test_missing_password(make_phone: MakePhone, asterisk: Asterisk) -> None:
    """An account without a secret says what is missing."""
    phone = make_phone()
    add(phone, asterisk, ALICE, secret=None)
    failed = phone.wait("registration", state="failed")
    assert failed["reason"] == "The server asks for a password, and this account has none."


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_closed_port(make_phone: MakePhone, closed_port: str, transport: str) -> None:
    """It is told at once, with address and port."""
    phone = make_phone()
    phone.do("account", name="a", uri=f"sip:a@{closed_port}", auth_user="a", secret="x", transport=transport)
    failed = phone.wait("registration", state="failed")
    assert failed["reason"] == f"{closed_port} refuses the connection: nothing listens on that port."


def test_unknown_host(make_phone: MakePhone) -> None:
    """A name that does not exist is told as such."""
    phone = make_phone()
    phone.do("account", name="a", uri="sip:a@no-such-host.invalid", auth_user="a", secret="x")
    reason = phone.wait("registration", state="failed")["reason"]
    assert reason.startswith("no-such-host.invalid is not known")


def test_unreachable_network(make_phone: MakePhone) -> None:
    """A phone bound to loopback has no way to TEST-NET (RFC 5737)."""
    phone = make_phone()
    phone.do("account", name="a", uri="sip:a@192.0.2.1", auth_user="a", secret="x")
    assert "192.0.2.1:5060 cannot be reached" in phone.wait("registration", state="failed")["reason"]


def test_registers_again_when_the_server_is_back(make_phone: MakePhone, make_peer: MakePeer) -> None:
    """After a refusal that time can cure the phone tries again by itself."""
    phone, server = make_phone(), make_peer()
    phone.do("account", name="a", uri=f"sip:a@{server.host}:{server.port}", auth_user="a", secret="x")
    server.respond(server.receive("REGISTER"), "503 Service Unavailable")
    assert phone.wait("registration", state="failed")["status"] == 503
    server.respond(server.receive("REGISTER"), "200 OK", headers=("Expires: 300",))
    phone.wait("registration", state="registered")


def test_outbound_proxy(make_phone: MakePhone, make_peer: MakePeer) -> None:
    """Everything goes to the proxy; the domain of the account is never looked up."""
    phone, proxy = make_phone(), make_peer()
    phone.do(
        "account",
        name="a",
        uri="sip:a@lab.example",
        auth_user="a",
        secret="x",
        proxy=f"sip:{proxy.host}:{proxy.port}",
    )
    register = proxy.receive("REGISTER")
    assert register.startswith("REGISTER sip:lab.example SIP/2.0")
    assert message.header(register, "Route") == f"<sip:{proxy.host}:{proxy.port};lr>"
    proxy.respond(register, "200 OK", headers=("Expires: 300",))
    phone.wait("registration", state="registered")
    phone.do("dial", uri="sip:b@lab.example", account="a")
    invite = proxy.receive("INVITE")
    assert invite.startswith("INVITE sip:b@lab.example SIP/2.0")
    assert message.header(invite, "From").startswith("<sip:a@lab.example>")


def test_route_to_the_server_is_not_sent(make_phone: MakePhone, make_peer: MakePeer) -> None:
    """The address that we looked up stays here: without a proxy there is no Route header."""
    phone, server = make_phone(), make_peer()
    phone.do("account", name="a", uri=f"sip:a@{server.host}:{server.port}", auth_user="a", secret="x")
    register = server.receive("REGISTER")
    assert message.header(register, "Route") == ""
    assert register.startswith(f"REGISTER sip:{server.host}:{server.port} SIP/2.0")


def test_foreign_host_gets_neither_digest_nor_route(make_phone: MakePhone, make_peer: MakePeer) -> None:
    """A call to another host goes there directly, under the account's name but without its password."""
    phone, server, other = make_phone(), make_peer(), make_peer()
    phone.do("account", name="a", uri=f"sip:a@{server.host}:{server.port}", auth_user="a", secret="x")
    server.respond(server.receive("REGISTER"), "200 OK", headers=("Expires: 300",))
    phone.wait("registration", state="registered")
    phone.do("dial", uri=other.uri, account="a")
    invite = other.receive("INVITE")
    assert message.header(invite, "From").startswith(f"<sip:a@{server.host}")
    challenge = 'WWW-Authenticate: Digest realm="r", nonce="n", algorithm=MD5, qop="auth"'
    other.respond(invite, "401 Unauthorized", headers=(challenge,))
    assert phone.wait("dialog", state="ended")["status"] == 401
    assert not any("Authorization:" in text for text in other.rest())


def test_closing_an_account_unregisters_it(make_phone: MakePhone, asterisk: Asterisk) -> None:
    """The server forgets it, and the other accounts stay."""
    phone = make_phone()
    for account in (ALICE, BOB):
        add(phone, asterisk, account)
        registered(phone, asterisk, account)
    phone.do("close_account", name=ALICE.user)
    eventually(lambda: not asterisk.is_registered(ALICE), within=STEP_S, what="it is forgotten")
    assert asterisk.is_registered(BOB)


def test_ending_unregisters_every_account(make_phone: MakePhone, asterisk: Asterisk) -> None:
    """Nothing is left at the server."""
    phone = make_phone()
    for account, transport in ((ALICE, "udp"), (BOB, "tcp")):
        add(phone, asterisk, account, transport=transport)
        registered(phone, asterisk, account)
    assert phone.quit() == 0
    assert not asterisk.is_registered(ALICE)
    assert not asterisk.is_registered(BOB)


def test_tls_is_refused_in_words(make_phone: MakePhone) -> None:
    """The OpenSSL inside pjsua2's wheel is too old to be trusted."""
    phone = make_phone()
    phone.do("account", name="a", uri="sip:a@127.0.0.1", auth_user="a", secret="x", transport="tls")
    assert "TLS" in phone.wait("error")["text"]
