"""What a handshake costs: Parley beside libbzrtp, in one run.

    python -m bench.handshake [ROUNDS]

Both libraries are driven alike: two endpoints in one process, every datagram handed straight to the other
one, no clock to wait for. Needs a C compiler and ``apt-get install libbzrtp-dev`` for bzrtp's columns.
Prints medians for each key agreement, with S256, AES1, HS80 and B32:

- *handshake*: from the first Hello until both ends are secure, the work of both, milliseconds;
- *CPU*: processor time of both endpoints' whole life, making and dropping them included, milliseconds.
"""

from __future__ import annotations

import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from phone.zrtp.algorithms import AES1, HS80, KEY_AGREEMENTS, S256, Configuration, name_of
from phone.zrtp.cache import Zid
from phone.zrtp.dh import KeyAgreement
from phone.zrtp.events import Secured
from phone.zrtp.sas import B32
from phone.zrtp.session import Session
from tests.zrtp.memory import MemoryCache

ROUNDS: Final = 40
BATCH: Final = 5
"""Handshakes of one library before the other one has its turn."""
BZRTP_NUMBERS: Final = {"DH2k": 0x41, "X255": 0x42, "X448": 0x44, "DH3k": 0x45}
"""What Debian's libbzrtp has, by its own numbers."""
_SOURCE: Final = Path(__file__).with_name("bzrtp.c")


@dataclass
class Costs:
    """Milliseconds, one for each handshake."""

    handshake: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def add(self, handshake_ns: int, cpu_ns: int) -> None:
        self.handshake.append(handshake_ns / 1e6)
        self.cpu.append(cpu_ns / 1e6)


class Bzrtp:
    """The program that runs bzrtp's handshakes."""

    def __init__(self, program: Path) -> None:
        self.process = subprocess.Popen(
            [program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )

    def run(self, name: str, count: int, costs: Costs) -> None:
        """Add what ``count`` handshakes cost."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{BZRTP_NUMBERS[name]:x} {count}\n")
        self.process.stdin.flush()
        for _ in range(count):
            costs.add(*map(int, self.process.stdout.readline().split()))


@contextmanager
def built_bzrtp() -> Iterator[Bzrtp | None]:
    """Build the program for as long as it is needed; ``None`` where that cannot be done."""
    compiler = shutil.which("cc")
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as folder:
        program = Path(folder) / "bzrtp"
        command = [compiler or "cc", "-O2", "-o", str(program), str(_SOURCE), "-lbzrtp"]
        if compiler is None or subprocess.run(command, capture_output=True, check=False).returncode:
            print("bzrtp is left out; it needs: apt-get install gcc libc6-dev libbzrtp-dev", file=sys.stderr)
            yield None
            return
        bzrtp = Bzrtp(program)
        yield bzrtp
        bzrtp.process.terminate()
        bzrtp.process.wait()


def handshake(configuration: Configuration, costs: Costs) -> None:
    """Make two sessions, let them agree, and add what it cost."""
    cpu = time.process_time_ns()
    sessions = [
        Session(ssrc=ssrc, cache=MemoryCache(Zid(secrets.token_bytes(12))), configuration=configuration)
        for ssrc in (1, 2)
    ]
    began = time.perf_counter_ns()
    for session in sessions:
        session.start(0.0)
    secure = 0
    while secure < len(sessions):
        for session, peer in zip(sessions, reversed(sessions), strict=True):
            for datagram in session.datagrams_to_send():
                peer.receive_datagram(datagram, 0.0)
            while (told := session.next_event()) is not None:
                secure += isinstance(told[1], Secured)
    took = time.perf_counter_ns() - began
    for session in sessions:
        session.close()
    costs.add(took, time.process_time_ns() - cpu)


def measure(agreement: KeyAgreement, rounds: int, bzrtp: Bzrtp | None) -> tuple[Costs, Costs]:
    """Return the costs of ours and of bzrtp, whose turns alternate; the first batch of each is a warm-up."""
    name = name_of(agreement)
    configuration = Configuration(
        hashes=(S256,), ciphers=(AES1,), auth_tags=(HS80,), key_agreements=(agreement,), sas_types=(B32,)
    )
    ours, theirs = Costs(), Costs()
    for _ in range(-(-rounds // BATCH) + 1):
        for _ in range(BATCH):
            handshake(configuration, ours)
        if bzrtp is not None and name in BZRTP_NUMBERS:
            bzrtp.run(name, BATCH, theirs)
    for costs in (ours, theirs):
        del costs.handshake[:BATCH], costs.cpu[:BATCH]
    return ours, theirs


def row(name: str, ours: Costs, theirs: Costs) -> str:
    """Return one line of the table."""
    cells = []
    for own, other in ((ours.handshake, theirs.handshake), (ours.cpu, theirs.cpu)):
        median = statistics.median(own)
        cells += [f"{median:.2f}"]
        if other:
            cells += [f"{statistics.median(other):.2f}", f"{median / statistics.median(other):.2f}"]
        else:
            cells += ["-", "-"]
    return f"| {name} | " + " | ".join(cells) + " |"


def main() -> None:
    """Print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    print("| key agreement | handshake, Parley | bzrtp | ratio | CPU, Parley | bzrtp | ratio |")
    print("|---|---|---|---|---|---|---|")
    with built_bzrtp() as bzrtp:
        for agreement in KEY_AGREEMENTS:
            print(row(name_of(agreement), *measure(agreement, rounds, bzrtp)), flush=True)


if __name__ == "__main__":
    main()
