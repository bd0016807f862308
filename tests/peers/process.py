"""Programs that a test starts, watches and ends."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, TypeVar

T = TypeVar("T")

POLL_S = 0.05


def eventually(probe: Callable[[], T], *, within: float, what: str) -> T:
    """Return the first true value of ``probe``; raise AssertionError after ``within`` seconds."""
    deadline = time.monotonic() + within
    while True:
        last = probe()
        if last:
            return last
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within:g} s: {what} (last seen: {last!r})")
        time.sleep(POLL_S)


class Loopback:
    """Addresses of a random 127.x.y.0/24, so that test runs at the same time do not meet."""

    def __init__(self) -> None:
        self._subnet = f"127.{secrets.randbelow(200) + 50}.{secrets.randbelow(256)}"
        self._last = 0

    def address(self) -> str:
        """Return an address that nobody has had yet."""
        self._last = self._last % 254 + 1
        return f"{self._subnet}.{self._last}"


def free_port(ip: str) -> int:
    """Return an even port free for UDP and TCP on ``ip``, with the next one free for UDP as well."""
    while True:
        port = 10000 + 2 * secrets.randbelow(10000)
        try:
            for kind, number in (
                (socket.SOCK_DGRAM, port),
                (socket.SOCK_DGRAM, port + 1),
                (socket.SOCK_STREAM, port),
            ):
                with socket.socket(socket.AF_INET, kind) as probe:
                    probe.bind((ip, number))
        except OSError:
            continue
        return port


def in_namespace(namespace: str | None, command: Sequence[str]) -> list[str]:
    """Return ``command`` as it has to be run inside a network namespace; its process id is the same."""
    return ["ip", "netns", "exec", namespace, *command] if namespace else list(command)


class Program:
    """One running program whose output goes to a file."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        output: Path,
        errors: Path | None = None,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
    ) -> None:
        with output.open("ab") as out, (errors or output).open("ab") as err:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=err,
                env=dict(environment) if environment is not None else dict(os.environ),
                cwd=folder,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def exit_status(self) -> int | None:
        """What it ended with, negative for a signal; ``None`` while it runs."""
        return self._process.poll()

    def say(self, line: str) -> None:
        """Write one line to its standard input."""
        stdin = self._process.stdin
        assert stdin is not None
        stdin.write(line.encode() + b"\n")
        stdin.flush()

    def signal(self, number: int) -> None:
        """Send it a signal."""
        self._process.send_signal(number)

    def wait(self, within: float) -> int:
        """Return its exit status; ``AssertionError`` when it does not end."""
        try:
            return self._process.wait(within)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{self._process.args!r} has not ended within {within:g} s") from None
        finally:
            self._close()

    def end(self, within: float = 15) -> None:
        """End it if it still runs: politely, and after ``within`` seconds by force."""
        if self.exit_status is None:
            self._process.terminate()
            try:
                self._process.wait(within)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._close()

    def _close(self) -> None:
        stdin: IO[bytes] | None = self._process.stdin
        if stdin is not None and self._process.poll() is not None:
            with contextlib.suppress(BrokenPipeError):  # it ended with a line of ours unread
                stdin.close()


class Evidence:
    """What explains a failure: read and printed only when a test has failed."""

    def __init__(self) -> None:
        self._sources: list[tuple[str, Callable[[], str]]] = []

    def add(self, title: str, read: Callable[[], str]) -> None:
        """Remember where to look."""
        self._sources.append((title, read))

    def add_file(self, title: str, path: Path, *, since: int = 0) -> None:
        """Remember a log file, from byte ``since`` on."""

        def read() -> str:
            if not path.exists():
                return "(no such file)"
            with path.open("rb") as file:
                file.seek(since)
                return file.read().decode("utf-8", "replace")

        self.add(title, read)

    def sections(self) -> list[tuple[str, str]]:
        """Return every source with the end of its text."""
        return [(title, read()[-12000:]) for title, read in self._sources]
