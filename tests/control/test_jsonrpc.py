"""JSON-RPC 2.0 without a transport: the specification's rules, and any text at all."""

from __future__ import annotations

import json
import logging
from collections.abc import Coroutine, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phone.control import jsonrpc
from phone.control.contract import REFUSED, ControlError
from phone.control.jsonrpc import Notification, Response
from phone.errors import PhoneError

SECRET = "never to be told"


async def call(method: str, params: Mapping[str, Any]) -> object:
    """A backend of a few methods."""
    match method:
        case "echo":
            return dict(params)
        case "refuse":
            raise PhoneError("No.")
        case "missing":
            raise ControlError("There is no such method.", jsonrpc.METHOD_NOT_FOUND)
        case "break":
            raise KeyError(SECRET)
        case _:
            return object()


def finish(coroutine: Coroutine[Any, Any, str | None]) -> str | None:
    """Run a coroutine that waits for nothing."""
    try:
        coroutine.send(None)
    except StopIteration as stopped:
        answer: str | None = stopped.value
        return answer
    raise AssertionError("it waits")


def answer(text: str) -> Any:
    """Return what is answered, parsed; ``None``: nothing is."""
    answered = finish(jsonrpc.answer(text, call))
    return None if answered is None else json.loads(answered)


def code(text: str) -> int:
    """Return the code of the error that is answered."""
    answered = answer(text)
    assert answered.keys() == {"jsonrpc", "error", "id"}
    assert answered["jsonrpc"] == "2.0"
    number: int = answered["error"]["code"]
    return number


@pytest.mark.parametrize("identifier", [1, "one", 1.5, None])
def test_result_has_the_id_of_the_request(identifier: object) -> None:
    """Text, number, or null where the request says null."""
    request = {"jsonrpc": "2.0", "method": "echo", "params": {"a": 1}, "id": identifier}
    assert answer(json.dumps(request)) == {"jsonrpc": "2.0", "result": {"a": 1}, "id": identifier}


def test_params_may_be_left_out() -> None:
    """A method without parameters needs none."""
    assert answer('{"jsonrpc": "2.0", "method": "echo", "id": 1}')["result"] == {}


@pytest.mark.parametrize("method", ["echo", "refuse", "missing", "break", "odd"])
def test_notification_gets_no_answer(method: str) -> None:
    """Not even an error."""
    assert answer(json.dumps({"jsonrpc": "2.0", "method": method})) is None


@pytest.mark.parametrize(
    "text", ["", "{", "[1,", "nothing", "NaN", '{"id": Infinity}', "[" * 100_000, "1" * 5000]
)
def test_what_is_no_json_is_a_parse_error(text: str) -> None:
    """Python's own additions to JSON, its recursion limit and its limit on digits too."""
    assert code(text) == jsonrpc.PARSE_ERROR


@pytest.mark.parametrize(
    "text",
    [
        "1",
        "null",
        "[]",
        "{}",
        '{"method": "echo", "id": 1}',
        '{"jsonrpc": "1.0", "method": "echo", "id": 1}',
        '{"jsonrpc": "2.0", "method": 1, "id": 1}',
        '{"jsonrpc": "2.0", "id": 1}',
        '{"jsonrpc": "2.0", "method": "echo", "id": true}',
        '{"jsonrpc": "2.0", "method": "echo", "id": [1]}',
        '{"jsonrpc": "2.0", "method": "echo", "id": 1e999}',
        json.dumps([1] * (jsonrpc.MOST_IN_BATCH + 1)),
    ],
)
def test_what_is_no_request_is_invalid(text: str) -> None:
    """JSON, but not JSON-RPC 2.0; or more of it than anybody needs."""
    assert code(text) == jsonrpc.INVALID_REQUEST


def test_params_by_position_are_refused() -> None:
    """Every parameter has a name."""
    assert code('{"jsonrpc": "2.0", "method": "echo", "params": [1], "id": 1}') == jsonrpc.INVALID_PARAMS


def test_batch_is_answered_as_a_batch() -> None:
    """Each request by its id, the notification not at all, the nonsense with a null id."""
    requests = [
        {"jsonrpc": "2.0", "method": "echo", "id": 1},
        {"jsonrpc": "2.0", "method": "echo"},
        7,
        {"jsonrpc": "2.0", "method": "refuse", "id": 2},
    ]
    answered = answer(json.dumps(requests))
    assert [(one["id"], "result" in one) for one in answered] == [(1, True), (None, False), (2, False)]


def test_batch_of_notifications_gets_no_answer() -> None:
    """An empty list would be no JSON-RPC."""
    assert answer('[{"jsonrpc": "2.0", "method": "echo"}]') is None


def test_refusal_is_told_in_its_own_words() -> None:
    """A sentence for people, and a code for programs."""
    answered = answer('{"jsonrpc": "2.0", "method": "refuse", "id": 1}')
    assert answered["error"] == {"code": REFUSED, "message": "No."}


def test_code_of_an_error_is_kept() -> None:
    """Method not found is one of JSON-RPC's own."""
    assert code('{"jsonrpc": "2.0", "method": "missing", "id": 1}') == jsonrpc.METHOD_NOT_FOUND


@pytest.mark.parametrize("method", ["break", "odd"])
def test_mistake_of_ours_is_logged_and_not_told(method: str, caplog: pytest.LogCaptureFixture) -> None:
    """No traceback and no detail reaches the client, be it in the method or in what it returned."""
    answered = answer(json.dumps({"jsonrpc": "2.0", "method": method, "id": 1}))
    assert answered["error"]["code"] == jsonrpc.INTERNAL_ERROR
    assert SECRET not in json.dumps(answered)
    assert "Traceback" not in json.dumps(answered)
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert record.exc_info is not None


def is_answer(document: object) -> bool:
    """Whether ``document`` is a response object (JSON-RPC 2.0 §5)."""
    return (
        isinstance(document, dict)
        and document.get("jsonrpc") == "2.0"
        and "id" in document
        and ("result" in document) is not ("error" in document)
    )


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
requests = st.fixed_dictionaries(
    {},
    optional={
        "jsonrpc": st.just("2.0") | json_values,
        "method": st.sampled_from(["echo", "refuse", "missing", "break", "odd"]) | json_values,
        "params": st.dictionaries(st.text(), json_values) | json_values,
        "id": json_values,
    },
)


@given(st.text() | (requests | st.lists(requests) | json_values).map(json.dumps))
def test_any_text_is_answered_by_json_rpc_or_not_at_all(text: str) -> None:
    """It raises nothing, and every answer is one line of ASCII that a strict reader takes."""
    answered = finish(jsonrpc.answer(text, call))
    if answered is None:
        return
    assert answered.isascii()
    assert "\n" not in answered
    document = json.loads(answered, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    assert all(map(is_answer, document)) if isinstance(document, list) else is_answer(document)


def test_client_reads_a_result() -> None:
    """By the id of its request."""
    answered = finish(jsonrpc.answer(jsonrpc.request("echo", {"a": "ä"}, 7), call))
    assert answered is not None
    assert jsonrpc.read(answered) == Response(7, {"a": "ä"}, None)


def test_client_reads_a_refusal() -> None:
    """As the error it raises."""
    answered = finish(jsonrpc.answer(jsonrpc.request("missing", {}, 7), call))
    assert answered is not None
    response = jsonrpc.read(answered)
    assert isinstance(response, Response)
    assert response.error is not None
    assert (str(response.error), response.error.code) == (
        "There is no such method.",
        jsonrpc.METHOD_NOT_FOUND,
    )


def test_client_reads_a_notification() -> None:
    """With its params."""
    assert jsonrpc.read(jsonrpc.notification("happened", {"event": "call"})) == Notification(
        "happened", {"event": "call"}
    )


@given(st.text() | json_values.map(json.dumps) | st.dictionaries(
    st.sampled_from(["id", "result", "error", "method", "params"]), json_values).map(json.dumps))  # fmt: skip
def test_client_reads_any_text_or_raises_control_error(text: str) -> None:
    """Also from something that only looks like the backend."""
    try:
        jsonrpc.read(text)
    except ControlError:
        return
