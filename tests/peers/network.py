"""Hosts on a network of their own: namespaces joined by a bridge on which everything can be overheard.

Addresses are of 192.0.2.0/24 (RFC 5737, documentation): nothing of it leaves the bridge.
"""

from __future__ import annotations

import secrets
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.peers.capture import Datagram, read_capture
from tests.peers.process import Program, eventually, in_namespace


@dataclass(frozen=True, slots=True)
class Host:
    """One host: the network namespace it is, and its address."""

    namespace: str
    ip: str


class Network:
    """Hosts joined by a bridge, and a capture of all that crosses it. Needs root and iproute2."""

    def __init__(self, folder: Path, names: Sequence[str]) -> None:
        self._prefix = f"parley{secrets.token_hex(3)}"
        self._switch = f"{self._prefix}switch"
        self._namespaces: list[str] = []
        self._capture: Program | None = None
        self._file = folder / "capture.pcap"
        self._messages = folder / "tcpdump"
        self.hosts: dict[str, Host] = {}
        try:
            self._build(names)
            self._overhear()
        except BaseException:
            self.close()
            raise

    def _build(self, names: Sequence[str]) -> None:
        self._add_namespace(self._switch)
        self._ip("link", "add", "bridge", "type", "bridge", "mcast_snooping", "0", within=self._switch)
        self._ip("link", "set", "bridge", "up", within=self._switch)
        for number, name in enumerate(names, start=1):
            host = Host(f"{self._prefix}{name}", f"192.0.2.{number}")
            self._add_namespace(host.namespace)
            self._ip(
                *("link", "add", "wire", "type", "veth", "peer", f"port{number}", "netns", self._switch),
                within=host.namespace,
            )
            self._ip("address", "add", f"{host.ip}/24", "dev", "wire", within=host.namespace)
            self._ip("link", "set", "wire", "up", within=host.namespace)
            self._ip("link", "set", f"port{number}", "master", "bridge", "up", within=self._switch)
            self.hosts[name] = host

    def _add_namespace(self, name: str) -> None:
        subprocess.run(["ip", "netns", "add", name], check=True)
        self._namespaces.append(name)
        self._ip("link", "set", "lo", "up", within=name)

    def _ip(self, *arguments: str, within: str) -> None:
        subprocess.run(["ip", "-netns", within, *arguments], check=True)

    def _overhear(self) -> None:
        command = ["tcpdump", "-i", "bridge", "-n", "-U", "--immediate-mode", "-Z", "root", "-B", "16384"]
        self._capture = Program(
            in_namespace(self._switch, [*command, "-w", str(self._file), "udp"]), output=self._messages
        )
        eventually(
            lambda: "listening on" in self._messages.read_text(),
            within=15,
            what="tcpdump listens on the bridge",
        )

    def overheard(self) -> list[Datagram]:
        """Return every UDP datagram that has crossed the bridge so far."""
        return read_capture(self._file)

    def close(self) -> None:
        """Remove it all."""
        if self._capture:
            self._capture.end()
        for name in self._namespaces:
            subprocess.run(["ip", "netns", "delete", name], check=False)
