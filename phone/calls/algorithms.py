"""Which ZRTP algorithms calls offer: the user's choice, kind by kind."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence

from phone.calls.values import CallError, Offer
from phone.store.settings import Settings
from phone.zrtp.algorithms import AUTH_TAGS, CIPHERS, Configuration, known_names

_log = logging.getLogger("parley.calls")

_SETTING = "algorithms."
"""Before the kind; the value has the names, best first, with spaces between them."""


class AlgorithmBook:
    """Shows and changes what is offered; a change counts from the next call on."""

    def __init__(self, settings: Settings, srtp: Collection[tuple[int, str]]) -> None:
        """``srtp``: what SRTP is able to, as ``Configuration.limited_to`` takes it. Raise StoreError."""
        self._settings = settings
        self._srtp = srtp
        everything = Configuration(ciphers=CIPHERS, auth_tags=AUTH_TAGS).limited_to(srtp).names()
        self._available = known_names() | {kind: everything[kind] for kind in ("ciphers", "auth_tags")}
        self._chosen: dict[str, list[str]] = {}
        for kind in self._available:
            if (names := settings.get(_SETTING + kind)) is not None:
                self._chosen[kind] = self._usable(kind, names.split())

    def configuration(self) -> Configuration:
        """Return what the next call offers."""
        return self._with(self._chosen)

    def offers(self) -> list[Offer]:
        """Return every kind."""
        return [self._show(kind) for kind in self._available]

    def choose(self, kind: str, names: Sequence[str]) -> Offer:
        """Offer these, best first, and what is mandatory, and keep that.

        Raise CallError or ConfigurationError for what cannot be offered, StoreError.
        """
        chosen = self._chosen | {kind: [*names]}
        offered = self._with(chosen).names()[kind]
        if missing := [name for name in names if name not in offered]:
            raise CallError(f"{missing[0]} cannot be offered here: the SRTP library is not able to use it.")
        self._settings.set(_SETTING + kind, " ".join(offered))
        self._chosen[kind] = offered
        return self._show(kind)

    def reset(self, kind: str | None) -> list[Offer]:
        """Offer what Parley offers by itself, of one kind or of all."""
        for one in self._available if kind is None else [kind]:
            self._settings.reset(_SETTING + one)
            self._chosen.pop(one, None)
        return self.offers()

    def _with(self, chosen: dict[str, list[str]]) -> Configuration:
        return Configuration.of_names(chosen).limited_to(self._srtp)

    def _show(self, kind: str) -> Offer:
        offered = self.configuration().names()[kind]
        return Offer(
            kind=kind,
            offered=tuple(offered),
            mandatory=tuple(Configuration.of_names({kind: []}).names()[kind]),
            off=tuple(name for name in self._available[kind] if name not in offered),
            chosen=kind in self._chosen,
        )

    def _usable(self, kind: str, names: Sequence[str]) -> list[str]:
        """Return what of an earlier choice can still be had: another version of Parley may have kept it."""
        lost = [name for name in names if name not in self._available[kind]]
        if lost:
            _log.warning("not offered, for this installation has it no more: %s", ", ".join(lost))
        return [name for name in names if name not in lost]
