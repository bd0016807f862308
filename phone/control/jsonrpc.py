"""JSON-RPC 2.0: text in, text out; no transport, no event loop. Standard library only."""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from phone.control.contract import REFUSED, ControlError
from phone.errors import PhoneError

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603

MOST_IN_BATCH = 100

_log = logging.getLogger("parley.control")

Identifier = str | int | float | None
Call = Callable[[str, Mapping[str, Any]], Awaitable[object]]
"""Carries out a method; raises ControlError with a code, or PhoneError for a plain refusal."""


@dataclass(frozen=True, slots=True)
class Response:
    """The answer to the request with the same identifier."""

    identifier: Identifier
    result: Any
    error: ControlError | None


@dataclass(frozen=True, slots=True)
class Notification:
    """What the other side tells by itself."""

    method: str
    params: Any


# the side that asks


def request(method: str, params: Mapping[str, Any], identifier: int) -> str:
    """Return the text of a request."""
    return _text({"jsonrpc": "2.0", "method": method, "params": params, "id": identifier})


def read(text: str) -> Response | Notification:
    """Return what the backend has sent. Raise ControlError for anything else."""
    try:
        message = _parse(text)
        if "method" in message:
            return Notification(message["method"], message["params"])
        error = message.get("error")
        refusal = ControlError(str(error["message"]), int(error["code"])) if error is not None else None
        return Response(message["id"], message.get("result"), refusal)
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError) as error:
        raise ControlError("The backend has sent something that is no JSON-RPC.") from error


# the side that answers


def notification(method: str, params: Mapping[str, Any]) -> str:
    """Return the text of a notification."""
    return _text({"jsonrpc": "2.0", "method": method, "params": params})


async def answer(text: str, call: Call) -> str | None:
    """Have ``call`` carry out the request, or the batch of them, in ``text``.

    Return the text to send back; ``None`` when nothing is to be sent. Raises nothing.
    """
    try:
        document = _parse(text)
    except ValueError:
        return _failure(None, PARSE_ERROR, "This is not JSON.")
    if not isinstance(document, list):
        return await _answer_one(document, call)
    if not 0 < len(document) <= MOST_IN_BATCH:
        return _failure(None, INVALID_REQUEST, f"A batch has 1 to {MOST_IN_BATCH} requests.")
    answers = [reply for member in document if (reply := await _answer_one(member, call)) is not None]
    return f"[{','.join(answers)}]" if answers else None


async def _answer_one(document: Any, call: Call) -> str | None:
    if not isinstance(document, dict) or document.get("jsonrpc") != "2.0":
        return _failure(None, INVALID_REQUEST, "This is not a JSON-RPC 2.0 request.")
    method, params, identifier = document.get("method"), document.get("params", {}), document.get("id")
    if not _is_identifier(identifier):
        return _failure(None, INVALID_REQUEST, "The id of a request is text or a number.")
    if not isinstance(method, str):
        return _failure(identifier, INVALID_REQUEST, "A request names its method.")
    if isinstance(params, dict):
        reply = await _carry_out(method, params, identifier, call)
    else:
        reply = _failure(identifier, INVALID_PARAMS, "Parameters are given by name.")
    return reply if "id" in document else None


async def _carry_out(method: str, params: Mapping[str, Any], identifier: Identifier, call: Call) -> str:
    try:
        return _text({"jsonrpc": "2.0", "result": await call(method, params), "id": identifier})
    except ControlError as error:
        return _failure(identifier, error.code, str(error))
    except PhoneError as error:
        return _failure(identifier, REFUSED, str(error))
    except Exception:
        _log.exception("%s failed", method)
        return _failure(identifier, INTERNAL_ERROR, "Parley made a mistake; its log says more.")


def _is_identifier(value: object) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return value is None or (isinstance(value, str | int) and not isinstance(value, bool))


def _failure(identifier: Identifier, code: int, sentence: str) -> str:
    return _text({"jsonrpc": "2.0", "error": {"code": code, "message": sentence}, "id": identifier})


def _parse(text: str) -> Any:
    """Return the JSON value in ``text``. Raise ValueError."""
    try:
        return json.loads(text, parse_constant=_no_constant)
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _text(document: Mapping[str, Any]) -> str:
    """Return ``document`` as ASCII on one line."""
    return json.dumps(document, separators=(",", ":"), allow_nan=False)
