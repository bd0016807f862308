"""Sound as the user sees it: which devices, how loud, which codecs; kept from one run to the next."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from twisted.internet.defer import ensureDeferred

from phone.audio.devices import Device, Devices
from phone.audio.interface import Direction, EchoMode, EchoState, Health, SoundCard, Wish
from phone.audio.player import SoundPlayer
from phone.audio.processing import is_installed
from phone.audio.sounds import Sound
from phone.calls.values import CallError, CallSnapshot, DeviceSnapshot, Happened, Role, SoundSnapshot
from phone.sip.interface import SipEndpoint
from phone.store.settings import Settings

LOOK_S = 1.0
"""How often the card is asked which devices it has, while there are calls."""

TRIAL_S = 1.5
"""How long a device plays when it is tried."""

MOST_VOLUME = 200
"""Percent."""

LOUDER = (
    "The headset has gone, and only a device that others can hear is left, so the call is silent: plug the"
    " headset in again, or choose a loudspeaker."
)

LACKING = {
    (Direction.CAPTURE,): "There is no microphone that works, so nobody hears you: plug one in.",
    (Direction.PLAYBACK,): "There is no loudspeaker that works, so you hear nobody: plug one in.",
    (Direction.CAPTURE, Direction.PLAYBACK): (
        "There is neither a microphone nor a loudspeaker that works, so the call is silent: plug some in."
    ),
}
"""What is said in a call, by what it has to do without."""

ECHO_REASONS = {
    EchoState.IDLE: "Echo and noise are seen to during calls.",
    EchoState.OURS: "Parley takes echo and noise out of the microphone's sound.",
    EchoState.DESKTOP: "The desktop has freed this microphone from echo already.",
    EchoState.HEADSET: "A headset makes no echo, so nothing is taken out.",
    EchoState.OFF: "Echo and noise stay in the sound: that is switched off.",
    EchoState.MISSING: "The echo canceller is not installed (parley[echo]).",
    EchoState.FAILED: "The echo canceller has failed; the sound goes on as it is.",
}
"""Why echo is cancelled, or not."""


class SoundDesk:
    """Remembers the user's choices and carries them out."""

    def __init__(
        self,
        *,
        card: SoundCard,
        ringer: SoundPlayer,
        tones: SoundPlayer,
        settings: Settings,
        enumerate_devices: Callable[[], Awaitable[Devices]],
        call_later: Callable[[float, Callable[[], None]], object],
        changed: Callable[[SoundSnapshot], None],
    ) -> None:
        """``tones``: plays signals where calls are heard. ``enumerate_devices``: does not block. ``changed``:
        told when other devices are in use, or the user has to decide something.
        """
        self._card = card
        self._ringer = ringer
        self._tones = tones
        self._settings = settings
        self._enumerate = enumerate_devices
        self._call_later = call_later
        self._changed = changed
        self._endpoint: SipEndpoint | None = None
        self._calls: set[str] = set()
        self._last = _in_use(card.health())
        self._looking = False
        self._wish()

    def attach(self, endpoint: SipEndpoint) -> None:
        """Join the SIP stack: volume and codecs as they were chosen."""
        self._endpoint = endpoint
        self._apply_volume()
        if kept := self._settings.get("codecs"):
            # what another build of the library does not have is left out
            endpoint.set_codecs([name for name in kept.split() if name in endpoint.known_codecs()])

    def happened(self, event: Happened) -> None:
        """Something happened to a call: while there are any, look after the devices."""
        if isinstance(event.subject, CallSnapshot):
            (self._calls.discard if event.event == "call.ended" else self._calls.add)(event.subject.id)
            if self._calls and not self._looking:
                self._looking = True
                self._call_later(LOOK_S, self._look)

    async def snapshot(self) -> SoundSnapshot:
        """Return everything there is to see."""
        devices = await self._enumerate()
        health = self._card.health()
        levels = self._endpoint.levels() if self._endpoint is not None else (-100.0, -100.0)
        return SoundSnapshot(
            backend=devices.backend,
            microphones=tuple(map(_shown, devices.captures)),
            speakers=tuple(map(_shown, devices.playbacks)),
            microphone=self._chosen(Role.MICROPHONE),
            speaker=self._chosen(Role.SPEAKER),
            ringer=self._chosen(Role.RINGER),
            microphone_in_use=health.microphone,
            speaker_in_use=health.speaker,
            notice=LOUDER if health.waits_for_word else LACKING.get(health.lacks),
            microphone_volume=self._volume(Role.MICROPHONE),
            speaker_volume=self._volume(Role.SPEAKER),
            microphone_level_db=levels[0],
            speaker_level_db=levels[1],
            underruns=health.underruns,
            overruns=health.overruns,
            cancel_echo=self._echo_mode().value,
            echo=health.echo.value,
            echo_reason=ECHO_REASONS[health.echo],
            even_out=self._evens_out,
        )

    async def choose(self, role: str, name: str | None) -> SoundSnapshot:
        """Take a device by its name, or by a part of it that no other has; ``None``: follow the system.

        Raise CallError where there is none such.
        """
        if name is not None:
            devices = await self._enumerate()
            here = devices.captures if Role(role) is Role.MICROPHONE else devices.playbacks
            name = _named(here, name)
        if name is None:
            self._settings.reset(f"device.{role}")
        else:
            self._settings.set(f"device.{role}", name)
        self._wish()
        return await self.snapshot()

    async def set_volume(self, role: str, percent: int) -> SoundSnapshot:
        """Make the microphone or the speaker louder or quieter. Raise CallError."""
        if not 0 <= percent <= MOST_VOLUME:
            raise CallError(f"A volume is a number from 0 to {MOST_VOLUME} percent.")
        self._settings.set(f"volume.{role}", str(percent))
        self._apply_volume()
        return await self.snapshot()

    async def cancel_echo(self, mode: str) -> SoundSnapshot:
        """Keep the loudspeaker's sound out of the microphone's, or not; ``mode``: an ``EchoMode``'s value."""
        self._settings.set("echo", EchoMode(mode).value)
        self._wish()
        return await self.snapshot()

    async def even_out(self, on: bool) -> SoundSnapshot:
        """Make the microphone as loud as others are, or leave it as it comes. Raise CallError."""
        if on and not is_installed():
            raise CallError(ECHO_REASONS[EchoState.MISSING])
        if on:
            self._settings.set("even_out", "yes")
        else:
            self._settings.reset("even_out")
        self._wish()
        return await self.snapshot()

    def try_out(self, role: str) -> None:
        """Play a short sound where calls are heard, or where they ring. Raise CallError during calls."""
        if self._calls:
            raise CallError("There is a call; try the sound when it is over.")
        ringing = Role(role) is Role.RINGER
        player, sound = (self._ringer, Sound.RING) if ringing else (self._tones, Sound.SECURED)
        player.play(sound)
        # a call that has come meanwhile rings on
        self._call_later(TRIAL_S, lambda: None if self._calls else player.stop())

    @property
    def announces_recording(self) -> bool:
        """Other phones are told, when keys are agreed, that calls may be recorded (RFC 6189 §11)."""
        return self._settings.get("recording.announce") == "yes"

    def announce_recording(self, announce: bool) -> bool:
        """Tell them, or not, from the next call on."""
        if announce:
            self._settings.set("recording.announce", "yes")
        else:
            self._settings.reset("recording.announce")
        return announce

    def codecs(self) -> list[str]:
        """Return the codecs that calls offer, best first."""
        return self._stack().codecs()

    def known_codecs(self) -> list[str]:
        """Return the codecs that could be offered."""
        return self._stack().known_codecs()

    def set_codecs(self, names: list[str]) -> list[str]:
        """Offer these codecs, best first, and no other; an empty list: as Parley comes. Raise CallError."""
        stack = self._stack()
        known = {name.lower(): name for name in stack.known_codecs()}
        # a codec may be named without its rate where that says enough
        known |= {name.partition("/")[0]: full for name, full in reversed(list(known.items()))}
        unknown = [name for name in names if name.lower() not in known]
        if unknown:
            raise CallError(f"There is no codec {unknown[0]!r}: use {', '.join(stack.known_codecs())}.")
        chosen = list(dict.fromkeys(known[name.lower()] for name in names))
        stack.set_codecs(chosen)
        if chosen:
            self._settings.set("codecs", " ".join(chosen))
        else:
            self._settings.reset("codecs")
        return stack.codecs()

    def _look(self) -> None:
        """Tell which devices are in use, if they are others than before."""
        now = _in_use(self._card.health())
        if now != self._last:
            self._last = now
            ensureDeferred(self._tell())
        self._looking = bool(self._calls)
        if self._looking:
            self._call_later(LOOK_S, self._look)

    async def _tell(self) -> None:
        self._changed(await self.snapshot())

    def _stack(self) -> SipEndpoint:
        if self._endpoint is None:
            raise CallError("The backend is not ready yet.")
        return self._endpoint

    def _chosen(self, role: Role) -> str | None:
        return self._settings.get(f"device.{role.value}")

    def _volume(self, role: Role) -> int:
        return int(self._settings.get(f"volume.{role.value}") or 100)

    @property
    def _evens_out(self) -> bool:
        return self._settings.get("even_out") == "yes"

    def _echo_mode(self) -> EchoMode:
        return EchoMode(self._settings.get("echo") or EchoMode.AUTO.value)

    def _wish(self) -> None:
        microphone, speaker, ringer = map(self._chosen, (Role.MICROPHONE, Role.SPEAKER, Role.RINGER))
        wish = Wish(microphone, speaker, ringer, self._echo_mode(), self._evens_out)
        self._card.wish(wish)
        self._tones.wish(wish.speaker)
        self._ringer.wish(wish.ringer)

    def _apply_volume(self) -> None:
        if self._endpoint is not None:
            microphone, speaker = (self._volume(role) / 100 for role in (Role.MICROPHONE, Role.SPEAKER))
            self._endpoint.set_volume(microphone, speaker)


def _in_use(health: Health) -> tuple[str | None, str | None, bool, tuple[Direction, ...], EchoState]:
    return health.microphone, health.speaker, health.waits_for_word, health.lacks, health.echo


def _shown(device: Device) -> DeviceSnapshot:
    return DeviceSnapshot(device.name, device.is_default, device.is_private)


def _named(here: tuple[Device, ...], wanted: str) -> str:
    """Return the full name. Raise CallError."""
    names = [device.name for device in here]
    if wanted in names:
        return wanted
    found = [name for name in names if wanted.lower() in name.lower()]
    if len(found) != 1:
        there = ", ".join(found or names) or "none"
        raise CallError(
            f"{'Several devices are' if found else 'No device is'} called {wanted!r}: there is {there}."
        )
    return found[0]
