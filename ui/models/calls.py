"""The live calls as the window shows them, and what the user does with them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QDateTime, QObject, QStandardPaths, QTimer, Signal, Slot

from phone.control.contract import Call, Event, Status
from ui.client import Backend
from ui.models import security
from ui.models.address import dialable, short
from ui.models.ritual import ASKING, Input, Ritual, State
from ui.models.rows import Row, Rows
from ui.models.settings import Settings
from ui.properties import Property

translate = QCoreApplication.translate


LOOK_MS = 1000
"""How often the numbers of a live call are read."""


class Calls(QObject):
    """Every live call, the one in front, and the one that rings."""

    changed = Signal()
    rang = Signal(dict)
    """A call has come in."""
    alarmed = Signal(dict)
    """Something has happened that a person has to look at."""
    ended = Signal(dict)
    refused = Signal(str)
    """The backend will not do what was asked; a sentence for people."""
    dialled = Signal()

    def __init__(self, backend: Backend, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._backend = backend
        self._settings = settings
        self._rows = Rows("id", self)
        music = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.MusicLocation)
        self.recordings = Path(music) / "Parley"
        """Where calls are written to."""
        self._chosen = ""
        self._rituals: dict[str, Ritual] = {}
        self._unreadable = ""
        self._words: list[str] = []
        self._enrolled: set[str] = set()
        """Calls whose PBX the user has just agreed to trust."""
        backend.happened.connect(self._happened)
        backend.changed.connect(self._connected)
        self._look = QTimer(self)
        self._look.setInterval(LOOK_MS)
        self._look.timeout.connect(self._count)

    # what QML binds to

    @Property(QObject, constant=True)
    def rows(self) -> Rows:
        """All of them, as ``row``."""
        return self._rows

    @Property("QVariantMap", notify=changed)
    def current(self) -> Row:
        """The call in front; empty when there is none."""
        rows = [row for row in self._rows.all if row["state"] != "incoming"]
        chosen = next((row for row in rows if row["id"] == self._chosen), None)
        return chosen or next((row for row in rows if not row["held"]), rows[0] if rows else {})

    @Property("QVariantMap", notify=changed)
    def incoming(self) -> Row:
        """The call that rings first; empty when none does."""
        return next((row for row in self._rows.all if row["state"] == "incoming"), {})

    @Property("QVariantList", notify=changed)
    def others(self) -> list[Row]:
        """The calls that the one in front could be joined with."""
        front = self.current.get("id")
        return [row for row in self._rows.all if row["id"] != front and row["state"] == "connected"]

    @Property(str, notify=changed)
    def unreadable(self) -> str:
        """Why what was typed is no code; empty when it is one."""
        return self._unreadable

    @Property("QStringList", notify=changed)
    def words(self) -> list[str]:
        """The words that codes of scheme B256 are made of."""
        return self._words

    # what the user does

    @Slot(str)
    @Slot(str, str)
    def dial(self, target: str, account: str = "") -> None:
        """Call somebody."""
        self._ask("call.dial", self._dialled, target=dialable(target), account=account or None)

    @Slot(str)
    def choose(self, call: str) -> None:
        """Bring a call to the front; one that is on hold is taken back, and the one before is held."""
        before = self.current
        self._chosen = call
        row = self._rows.find(call)
        if before and before["id"] != call and before["state"] == "connected" and not before["held"]:
            self.hold(before["id"], True)
        if row is not None and row["held"]:
            self.hold(call, False)
        self.changed.emit()

    @Slot(str)
    def answer(self, call: str) -> None:
        """Answer a call; the one in front is held meanwhile."""
        before = self.current
        if before and before["state"] == "connected" and not before["held"]:
            self.hold(before["id"], True)
        self._chosen = call
        self._ask("call.answer", call=call)

    @Slot(str)
    def reject(self, call: str) -> None:
        """Send a caller away."""
        self._ask("call.reject", call=call)

    @Slot(str, str)
    def send_away(self, call: str, target: str) -> None:
        """Send a caller to somebody else."""
        self._ask("call.reject", call=call, to=dialable(target))

    @Slot(str)
    def hang_up(self, call: str) -> None:
        """End a call."""
        self._ask("call.hang_up", call=call)

    @Slot(str, bool)
    def hold(self, call: str, held: bool) -> None:
        """Hold a call, or take it back."""
        self._ask("call.hold" if held else "call.resume", call=call)

    @Slot(str, bool)
    def mute(self, call: str, muted: bool) -> None:
        """Shut or open the microphone."""
        self._ask("call.mute", call=call, muted=muted)

    @Slot(str, str)
    def press(self, call: str, digits: str) -> None:
        """Press keys in a call."""
        self._ask("call.dtmf", call=call, digits=digits)

    @Slot(str, str)
    def transfer(self, call: str, target: str) -> None:
        """Send the other side of a call to somebody else."""
        self._ask("call.transfer", call=call, target=dialable(target))

    @Slot(str, str)
    def transfer_to(self, call: str, other: str) -> None:
        """Let the other sides of two calls talk, and leave both."""
        self._ask("call.transfer_to", call=call, to=other)

    @Slot("QStringList")
    def join(self, calls: list[str]) -> None:
        """Let all of these hear each other."""
        self._ask("call.conference", calls=list(calls))

    @Slot(bool)
    def announce(self, announce: bool) -> None:
        """Tell other phones, from the next call on, that it may be recorded."""
        self._settings.setProperty("announce", announce)
        self._ask("recording.announce", announce=announce)

    @Slot(str, bool)
    def record(self, call: str, begin: bool) -> None:
        """Write a call to a new file among the user's music, or stop."""
        moment = QDateTime.currentDateTime().toString("yyyy-MM-dd HH.mm.ss")
        if begin:
            try:
                self.recordings.mkdir(mode=0o700, parents=True, exist_ok=True)
            except OSError as error:
                self.refused.emit(f"{self.recordings}: {error.strerror}.")
                return
        self._ask("call.record", call=call, file=str(self.recordings / f"{moment}.wav") if begin else None)

    @Slot(str, bool)
    def allow_clear(self, call: str, always: bool) -> None:
        """Go on without encryption: the user has read the notice; ``always``: he is not to be asked again."""
        self._ask("call.allow_clear", call=call, always=always)

    @Slot(str, bool)
    def proceed(self, call: str, always: bool) -> None:
        """Go on with less protection than before; so."""
        self._ask("call.proceed", call=call, always=always)

    @Slot(str)
    def enroll(self, call: str) -> None:
        """Trust the PBX that asks for it, from the next call on."""

        def enrolled(_: Any) -> None:
            self._enrolled.add(call)
            self._count()

        self._ask("call.enroll", enrolled, call=call)

    # the code

    @Slot(str)
    def compare(self, call: str) -> None:
        """Show the card."""
        self._move(call, Input.OPENED)

    @Slot(str)
    def later(self, call: str) -> None:
        """Put the card away; nobody asks about this phone again by itself."""
        self._move(call, Input.LATER)

    @Slot(str)
    def misread(self, call: str) -> None:
        """Have the code read once more."""
        self._move(call, Input.MISREAD)

    @Slot(str, str)
    def verify(self, call: str, heard: str) -> None:
        """Have what was heard compared."""
        asked = self._stands(call)

        def refused(sentence: str) -> None:
            row = self._rows.find(call)
            differs = row is not None and row["alarm"] == "Codes do not match"
            self._unreadable = "" if differs else sentence
            # the alarm may have come first, and have been answered: what differed then is no second time
            self._move(call, Input.DIFFERED if differs and self._stands(call) is asked else None)

        def answered(_: Any) -> None:
            self._unreadable = ""
            self._move(call, Input.MATCHED)

        self._backend.request("call.verify", {"call": call, "code": heard}, answered, refused)

    @Slot(str, str)
    def name(self, call: str, name: str) -> None:
        """Say whose phone that is."""
        row = self._rows.find(call)
        if row is not None and row["peer_zid"] and name.strip():
            self._ask("peers.rename", peer=row["peer_zid"], name=name.strip())
        self._move(call, Input.NAMED)

    def _stands(self, call: str) -> State | None:
        ritual = self._rituals.get(call)
        return None if ritual is None else ritual.state

    def _move(self, call: str, happened: Input | None) -> None:
        ritual = self._rituals.get(call)
        row = self._rows.find(call)
        if ritual is None or row is None:
            return
        if happened is not None:
            ritual.feed(happened)
        if ritual.state is not State.HIDDEN and row["peer_zid"]:
            self._settings.asked(row["peer_zid"])
        self._rows.put(_beside(row, ritual))
        self.changed.emit()

    # what the backend tells

    def _ask(self, method: str, answered: Callable[[Any], None] = lambda _: None, **params: Any) -> None:
        self._backend.request(method, params, answered, self.refused.emit)

    def _dialled(self, call: Call) -> None:
        self._chosen = call["id"]
        self.changed.emit()
        self.dialled.emit()

    def _connected(self) -> None:
        if self._backend.connected:
            self._backend.request("status", {}, self._look_again)
            self._backend.request("sas.words", {}, self._take_words)
        else:
            self._rows.replace([])
            self._rituals.clear()
            self.changed.emit()

    def _take_words(self, words: list[str]) -> None:
        self._words = words
        self.changed.emit()

    def _look_again(self, status: Status) -> None:
        views = [self._view(call) for call in status["calls"]]
        news = [view for view in views if self._alarms(view)]
        self._rows.replace(views)
        self._rituals = {row["id"]: self._rituals[row["id"]] for row in self._rows.all}
        self._after()
        for view in news:
            self.alarmed.emit(view)

    def _happened(self, event: Event) -> None:
        if "call" not in event:
            return
        view = self._view(event["call"])
        match event["event"]:
            case "call.ended":
                self._rows.take(view["id"])
                self._rituals.pop(view["id"], None)
                self._enrolled.discard(view["id"])
                self.ended.emit(view)
            case "call.incoming":
                self._rows.put(view)
                self.rang.emit(view)
            case _:
                alarms = self._alarms(view)
                self._rows.put(view)
                if alarms:
                    self.alarmed.emit(view)
        self._after()

    def _alarms(self, view: Row) -> bool:
        """Return whether a call, since it was last shown, has come to need a look."""
        before = self._rows.find(view["id"])
        return _alarm(view) not in (None, _alarm(before) if before else None)

    def _after(self) -> None:
        if self._rows.rowCount() and not self._look.isActive():
            self._look.start()
        elif not self._rows.rowCount():
            self._look.stop()
        self.changed.emit()

    def _count(self) -> None:
        self._backend.request("status", {}, self._counted)

    def _counted(self, status: Status) -> None:
        self._look_again(status)
        for row in self._rows.all:
            ritual, numbers = self._rituals[row["id"]], row["statistics"]
            open_question = row["level"] == "ENCRYPTED" and not row["pending"] and row["sas"]
            if numbers is None or not open_question or row["held"] or row["remote_held"]:
                continue
            talked = ritual.hear(numbers["packets_sent"], numbers["packets_received"])
            if talked and (row["alarm"] or not self._settings.was_asked(row["peer_zid"])):
                self._move(row["id"], Input.TALKED)

    def _view(self, call: Call) -> Row:
        ritual = self._rituals.setdefault(call["id"], Ritual())
        words, details = security.quality(call)
        view = {
            **call,
            **security.protection(call),
            "title": short(call["remote_name"] or _user(call["remote_uri"])),
            "progress": progress(call),
            "enrolled": call["id"] in self._enrolled,
            "quality": words,
            "quality_details": details,
            "protected_by": security.algorithms(call),
            "notices": [security.said(notice) for notice in call["notices"]],
        }
        if self._alarms(view):
            # whatever is being asked or named meanwhile: it is not to be overlooked
            differs = view["alarm"] == "Codes do not match"
            ritual.feed(Input.DIFFERED if differs else Input.LATER)
        return _beside(view, ritual)


def _beside(row: Row, ritual: Ritual) -> Row:
    """Return a row with where the comparing of codes stands; while it asks, no alarm has its place."""
    alarmed = row["tone"] == "alarm" and ritual.state not in ASKING
    return {**row, "ritual": ritual.state.value, "alarmed": alarmed}


def progress(call: Call) -> str:
    """Return how far a call is, in words; its duration once it is answered."""
    match call["state"]:
        case "calling":
            return translate("Calls", "Calling...")
        case "ringing" | "early":
            return translate("Calls", "Ringing...")
        case "incoming":
            return translate("Calls", "Incoming call")
        case "ended":
            return security.said(call["reason"])
        case _:
            minutes, seconds = divmod(int(call["statistics"]["duration_s"] if call["statistics"] else 0), 60)
            return f"{minutes}:{seconds:02}"


def _alarm(row: Row) -> str | None:
    lost: str | None = row["pending"] if row["pending"] == "Protection lost" else None
    return row["alarm"] or lost


def _user(uri: str) -> str:
    address = uri.partition(":")[2] or uri
    return address.partition("@")[0] or address
