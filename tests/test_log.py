"""The log: a private file, warnings for the person in front of it, and nothing secret in either."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from phone.log import LogError, set_up

PASSWORD = "Word-of-Alice"

SCRIPT = """
import logging
import sys
from pathlib import Path
from phone.log import set_up
from phone.secret import Secret
set_up(Path(sys.argv[1]), verbose="verbose" in sys.argv)
log = logging.getLogger("parley.test")
"""


def run(log: Path, script: str, *options: str) -> str:
    """Run a program that logs to ``log``; return its standard error."""
    command = [sys.executable, "-c", SCRIPT + script, str(log), *options]
    return subprocess.run(command, check=True, capture_output=True, text=True).stderr


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Where the log is."""
    return tmp_path / "parley.log"


def test_file_is_private(log: Path) -> None:
    """Also one that was there before, and also when it has become another."""
    log.touch(mode=0o644)
    run(log, "for number in range(20_000): log.info('a line of some length, number %d', number)")
    files = sorted(log.parent.iterdir())
    assert len(files) > 1
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_warnings_are_shown_and_the_rest_is_kept(log: Path) -> None:
    """A person sees what matters; the file has what happened."""
    shown = run(log, "log.debug('little'); log.info('more'); log.warning('much')")
    assert shown == "parley: much\n"
    kept = log.read_text()
    assert "INFO parley.test: more" in kept
    assert "little" not in kept


def test_verbose_shows_everything(log: Path) -> None:
    """In both places."""
    shown = run(log, "log.debug('little')", "verbose")
    assert "parley.test: little" in shown
    assert "little" in log.read_text()


def test_other_libraries_only_warn(log: Path) -> None:
    """Their debug lines are nobody's business, and nobody has read them for secrets."""
    run(
        log,
        "logging.getLogger('keyring').debug('little'); logging.getLogger('keyring').warning('much')",
        "verbose",
    )
    kept = log.read_text()
    assert "much" in kept
    assert "little" not in kept


def test_what_twisted_logs_is_kept(log: Path) -> None:
    """An error that nobody has caught, with its traceback."""
    run(log, "from twisted.internet.defer import fail; fail(ValueError('lost')); import gc; gc.collect()")
    kept = log.read_text()
    assert "Unhandled error in Deferred" in kept
    assert "ValueError: lost" in kept


@pytest.mark.parametrize(
    "script",
    [
        f"log.warning('register %s', Secret({PASSWORD!r}.encode()))",
        f"log.warning('REGISTER\\r\\nAuthorization: Digest response={PASSWORD}\\r\\n')",
        f"log.warning('proxy-authorization:  Digest {PASSWORD}')",
        f"log.warning('a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{PASSWORD}')",
        f"log.warning('%r', 'v=0\\r\\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{PASSWORD}\\r\\n')",
        f"log.warning('a=key-mgmt:mikey {PASSWORD}')",
        f"log.warning('k=base64:{PASSWORD}')",
        f"""
try:
    raise ValueError('Authorization: Digest {PASSWORD}')
except ValueError:
    log.exception('failed')
""",
        f"import warnings; warnings.warn('Authorization: Digest {PASSWORD}')",
    ],
)
def test_secrets_are_left_out(log: Path, script: str) -> None:
    """In messages, in what is formatted into them, in tracebacks and in warnings."""
    shown = run(log, script, "verbose")
    kept = log.read_text()
    assert kept
    assert PASSWORD not in kept
    assert PASSWORD not in shown


def test_what_stands_before_a_secret_is_kept(log: Path) -> None:
    """And the lines after it."""
    run(log, f"log.warning('INVITE\\nAuthorization: Digest {PASSWORD}\\nTo: sip:ben@pbx')")
    assert "INVITE\nAuthorization: [left out]\nTo: sip:ben@pbx" in log.read_text()


def test_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """One sentence."""
    with pytest.raises(LogError, match=str(tmp_path)):
        set_up(tmp_path, verbose=False)
