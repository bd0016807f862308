"""What every test may use: a failure prints the evidence that its fixtures have named."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
from collections.abc import Generator, Iterator

import pytest

from phone.zrtp.zsa import credentials
from tests.peers.process import Evidence

# for every Parley that a test starts: the keyring of whoever runs the tests is none of their business
os.environ["PARLEY_KEYRING"] = "file"
# what is started in the background ignores Ctrl-C, and so would all that it starts
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def evidence() -> Evidence:
    """Where fixtures name the logs that explain a failure."""
    return Evidence()


@pytest.fixture
def cheap_scrypt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Prepare secrets in no time; the price of scrypt is proved by the vectors of ``tests/zrtp``."""
    monkeypatch.setattr(credentials, "_SCRYPT_N", 16)


@pytest.fixture(scope="session")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    """Qt's application, on a screen of the tests' own."""
    from tests.peers import window  # noqa: PLC0415  # Qt, which most tests do without

    folder = tmp_path_factory.mktemp("screen")
    with contextlib.closing(window.Screen(folder, shutil.which("Xvfb"))):
        made = window.application()
        yield made
        made.shutdown()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the evidence to the report of a test that has failed."""
    report = yield
    found = item.funcargs.get("evidence") if isinstance(item, pytest.Function) else None
    if report.failed and isinstance(found, Evidence):
        report.sections.extend(found.sections())
    return report
