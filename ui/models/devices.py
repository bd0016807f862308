"""Microphone, loudspeaker and ringer: which are there, which is taken, how loud."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal, Slot

from phone.control.contract import Device, Event, Sound
from ui.client import Backend
from ui.models import security
from ui.models.rows import Row
from ui.properties import Property

translate = QCoreApplication.translate

LOOK_MS = 200
"""How often levels are read while they are looked at."""
MOMENTARY = frozenset({"microphone_level_db", "speaker_level_db", "underruns", "overruns"})
"""Numbers that change all the time."""
QUIETEST_DB = -60.0
"""The left end of a level meter."""


class Devices(QObject):
    """The sound as the backend has it."""

    changed = Signal()
    heard = Signal()
    """The levels have changed: many times a second."""
    refused = Signal(str)

    def __init__(self, backend: Backend, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._backend = backend
        self._sound: Sound | None = None
        self._places: set[str] = set()
        self._watch = QTimer(self)
        self._watch.setInterval(LOOK_MS)
        self._watch.timeout.connect(self.refresh)
        backend.changed.connect(self._connected)
        backend.happened.connect(self._happened)

    @Property("QVariantList", notify=changed)
    def roles(self) -> list[Row]:
        """What sound is for: ``role``, ``label``, ``options``, ``value``."""
        sound = self._sound
        if sound is None:
            return []
        return [
            _role(
                "microphone", translate("Devices", "Microphone"), sound["microphones"], sound["microphone"]
            ),
            _role("speaker", translate("Devices", "Loudspeaker"), sound["speakers"], sound["speaker"]),
            _role("ringer", translate("Devices", "Rings on"), sound["speakers"], sound["ringer"]),
        ]

    @Property("QVariantMap", notify=heard)
    def levels(self) -> dict[str, float]:
        """How loud microphone and loudspeaker are now: 0 for silence, 1 for all there is."""
        sound = self._sound
        if sound is None:
            return {"microphone": 0.0, "speaker": 0.0}
        return {
            "microphone": _share(sound["microphone_level_db"]),
            "speaker": _share(sound["speaker_level_db"]),
        }

    @Property("QVariantMap", notify=changed)
    def volumes(self) -> dict[str, int]:
        """Percent; 100: as it comes."""
        sound = self._sound
        if sound is None:
            return {"microphone": 100, "speaker": 100}
        return {"microphone": sound["microphone_volume"], "speaker": sound["speaker_volume"]}

    @Property(str, notify=changed)
    def notice(self) -> str:
        """What the user has to decide; that there is no device at all is one."""
        if self._sound is None:
            return ""
        if not self._sound["microphones"] or not self._sound["speakers"]:
            return translate("Devices", "There is no microphone, or no loudspeaker. Calls go on without.")
        return security.said(self._sound["notice"] or "")

    @Property(bool, notify=changed)
    def cancels_echo(self) -> bool:
        """Echo is cancelled where there can be any."""
        return self._sound is not None and self._sound["cancel_echo"] != "off"

    @Property(str, notify=changed)
    def echo_reason(self) -> str:
        """What is done about echo, and why."""
        return security.said(self._sound["echo_reason"]) if self._sound is not None else ""

    @Property(bool, notify=changed)
    def evens_out(self) -> bool:
        """The user is made as loud as others."""
        return self._sound is not None and self._sound["even_out"]

    @Slot(str, bool)
    def watch(self, place: str, watched: bool) -> None:
        """Follow the levels as long as one of the places where they are shown is looked at."""
        (self._places.add if watched else self._places.discard)(place)
        if self._places:
            self._watch.start()
        else:
            self._watch.stop()

    @Slot(str, str)
    def choose(self, role: str, name: str) -> None:
        """Take a device; an empty name: what the system would take."""
        params = {"role": role, "name": name or None}
        self._backend.request("devices.choose", params, self._take, self.refused.emit)

    @Slot(str)
    def try_out(self, role: str) -> None:
        """Play a short sound."""
        self._backend.request("devices.try", {"role": role}, refused=self.refused.emit)

    @Slot(str, int)
    def volume(self, role: str, percent: int) -> None:
        """Make it louder or softer."""
        params = {"role": role, "percent": percent}
        self._backend.request("devices.volume", params, self._take, self.refused.emit)

    @Slot(bool)
    def cancel_echo(self, cancel: bool) -> None:
        """Cancel echo where there can be any, or nowhere."""
        params = {"mode": "auto" if cancel else "off"}
        self._backend.request("devices.cancel_echo", params, self._take, self._refuse)

    @Slot(bool)
    def even_out(self, on: bool) -> None:
        """Make the user as loud as others, or leave the microphone as it is."""
        self._backend.request("devices.even_out", {"on": on}, self._take, self._refuse)

    @Slot()
    def refresh(self) -> None:
        """Ask again."""
        if self._backend.connected:
            self._backend.request("devices.list", {}, self._take)

    def _connected(self) -> None:
        self._sound = None
        self.changed.emit()
        self.refresh()

    def _happened(self, event: Event) -> None:
        if "sound" in event:
            self._take(event["sound"])

    def _refuse(self, sentence: str) -> None:
        self.changed.emit()  # a switch that was pressed goes back
        self.refused.emit(security.said(sentence))

    def _take(self, sound: Sound) -> None:
        before, self._sound = self._sound, sound
        self.heard.emit()
        if before is None or _lasting(before) != _lasting(sound):
            self.changed.emit()


def _lasting(sound: Sound) -> dict[str, object]:
    return {name: value for name, value in sound.items() if name not in MOMENTARY}


def _role(role: str, label: str, devices: list[Device], chosen: str | None) -> Row:
    default = next((device["name"] for device in devices if device["is_default"]), "")
    system = translate("Devices", "As the system") + (f" ({default})" if default else "")
    options = [{"value": "", "text": system}]
    options += [{"value": device["name"], "text": device["name"]} for device in devices]
    return {"role": role, "label": label, "options": options, "value": chosen or ""}


def _share(level_db: float) -> float:
    return min(max(1 - level_db / QUIETEST_DB, 0.0), 1.0)
