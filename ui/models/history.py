"""Past calls, and whom one may want to call again."""

from __future__ import annotations

from collections import Counter
from typing import Any, ClassVar

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale, QObject, Qt, Slot

from phone.control.contract import Event, PastCall
from ui.client import Backend
from ui.models import security
from ui.models.address import short
from ui.models.listed import Listed
from ui.models.rows import Row, Rows
from ui.properties import Property

translate = QCoreApplication.translate


COUNT = 200
RECENT = 5


class History(Listed):
    """The latest calls, the last one first."""

    KEY = "key"
    METHOD = "history"
    PARAMS: ClassVar[dict[str, Any]] = {"count": COUNT}
    # whose address it is may have changed
    EDITED = frozenset({"history", "contacts"})

    def __init__(self, backend: Backend, parent: QObject | None = None) -> None:
        super().__init__(backend, parent)
        self._recent = Rows("uri", self)

    @Property(QObject, constant=True)
    def recent(self) -> Rows:
        """The last calls with different people, as ``row``."""
        return self._recent

    @Slot(str, result=str)
    def last_level(self, uri: str) -> str:
        """Return in words how the last call with ``uri`` was protected; empty if there was none."""
        for row in self._rows.all:
            if row["uri"] == uri and row["duration_s"] is not None:
                return security.level_words(row["level"])
        return ""

    @Slot()
    def clear(self) -> None:
        """Forget all calls."""
        self._backend.request("history.clear")

    def _happened(self, event: Event) -> None:
        super()._happened(event)
        if event["event"] == "call.ended":
            self.refresh()

    def _listed(self, calls: list[PastCall]) -> None:
        rows = [_view(call) for call in calls]
        alike: Counter[str] = Counter()
        # counted from the oldest one: a call keeps its row when others come
        for row in reversed(rows):
            moment = f"{row['ended']} {row['uri']}"
            row["key"] = f"{moment} {alike[moment]}"
            alike[moment] += 1
        self._rows.replace(rows)
        latest: dict[str, Row] = {}
        for row in rows:
            latest.setdefault(row["uri"], row)
        self._recent.replace(list(latest.values())[:RECENT])


def _view(call: PastCall) -> Row:
    answered = call["duration_s"] is not None
    user = call["uri"].partition(":")[2].partition("@")[0]
    if call["direction"] == "outgoing":
        way = translate("History", "outgoing")
    elif answered:
        way = translate("History", "incoming")
    else:
        way = translate("History", "missed")
    return {
        **call,
        "title": short(call["name"] or user or call["uri"]),
        "way": way,
        "missed": call["direction"] == "incoming" and not answered,
        "when": day(call["ended"], time=True),
        "shape": security.SHAPES[call["level"]] if answered else "",
        "tone": security.TONES[call["level"]] if answered else "",
        "words": security.level_words(call["level"]) if answered else "",
        "lasted": "{}:{:02}".format(*divmod(int(call["duration_s"] or 0), 60)) if answered else "",
    }


def day(text: str, *, time: bool = False) -> str:
    """Return an ISO 8601 date-time of the backend as people here write it."""
    moment = QDateTime.fromString(text, Qt.DateFormat.ISODate).toLocalTime()
    if time:
        return QLocale().toString(moment, QLocale.FormatType.ShortFormat)
    return QLocale().toString(moment.date(), QLocale.FormatType.ShortFormat)
