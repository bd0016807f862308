"""Every method of the contract, over the real socket: what it does, what it returns, what it refuses."""

from __future__ import annotations

import builtins
import contextlib
import json
import types
import typing
from typing import Any, get_args, get_origin, get_type_hints, is_typeddict

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from phone.control.client import Client
from phone.control.contract import METHODS, REFUSED, ControlError, Event
from phone.control.jsonrpc import INTERNAL_ERROR, INVALID_PARAMS, METHOD_NOT_FOUND
from phone.secret import Secret
from phone.sip.interface import Registration
from phone.zrtp.cache import CacheEntry, RetainedSecret, Zid
from tests.control.backend import BEN_ZID, SAS, SIP_ADDRESS, Backend

ALICE = "sip:alice@pbx.example"
BEN = "sip:ben@192.0.2.7"
PASSWORD = "Word-of-Alice"


def has_shape(value: object, shape: Any) -> bool:
    """Whether a JSON value is what the contract promises."""
    if is_typeddict(shape):
        return isinstance(value, dict) and has_members(value, get_type_hints(shape, include_extras=True))
    inner = get_args(shape)
    match get_origin(shape):
        case typing.Union | types.UnionType:
            return any(has_shape(value, choice) for choice in inner)
        case typing.Literal:
            return value in inner
        case builtins.list:
            return isinstance(value, list) and all(has_shape(one, inner[0]) for one in value)
        case builtins.dict:
            return isinstance(value, dict) and all(has_shape(one, inner[1]) for one in value.values())
    kinds: dict[Any, Any] = {float: (int, float), None: type(None)}
    return isinstance(value, kinds.get(shape, shape))


def has_members(value: dict[str, object], hints: dict[str, Any]) -> bool:
    """Whether a JSON object has the members that a TypedDict names, and no others."""
    optional = {name for name, hint in hints.items() if get_origin(hint) is typing.NotRequired}
    return hints.keys() - optional <= value.keys() <= hints.keys() and all(
        has_shape(member, get_args(hints[name])[0] if name in optional else hints[name])
        for name, member in value.items()
    )


def ask(client: Client, method: str, **params: object) -> Any:
    """Call a method, and see that it returns what the contract says."""
    result = client.request(method, params)
    assert has_shape(result, METHODS[method].result), result
    return result


def refusal(client: Client, method: str, **params: object) -> ControlError:
    """Call a method that has to refuse."""
    with pytest.raises(ControlError) as raised:
        client.request(method, params)
    return raised.value


@pytest.fixture
def talking(backend: Backend, client: Client) -> Backend:
    """A secure call with Ben."""
    client.request("call.dial", {"target": BEN})
    backend.connect()
    backend.secure()
    return backend


@pytest.fixture
def met(backend: Backend) -> Backend:
    """Ben's phone is known and verified."""

    def meet() -> None:
        backend.trust.met(BEN_ZID, BEN)
        rs1 = RetainedSecret(Secret(b"r" * 32))
        backend.trust.save(BEN_ZID, CacheEntry(rs1, sas_verified=True))
        backend.trust.set_name(BEN_ZID, "Ben")

    backend.do(meet)
    return backend


def test_status_of_an_idle_backend(client: Client) -> None:
    """Its address, no accounts, no calls."""
    assert ask(client, "status") == {"sip": SIP_ADDRESS, "accounts": [], "calls": []}


def test_account_is_added_with_its_secret(backend: Backend, client: Client) -> None:
    """The SIP stack gets the secret; nobody who asks does."""
    added = ask(client, "account.add", uri=ALICE, secret=PASSWORD, transport="tcp", name="Alice")
    assert (added["id"], added["transport"], added["name"]) == ("alice@pbx.example", "tcp", "Alice")
    assert backend.sip_accounts[0].settings.secret == Secret(PASSWORD.encode())
    for method in ("status", "account.list", "account.show"):
        assert PASSWORD not in json.dumps(ask(client, method))


def test_accounts_are_listed_in_order(client: Client) -> None:
    """As they were added."""
    ask(client, "account.add", uri="sip:zoe@pbx.example")
    ask(client, "account.add", uri=ALICE)
    assert [one["id"] for one in ask(client, "account.list")] == ["zoe@pbx.example", "alice@pbx.example"]


def test_edit_changes_what_is_named_and_nothing_else(backend: Backend, client: Client) -> None:
    """The secret and the other fields stay."""
    before = ask(client, "account.add", uri=ALICE, secret=PASSWORD, proxy="sip:proxy.example")
    after = ask(client, "account.edit", account=before["id"], name="Alice")
    assert {**after, "state": ""} == {**before, "name": "Alice", "state": ""}
    assert backend.sip_accounts[-1].settings.secret == Secret(PASSWORD.encode())


def test_edit_can_take_the_proxy_away(client: Client) -> None:
    """By an empty text: null would be no change."""
    ask(client, "account.add", uri=ALICE, proxy="sip:proxy.example")
    assert ask(client, "account.edit", proxy="")["proxy"] is None


def test_edit_can_change_the_secret(backend: Backend, client: Client) -> None:
    """The account registers with the new one."""
    ask(client, "account.add", uri=ALICE, secret="old")
    ask(client, "account.edit", secret=PASSWORD)
    assert backend.sip_accounts[-1].settings.secret == Secret(PASSWORD.encode())


def test_account_that_sip_refuses_is_not_kept(backend: Backend, client: Client) -> None:
    """Neither for now nor for the next backend of this home, which starts."""
    assert refusal(client, "account.add", uri=ALICE, secret=PASSWORD, transport="tls").code == REFUSED
    assert ask(client, "account.list") == []
    assert not backend.home.secrets.exists()
    backend.close()
    with contextlib.closing(Backend(backend.home.folder)) as successor, successor.client() as other:
        assert ask(other, "account.list") == []


def test_edit_that_sip_refuses_changes_nothing(backend: Backend, client: Client) -> None:
    """The account goes on as it was, with its old secret."""
    before = ask(client, "account.add", uri=ALICE, secret=PASSWORD)
    assert refusal(client, "account.edit", transport="tls", secret="new").code == REFUSED
    assert {**ask(client, "account.show"), "state": ""} == {**before, "state": ""}
    assert not backend.sip_accounts[-1].closed
    assert backend.sip_accounts[-1].settings.secret == Secret(PASSWORD.encode())


def test_account_may_be_named_by_its_address(client: Client) -> None:
    """As well as by its id."""
    ask(client, "account.add", uri=ALICE)
    assert ask(client, "account.edit", account=ALICE, name="Alice")["name"] == "Alice"
    ask(client, "account.remove", account=ALICE)
    assert ask(client, "account.list") == []


def test_removed_account_is_gone(backend: Backend, client: Client) -> None:
    """With its secret."""
    ask(client, "account.add", uri=ALICE, secret=PASSWORD)
    ask(client, "account.remove", account="alice@pbx.example")
    assert ask(client, "account.list") == []
    assert PASSWORD not in backend.home.secrets.read_text()


@pytest.mark.usefixtures("cheap_scrypt")
def test_account_tells_to_whom_its_calls_prove_its_secret(client: Client) -> None:
    """To nobody, until it names a realm."""
    ask(client, "account.add", uri=ALICE, secret=PASSWORD)
    assert ask(client, "account.show")["proves_to"] is None
    ask(client, "account.edit", realm="asterisk")
    assert ask(client, "account.show")["proves_to"] == "asterisk"


@pytest.mark.usefixtures("cheap_scrypt")
def test_random_keys_of_an_account(client: Client) -> None:
    """Made or given, and taken away; a key that was given is not returned."""
    ask(client, "account.add", uri=ALICE, realm="asterisk")
    made = ask(client, "account.key", kind="aux", make=True)
    assert len(bytes.fromhex(made["made"])) == 32
    given = ask(client, "account.key", kind="proof", key="5a" * 32)
    assert (given["made"], given["account"]["keys"]) == (None, ["aux", "proof"])
    assert given["account"]["proves_to"] == "asterisk"
    assert ask(client, "account.key", kind="aux")["account"]["keys"] == ["proof"]
    assert "given or made" in str(refusal(client, "account.key", kind="aux", key="5a" * 32, make=True))


@pytest.mark.usefixtures("cheap_scrypt")
def test_secret_of_a_caller_is_kept(client: Client) -> None:
    """For callers of an account and for those without a server; a digest of another form is refused."""
    ask(client, "account.add", uri=ALICE)
    kept = {"user": "ben", "realm": "asterisk", "secret": PASSWORD}
    at_alice = ask(client, "secret.keep", account=ALICE, **kept)
    key = {"credential": "key", "secret": "5a" * 32, "remember": False, "beside": True}
    without = ask(client, "secret.keep", **(kept | key))
    assert (at_alice["account"], at_alice["forms"]) == ("alice@pbx.example", ["md5", "sha-256"])
    assert (without["account"], without["forms"]) == (None, ["key"])
    assert ask(client, "secret.list") == [at_alice, without]
    ask(client, "secret.forget", caller="ben", account=ALICE)
    assert ask(client, "secret.list") == [without]
    assert "without a server" in str(refusal(client, "secret.forget", caller="nobody"))
    assert "32 bytes" in str(refusal(client, "secret.keep", credential="md5", **kept))
    assert "There is no account" in str(refusal(client, "secret.keep", account="nobody", **kept))


def test_account_test_waits_for_the_registrar(backend: Backend, client: Client) -> None:
    """And tells its answer, good or bad."""
    ask(client, "account.add", uri=ALICE)
    assert ask(client, "account.test")["state"] == "registered"
    backend.registrar.state = Registration.FAILED
    backend.registrar.reason = "The server refused the password."
    tested = ask(client, "account.test")
    assert (tested["state"], tested["reason"]) == ("failed", "The server refused the password.")


def test_account_test_does_not_keep_others_waiting(backend: Backend, client: Client) -> None:
    """A registrar that never answers stops only those who asked for it."""
    backend.registrar.state = None
    ask(client, "account.add", uri=ALICE)
    with backend.client() as other:
        other._socket.sendall(b'{"jsonrpc":"2.0","method":"account.test","id":99}\n')
        assert ask(other, "status")["accounts"][0]["state"] == "registering"
    assert ask(client, "status")["accounts"][0]["state"] == "registering"


def test_account_may_be_left_out_where_there_is_only_one(client: Client) -> None:
    """And has to be named where there are several, or none."""
    assert str(refusal(client, "account.show")) == "There is no account."
    ask(client, "account.add", uri=ALICE)
    assert ask(client, "account.show")["uri"] == ALICE
    ask(client, "account.add", uri="sip:bob@pbx.example")
    assert "alice@pbx.example, bob@pbx.example" in str(refusal(client, "account.show"))


def test_call_goes_through_its_life(backend: Backend, client: Client) -> None:
    """Dialled, answered, secured, held, resumed, muted, ended; and then in the history."""
    dialled = ask(client, "call.dial", target=BEN)
    assert (dialled["state"], dialled["direction"], dialled["account"]) == ("calling", "outgoing", None)
    backend.connect()
    backend.secure()
    (call,) = ask(client, "status")["calls"]
    assert (call["state"], call["level"], call["sas"]) == ("connected", "ENCRYPTED", SAS)
    assert call["algorithms"]["key_agreement"] == "X255"
    assert ask(client, "call.hold")["held"]
    assert not ask(client, "call.resume", call=call["id"])["held"]
    assert ask(client, "call.mute", muted=True)["muted"]
    assert not ask(client, "call.mute", muted=False)["muted"]
    ask(client, "call.dtmf", digits="42#")
    ask(client, "call.hang_up")
    assert backend.sip_call.asked == ["hold", "resume", "dtmf 42#", "hang up"]
    backend.end()
    assert ask(client, "status")["calls"] == []
    (past,) = ask(client, "history")
    assert (past["uri"], past["direction"], past["reason"]) == (BEN, "outgoing", "Hung up here.")


@pytest.mark.parametrize(("method", "asked"), [("call.answer", "answer"), ("call.reject", "reject 486")])
def test_incoming_call_is_answered_or_rejected(
    backend: Backend, client: Client, method: str, asked: str
) -> None:
    """The only call that rings need not be named."""
    backend.ring()
    assert ask(client, method)["direction"] == "incoming"
    assert backend.sip_call.asked == [asked]


@pytest.mark.parametrize(
    ("params", "asked"),
    [({"how": "decline"}, "reject 603"), ({"to": "sip:carol@192.0.2.9"}, "reject 302 sip:carol@192.0.2.9")],
)
def test_caller_is_refused_as_asked(
    backend: Backend, client: Client, params: dict[str, str], asked: str
) -> None:
    """Declined, or sent to somebody else."""
    backend.ring()
    ask(client, "call.reject", **params)
    assert backend.sip_call.asked == [asked]


def test_contacts_are_added_found_edited_and_removed(backend: Backend, client: Client) -> None:
    """And named in the calls that go on."""
    backend.ring()
    ask(client, "contacts.add", name="Benjamin", address=BEN)
    assert ask(client, "status")["calls"][0]["remote_name"] == "Benjamin"
    assert ask(client, "call.suggest", text="benj") == [{"name": "Benjamin", "address": BEN}]
    assert ask(client, "contacts.edit", contact="benjamin", policy="require")["policy"] == "require"
    document = ask(client, "contacts.export")
    assert ask(client, "contacts.remove", contact="Benjamin") is None
    assert ask(client, "contacts.import", document=document) == 1
    assert [contact["name"] for contact in ask(client, "contacts.list", text="ben")] == ["Benjamin"]
    assert refusal(client, "contacts.add", name="BENJAMIN", address=BEN).code == REFUSED


def test_redial_and_an_empty_history(backend: Backend, client: Client) -> None:
    """There is somebody to call again until the history is cleared."""
    client.request("call.dial", {"target": BEN})
    backend.end()
    assert ask(client, "call.redial")["remote_uri"] == BEN
    backend.end()
    assert ask(client, "history.clear") is None
    assert ask(client, "history") == []
    assert str(refusal(client, "call.redial")) == "Nobody has been called yet."


def test_transfer_is_asked_for_and_shown(talking: Backend, client: Client) -> None:
    """The other side's own answer is yet to come."""
    told = ask(client, "call.transfer", target="sip:carol@192.0.2.9")
    assert (told["transfer"]["target"], told["transfer"]["state"]) == ("sip:carol@192.0.2.9", "asked")
    assert talking.sip_call.asked == ["transfer sip:carol@192.0.2.9"]
    assert "already" in str(refusal(client, "call.transfer", target="sip:dave@192.0.2.9"))


def test_two_calls_are_joined_and_passed_on(talking: Backend, client: Client) -> None:
    """Each names the other; the first is sent to the second."""
    client.request("call.dial", {"target": "sip:carol@192.0.2.9"})
    talking.connect()
    assert [call["conference"] for call in ask(client, "call.conference", calls=["1", "2"])] == [["2"], ["1"]]
    assert ask(client, "call.transfer_to", call="1", to="2")["transfer"]["target"] == "sip:carol@192.0.2.9"


def test_right_code_verifies(talking: Backend, client: Client) -> None:
    """And gives the phone its name."""
    assert ask(client, "call.verify", code=SAS.upper(), name="Benjamin")["level"] == "VERIFIED"
    (peer,) = ask(client, "peers.list")
    assert (peer["name"], peer["zid"]) == ("Benjamin", BEN_ZID.hex())
    assert peer["verified_since"] is not None


def test_wrong_code_is_refused_with_an_alarm(talking: Backend, client: Client) -> None:
    """One sentence; the call shows it too."""
    error = refusal(client, "call.verify", code="yyyy")
    assert error.code == REFUSED
    assert "do not match" in str(error)
    assert ask(client, "status")["calls"][0]["alarm"] == "Codes do not match"


def test_unencrypted_call_may_be_allowed(backend: Backend, client: Client) -> None:
    """The user has read the notice."""
    ask(client, "call.dial", target=BEN)
    ask(client, "call.allow_clear")
    assert backend.leg is not None
    assert backend.leg.clear_allowed


def test_peer_is_shown_renamed_and_unverified(met: Backend, client: Client) -> None:
    """By name or ZID."""
    assert ask(client, "peers.show", peer=BEN_ZID.hex())["name"] == "Ben"
    assert ask(client, "peers.rename", peer="Ben", name="Benjamin")["name"] == "Benjamin"
    assert ask(client, "peers.unverify", peer="Benjamin")["verified_since"] is None


def test_forgotten_peer_is_unknown(met: Backend, client: Client) -> None:
    """Also by its ZID."""
    ask(client, "peers.forget", peer="Ben")
    assert ask(client, "peers.list") == []
    assert refusal(client, "peers.show", peer=BEN_ZID.hex()).code == REFUSED


def test_exported_peers_can_be_imported(met: Backend, client: Client) -> None:
    """By whoever does not know them."""
    document = ask(client, "peers.export")
    assert ask(client, "peers.import", document=document) == 0
    ask(client, "peers.forget", peer="Ben")
    assert ask(client, "peers.import", document=document) == 1
    assert ask(client, "peers.show", peer="Ben")["verified_since"] is None


def test_history_returns_as_many_as_asked_for(backend: Backend, client: Client) -> None:
    """The latest first."""
    for status in (486, 603):
        ask(client, "call.dial", target=BEN)
        backend.end(status, "No")
    assert [call["reason"] for call in ask(client, "history", count=1)] == ["Declined."]


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("call.dial", {"target": "sip:"}),
        ("call.dial", {"target": "102"}),
        ("call.dial", {"target": "sip:ben@nowhere.example"}),
        ("call.dial", {"target": BEN, "account": "nobody"}),
        ("call.hang_up", {}),
        ("call.hang_up", {"call": "7"}),
        ("account.add", {"uri": "alice"}),
        ("account.add", {"uri": ALICE, "credential": "md5", "secret": "no digest"}),
        ("account.show", {"account": "nobody"}),
        ("peers.show", {"peer": "nobody"}),
        ("peers.import", {"document": "nonsense"}),
    ],
)
def test_what_cannot_be_done_is_refused(client: Client, method: str, params: dict[str, Any]) -> None:
    """With a sentence, and the code that says that the request itself was good."""
    error = refusal(client, method, **params)
    assert error.code == REFUSED
    assert str(error).endswith(".")


def test_unknown_method_is_refused(client: Client) -> None:
    """By name."""
    error = refusal(client, "call.explode")
    assert error.code == METHOD_NOT_FOUND
    assert "call.explode" in str(error)


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("status", {"verbose": True}),
        ("call.dial", {}),
        ("call.dial", {"target": None}),
        ("call.dial", {"target": 102}),
        ("call.dial", {"target": "\ud800"}),
        ("call.mute", {"muted": "yes"}),
        ("call.mute", {"muted": 1}),
        ("account.add", {"uri": ALICE, "transport": "carrier pigeon"}),
        ("account.add", {"uri": ALICE, "secret": {"value": PASSWORD}}),
        ("history", {"count": True}),
        ("history", {"count": 1 << 63}),
        ("history", {"count": 1.5}),
    ],
)
def test_wrong_parameters_are_refused(client: Client, method: str, params: dict[str, Any]) -> None:
    """By name; the value is not repeated, it may be a secret."""
    error = refusal(client, method, **params)
    assert error.code == INVALID_PARAMS
    assert PASSWORD not in str(error)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
names = sorted({name for method in METHODS.values() for name in get_type_hints(method.params)})


@given(
    st.sampled_from(sorted(set(METHODS) - {"account.test"})),
    st.dictionaries(st.sampled_from(names), json_values, max_size=4),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_parameters_are_carried_out_or_refused(
    client: Client, method: str, params: dict[str, Any]
) -> None:
    """None of them makes the backend stumble."""
    try:
        client.request(method, params)
    except ControlError as error:
        assert error.code != INTERNAL_ERROR  # noqa: PT017  # success is as good


def test_what_happens_is_told(backend: Backend) -> None:
    """In order, each with the whole call or account, to whoever has subscribed."""
    with backend.client() as listener, backend.client() as other:
        happened = listener.events()
        other.request("account.add", {"uri": ALICE})
        backend.ring()
        backend.press("4")
        backend.end()
        seen: list[Event] = []
        while not seen or seen[-1]["event"] != "call.ended":
            seen.append(next(happened))
    assert all(has_shape(event, Event) for event in seen)
    assert [event["event"] for event in seen if event["event"] not in ("call", "account")] == [
        "edited",
        "call.incoming",
        "dtmf",
        "call.ended",
    ]
    assert seen[-1]["call"]["state"] == "ended"
    assert any("account" in event for event in seen)


def test_what_one_client_edits_the_others_hear_of(backend: Backend) -> None:
    """By its kind; what was refused changes nothing."""
    with backend.client() as listener, backend.client() as other:
        happened = listener.events()
        with pytest.raises(ControlError):
            other.request("contacts.remove", {"contact": "Ben"})
        other.request("contacts.add", {"name": "Ben", "address": BEN})
        other.request("history.clear", {})
        assert [next(happened), next(happened)] == [
            {"event": "edited", "edited": "contacts"},
            {"event": "edited", "edited": "history"},
        ]


def test_contract_and_methods_agree(client: Client) -> None:
    """Every method of the contract is there."""
    for method in METHODS:
        try:
            client.request(method, {"no such parameter": 1})
        except ControlError as error:
            assert error.code == INVALID_PARAMS  # noqa: PT017  # subscribing takes anything


def test_stranger_zid_is_nobodys(met: Backend, client: Client) -> None:
    """A ZID that was never met."""
    assert refusal(client, "peers.show", peer=Zid(b"x" * 12).hex()).code == REFUSED


def test_algorithms_by_the_users_choice(client: Client, backend: Backend) -> None:
    """Chosen, shown, in force, taken back."""
    kinds = {offer["kind"]: offer for offer in ask(client, "algorithms.list")}
    assert kinds["ciphers"]["offered"] == ["AES1", "AES3"]
    assert not kinds["ciphers"]["chosen"]
    chosen = ask(client, "algorithms.set", kind="ciphers", names=["AES3"])
    assert (chosen["offered"], chosen["mandatory"], chosen["chosen"]) == (["AES3", "AES1"], ["AES1"], True)
    assert backend.do(backend.algorithms.configuration).names()["ciphers"] == ["AES3", "AES1"]
    assert ask(client, "algorithms.reset", kind="ciphers") == [*kinds.values()]


def test_algorithms_that_cannot_be_chosen(client: Client) -> None:
    """What is wrong is named."""
    unknown = refusal(client, "algorithms.set", kind="hashes", names=["MD5"])
    assert (unknown.code, str(unknown).startswith("'MD5' is none of the hashes")) == (REFUSED, True)
    for wrong in (
        {"kind": "hash", "names": ["S256"]},
        {"kind": "hashes", "names": "S256"},
        {"kind": "hashes", "names": [256]},
        {"kind": "hashes"},
    ):
        assert refusal(client, "algorithms.set", **wrong).code == INVALID_PARAMS
