"""The syntax of Asterisk's configuration files: sections, templates, comments, other files.

Follows what Asterisk 22 does (``process_text_line`` and ``config_text_file_load`` in its ``main/config.c``).
Where Asterisk warns and leaves a line out, this is an error: nothing is missing in silence.
"""

from __future__ import annotations

import glob
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from phone.store.database import StoreError

_BLANK: Final = bytes(range(33)).decode()
"""What Asterisk takes away around names and values."""
_PLAIN: Final = re.compile(r"[\w.@-]*")
"""What stands for itself in the regular expressions of a filter."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is written."""

    path: Path
    line: int
    """From 1 on; 0: the file as a whole."""

    def __str__(self) -> str:
        return f"{self.path}, line {self.line}" if self.line else str(self.path)


class AsteriskConfError(StoreError):
    """A configuration file of Asterisk cannot be used; the sentence begins with the file and the line."""

    def __init__(self, place: Place, sentence: str) -> None:
        """``sentence`` quotes no value: it may be a secret."""
        super().__init__(f"{place}: {sentence}")
        self.place = place


@dataclass(frozen=True, slots=True)
class Setting:
    """One ``name = value``."""

    name: str
    """In lower case: Asterisk makes no difference."""
    value: str = field(repr=False)
    """Bytes that are no UTF-8 are kept as ``surrogateescape`` has them."""
    place: Place


@dataclass(slots=True)
class Section:
    """One section with what it has inherited, in the order in which Asterisk applies it."""

    name: str
    place: Place
    template: bool = False
    settings: list[Setting] = field(default_factory=list)

    def all(self, name: str) -> list[Setting]:
        """Return every setting of that name."""
        return [setting for setting in self.settings if setting.name == name]

    def last(self, name: str) -> Setting | None:
        """Return the setting of that name that holds; ``None``: there is none, or it was emptied."""
        found = self.all(name)
        return found[-1] if found and found[-1].value else None


def read_sections(path: Path) -> list[Section]:
    """Return every section of a configuration file and of those that it includes, without the templates.

    Names of included files are relative to the folder of ``path``, as Asterisk takes them. Raise
    AsteriskConfError.
    """
    reader = _Reader(path.parent)
    reader.read(path, Place(path, 0))
    return [section for section in reader.sections if not section.template]


class _Reader:
    """What has been read so far."""

    def __init__(self, folder: Path) -> None:
        self.sections: list[Section] = []
        self._by_name: dict[str, list[Section]] = {}
        self._folder = folder
        self._current: Section | None = None
        self._open: list[Path] = []
        """Which files are being read, each included by the one before."""

    def read(self, path: Path, asked: Place) -> None:
        """Read a file; ``asked`` is where its name stands."""
        if path in self._open:
            raise AsteriskConfError(asked, f"{path} includes itself.")
        try:
            text = path.read_bytes().removeprefix(b"\xef\xbb\xbf").decode(errors="surrogateescape")
        except (OSError, ValueError) as error:  # ValueError: a name with a NUL
            cause = error.strerror if isinstance(error, OSError) else "it has an impossible name"
            raise AsteriskConfError(asked, f"{path} cannot be read: {cause}.") from error
        self._open.append(path)
        section = self._current
        for place, line in _without_comments(path, text):
            if line.startswith("["):
                section = self._header(place, line)
            elif line.startswith("#"):
                self._directive(place, line)  # what follows it belongs to the section before it
            else:
                self._setting(place, line, section)
        self._open.pop()

    def _header(self, place: Place, line: str) -> Section:
        """Begin a section: ``[name]``, ``[name](!)``, ``[name](template,...)``, ``[name](+)``."""
        name, closed, rest = line[1:].partition("]")
        if not closed:
            raise AsteriskConfError(place, "There is no ']'.")
        section = Section(name, place)
        if rest.startswith("("):
            options, closed, _ = rest[1:].partition(")")
            if not closed:
                raise AsteriskConfError(place, "There is no ')'.")
            for option in options.split(","):
                section = self._with_option(section, option, place)
        if section.place is place:
            self.sections.append(section)
            self._by_name.setdefault(name.lower(), []).append(section)
        self._current = section
        return section

    def _with_option(self, section: Section, option: str, place: Place) -> Section:
        if option == "!":
            section.template = True
            return section
        if option.startswith("+"):
            older = self._find(section.name, option[1:], place)
            if older is None:
                raise AsteriskConfError(place, f"There is no section [{section.name}] to add to.")
            if older is not section:
                older.template |= section.template
                older.settings += section.settings
            return older
        (base,) = self._by_name.get(option.lower(), [None])[:1]
        if base is None:
            raise AsteriskConfError(place, f"There is no section [{option}] to inherit from.")
        section.settings += base.settings
        return section

    def _find(self, name: str, condition: str, place: Place) -> Section | None:
        """Return the first section that fulfils ``name=value&...``; without it the first but templates."""
        for section in self._by_name.get(name.lower(), []):
            if _fulfils(section, condition, place):
                return section
        return None

    def _directive(self, place: Place, line: str) -> None:
        word, _, name = line[1:].replace("\t", " ").partition(" ")
        directive, name = word.lower(), name.strip(_BLANK)
        if directive == "exec":
            raise AsteriskConfError(place, "Parley runs no programs: include what it writes as a file.")
        if directive not in ("include", "tryinclude"):
            raise AsteriskConfError(place, "There is no such directive.")
        if name[:1] + name[-1:] in ('""', "<>"):
            name = name[1:-1]
        if not name or "{" in name or "\0" in name:
            raise AsteriskConfError(place, "This is no name of a file that can be included.")
        found = [self._folder / each for each in sorted(glob.glob(name, root_dir=self._folder))]
        files = [path for path in found if path.is_file()]
        if not files and directive == "include":
            raise AsteriskConfError(place, "There is no such file.")
        for path in files:
            self.read(path, place)

    @staticmethod
    def _setting(place: Place, line: str, section: Section | None) -> None:
        """Take ``name = value``, ``name => value`` or ``name += what is appended``."""
        escaped = line.startswith("\\")
        line = line.removeprefix("\\")
        if section is None:
            raise AsteriskConfError(place, "This stands before the first section.")
        at = line.find("=", escaped)
        if at < 0:
            raise AsteriskConfError(place, "There is no '='.")
        appended = at > escaped and line[at - 1] == "+"
        name = line[: at - appended].strip(_BLANK).lower()
        value = line[at + 1 :] if appended else line[at + 1 :].removeprefix(">")
        if not name:
            raise AsteriskConfError(place, "There is no name before the '='.")
        before = section.all(name) if appended else []
        if before:
            place_of_it = section.settings.index(before[-1])
            section.settings[place_of_it] = Setting(name, (before[-1].value + value).strip(_BLANK), place)
        else:
            section.settings.append(Setting(name, value.strip(_BLANK), place))


def _fulfils(section: Section, condition: str, place: Place) -> bool:
    """Tell whether ``(+condition)`` means this section."""
    template_wanted = False
    for term in filter(None, condition.split("&")):
        name, equals, value = (part.strip(_BLANK) for part in term.partition("="))
        if not equals or not _PLAIN.fullmatch(name) or not _PLAIN.fullmatch(value):
            raise AsteriskConfError(place, "Parley understands only words in the condition of a '+'.")
        if name == "TEMPLATES":
            template_wanted |= section.template
            if value.lower() == "restrict" and not section.template:
                return False
        elif not any(name in setting.name and value in setting.value for setting in section.settings):
            return False
    return template_wanted or not section.template


def _without_comments(path: Path, text: str) -> Iterator[tuple[Place, str]]:
    """Yield what is left of each line, if anything, without ``; ...`` and ``;-- ... --;``, which nest."""
    begun: list[Place] = []
    for number, line in enumerate(text.split("\n"), start=1):
        place = Place(path, number)
        if "\0" in line:
            raise AsteriskConfError(place, "There is a NUL in it: it is no text.")
        kept = _strip_comments(line, place, begun)
        if kept:
            yield place, kept
    if begun:
        raise AsteriskConfError(begun[-1], "The comment that begins here does not end.")


def _strip_comments(line: str, place: Place, begun: list[Place]) -> str:
    """Return a line without comments; ``begun``: where those that are open began, changed in place."""
    kept = ""
    start = 0  # of what is to be kept, outside of comments
    looked = 0
    while (at := line.find(";", looked)) >= 0:
        if at > looked and line[at - 1] == "\\":
            if not begun:
                kept += line[start : at - 1]
                start = at
            looked = at + 1
        elif line.startswith(";--", at) and not line.startswith(";---", at):
            if not begun:
                kept += line[start:at]
            begun.append(place)
            looked = at + 3
        elif at >= looked + 2 and line.startswith("--", at - 2):
            if not begun:
                raise AsteriskConfError(place, "A comment ends here that has not begun.")
            begun.pop()
            start = looked = at + 1
        elif begun:
            looked = at + 1
        else:
            return (kept + line[start:at]).strip(_BLANK)
    return kept.strip(_BLANK) if begun else (kept + line[start:]).strip(_BLANK)
