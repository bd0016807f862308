"""The file of ``parley service run``."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phone.service.description import Kind, read
from phone.service.errors import ServiceError

ACCOUNT = '[[account]]\nuri = "sip:echo@pbx.example"\n'


def write(folder: Path, text: str, mode: int = 0o600) -> Path:
    """Write a file for the service."""
    file = folder / "service.toml"
    file.write_text(text)
    file.chmod(mode)
    return file


def test_short_file_has_sensible_defaults(tmp_path: Path) -> None:
    """An echo for four callers."""
    (end,) = read(write(tmp_path, ACCOUNT, 0o644))
    assert (end.kind, end.calls, end.policy, end.port, end.secret, end.callers) == (
        Kind.ECHO,
        4,
        "prefer",
        5060,
        None,
        (),
    )


def test_callers_and_secrets_are_read(tmp_path: Path) -> None:
    """And no secret is in what can be printed."""
    (tmp_path / "own").write_text("of the service\n")
    (tmp_path / "own").chmod(0o600)
    text = ACCOUNT + (
        'secret_file = "own"\n[[account.caller]]\nnumber = "101"\nuser = "alice"\nrealm = "pbx"\n'
        'secret = "wonderland"\n'
    )
    (end,) = read(write(tmp_path, text))
    assert end.secret is not None
    assert end.secret.reveal() == b"of the service"
    (caller,) = end.callers
    assert (caller.caller, caller.user, caller.realm, caller.credential) == (
        "101",
        "alice",
        "pbx",
        "password",
    )
    assert "wonderland" not in repr(end)
    assert "of the service" not in repr(end)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no [[account]]"),
        ("account = 3", "account has to be a list"),
        ("account = [3]", "has to be written [[account]]"),
        ("[[account]]", "account 1: uri is missing"),
        ('[[account]]\nuri = "echo"', "account 1: uri has to be sip:"),
        (ACCOUNT + 'does = "dance"', "does has to be one of echo, announcement, voicemail, park"),
        (ACCOUNT + 'does = "announcement"', "sound is missing"),
        (ACCOUNT + 'sound = "none.wav"', "which cannot be read"),
        (ACCOUNT + "calls = 0", "calls has to be from 1 to 64"),
        (ACCOUNT + "calls = true", "calls has to be a whole number"),
        (ACCOUNT + "repeat = 1", "repeat has to be true or false"),
        (ACCOUNT + 'colour = "red"', "account 1: colour is not known"),
        (ACCOUNT + "[other]", "other is not known"),
        (ACCOUNT + '[[account.caller]]\nuser = "a"', "account 1: caller 1: secret is missing"),
        (ACCOUNT + '[[account.caller]]\nuser = "a"\nsecret = "b"', "account 1: caller 1: realm is missing"),
        ("[[account", "is not TOML"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, said: str) -> None:
    """The file, the table and the field."""
    file = write(tmp_path, text)
    with pytest.raises(ServiceError) as raised:
        read(file)
    assert said in str(raised.value)
    assert str(file) in str(raised.value)


@pytest.mark.parametrize("inline", [True, False])
def test_secrets_that_others_can_read_are_refused(tmp_path: Path, inline: bool) -> None:
    """In the file itself, or in one that it names."""
    (tmp_path / "own").write_text("x")
    (tmp_path / "own").chmod(0o644)
    line = 'secret = "x"' if inline else 'secret_file = "own"'
    file = write(tmp_path, ACCOUNT + line, 0o640 if inline else 0o600)
    with pytest.raises(ServiceError, match="open to other users: chmod 600"):
        read(file)


def test_missing_file_is_named(tmp_path: Path) -> None:
    """In a sentence."""
    with pytest.raises(ServiceError, match="cannot be read: No such file"):
        read(tmp_path / "none.toml")


VALUES = st.none() | st.booleans() | st.integers(-9, 99) | st.text('ab"=[]\n.', max_size=6)
NAMES = st.sampled_from(["uri", "does", "calls", "secret", "sound", "caller", "policy", "pjsip_conf", "bind"])


@given(st.dictionaries(NAMES, VALUES, max_size=4), st.text(max_size=20))
def test_any_file_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, fields: dict[str, object], junk: str
) -> None:
    """With the one error."""
    folder = tmp_path_factory.getbasetemp()
    lines = "".join(
        f"{name} = {str(value).lower() if isinstance(value, bool) else value!r}\n"
        for name, value in fields.items()
    )
    file = folder / "any.toml"
    file.write_bytes((ACCOUNT + lines + junk).encode("utf-8", "surrogatepass"))
    file.chmod(0o600)
    with contextlib.suppress(ServiceError):
        assert read(file)
