"""Which sound devices there are, and which of them is meant."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from phone.audio.native import miniaudio

_PRIVATE_WORDS = ("headset", "headphone", "earphone", "earbud", "airpod", "buds", "hands-free", "handsfree")

_ALSA_NULL = b"null\0"
"""The id of the device that ALSA discards sound with; it is there even where no other is."""

_CANCELLER_WORDS = ("echo-cancel", "echo cancel", "echocancel")


@dataclass(frozen=True, slots=True)
class Device:
    """One microphone or loudspeaker."""

    name: str
    """As the sound system calls it."""
    is_default: bool
    """The sound system would take it."""
    id: Any = field(default=None, compare=False, repr=False)
    """miniaudio's ``ma_device_id``."""
    address: str = ""
    """As PulseAudio's own files call it, with the profile that Bluetooth uses; empty elsewhere."""

    @property
    def is_private(self) -> bool:
        """Only who wears it hears it; known by its names, since no sound system tells it everywhere."""
        return any(word in f"{self.name} {self.address}".lower() for word in _PRIVATE_WORDS)

    @property
    def cancels_echo(self) -> bool:
        """The desktop takes what is said to such a loudspeaker out of what such a microphone hears."""
        return any(word in self.name.lower() for word in _CANCELLER_WORDS)


@dataclass(frozen=True, slots=True)
class Devices:
    """What there is at one moment."""

    backend: str
    """The sound system, e.g. ``PulseAudio``; empty: none."""
    captures: tuple[Device, ...]
    playbacks: tuple[Device, ...]


NONE = Devices("", (), ())
"""A machine without sound."""


def enumerate_devices() -> Devices:
    """Return what is there now. Blocks up to 100 ms."""
    lib, ffi = miniaudio.lib, miniaudio.ffi
    context = ffi.new("ma_context *")
    if lib.ma_context_init(ffi.NULL, 0, ffi.NULL, context) != lib.MA_SUCCESS:
        return NONE
    try:
        backend = ffi.string(lib.ma_get_backend_name(context[0].backend)).decode()
        playbacks, captures = ffi.new("ma_device_info **"), ffi.new("ma_device_info **")
        playback_count, capture_count = ffi.new("ma_uint32 *"), ffi.new("ma_uint32 *")
        # not miniaudio.Devices: that opens every device, fails where one of them is in use, and does not
        # tell which is the default
        result = lib.ma_context_get_devices(context, playbacks, playback_count, captures, capture_count)
        if result != lib.MA_SUCCESS or backend == "Null":
            return NONE
        devices = Devices(
            backend,
            _real(captures[0], capture_count[0], backend),
            _real(playbacks[0], playback_count[0], backend),
        )
        return devices if devices.captures or devices.playbacks else NONE
    finally:
        lib.ma_context_uninit(context)


def choose(devices: tuple[Device, ...], wanted: str | None) -> Device | None:
    """Return the device called ``wanted``; where there is none, what the system would take.

    Not ``wanted`` by name, a microphone without echo comes first, where the desktop makes one.
    """
    named = (device for device in devices if device.name == wanted)
    cancelling = (device for device in devices if device.cancels_echo and wanted is None)
    default = (device for device in devices if device.is_default)
    return next((device for group in (named, cancelling, default, devices) for device in group), None)


def _real(infos: Any, count: int, backend: str) -> tuple[Device, ...]:
    """Return the devices at ``infos`` that anybody can hear or speak to."""
    ffi = miniaudio.ffi
    found = (infos[number] for number in range(count))
    return tuple(
        _device(info, backend)
        for info in found
        if bytes(ffi.buffer(ffi.addressof(info, "id"), 5)) != _ALSA_NULL
    )


def _device(info: Any, backend: str) -> Device:
    ffi = miniaudio.ffi
    identity = ffi.new("ma_device_id *", info.id)
    address = (
        ffi.string(ffi.cast("char *", identity), ffi.sizeof(identity[0])) if backend == "PulseAudio" else b""
    )
    name = ffi.string(info.name).decode("utf-8", "replace")
    return Device(name, bool(info.isDefault), identity, address.decode("utf-8", "replace"))
