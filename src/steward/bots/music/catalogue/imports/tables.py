"""What is in the lines of a file: listens, plays, tags, or one of MusicBrainz's tables, recognised by its content."""

from __future__ import annotations

import csv
import json
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any, ClassVar

from steward.bots.music.catalogue.imports.problems import UnreadableFile, UnreadableLine
from steward.bots.music.catalogue.names import folded_name, folded_tag
from steward.bots.music.providers.fields import inside, mbid_of, rows_of, text_of, whole_of

MOST_PLAYS = 10**9
MOST_NUMBER = 2**63 - 1
REMEMBERED = 20_000
KNOWN = "I read listens of ListenBrainz, tables of MusicBrainz, and CSV files: see docs/music.md."

ImportRow = Sequence[Any]
ListenerNumber = Callable[[str], int]


class ImportTable(ABC):
    """
    One format: it takes lines, and gives rows in which the same is added up.

    Attributes:
        kind: of its rows.
        has_header: whether the first line names columns.

    """

    kind: str
    has_header: ClassVar[bool] = False

    @abstractmethod
    def add(self, line: str) -> None:
        """
        Take a line.

        Raises:
            UnreadableLine: it isn't of this format.

        """

    @abstractmethod
    def rows(self) -> list[ImportRow]:
        """Return the rows of the lines taken since the last call."""

    @property
    @abstractmethod
    def size(self) -> int:
        """How many rows that would be."""


class _Plays(ImportTable):
    """(listener, artist, MusicBrainz id, plays)."""

    kind = "plays"

    def __init__(self, number: ListenerNumber) -> None:
        self._number = lru_cache(REMEMBERED)(number)
        self._plays: dict[tuple[int, str, str], int] = {}

    @property
    def size(self) -> int:
        return len(self._plays)

    def heard(self, listener: str, artist: str, mbid: str, plays: int) -> None:
        key = self._number(listener), artist, mbid
        self._plays[key] = min(MOST_PLAYS, self._plays.get(key, 0) + plays)

    def rows(self) -> list[ImportRow]:
        found: list[ImportRow] = [(*key, plays) for key, plays in self._plays.items()]
        self._plays.clear()
        return found


class Listens(_Plays):
    """
    Listens of ListenBrainz, a JSON object a line.

    Args:
        number: returns the number of a listener by name.
        nobody: stands for whoever's listens these are, where they don't say.

    """

    def __init__(self, number: ListenerNumber, nobody: str) -> None:
        super().__init__(number)
        self._nobody = nobody

    def add(self, line: str) -> None:
        """See `ImportTable`."""
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            raise UnreadableLine("it isn't JSON") from None
        told = inside(row, "track_metadata")
        artists = _artists_of(told)
        if not artists:
            raise UnreadableLine("no artist is named")
        listener = text_of(inside(row, "user_name")) or text_of(inside(row, "user_id")) or self._nobody
        for artist, mbid in artists:
            self.heard(listener, artist, mbid, 1)


def _artists_of(told: Any) -> Sequence[tuple[str, str]]:
    """Return the artists of a listen, each with an id if there is one: of a credit of several, each of them."""
    mapped = inside(told, "mbid_mapping")
    credited = inside(mapped, "artists")
    if isinstance(credited, list):
        each = {
            mbid_of(one.get("artist_mbid")): _named(text_of(one.get("artist_credit_name"))) for one in rows_of(credited)
        }
        if each and all(each) and all(each.values()):
            return [(name, mbid) for mbid, name in each.items()]
    name = _named(text_of(inside(told, "artist_name")))
    if not name:
        return ()
    ids = inside(mapped, "artist_mbids") or inside(told, "additional_info", "artist_mbids")
    return [(name, mbid_of(ids[0]) if isinstance(ids, list) and len(ids) == 1 else "")]


@lru_cache(REMEMBERED)
def _named(name: str) -> str:
    """Return a name if anything of it can be compared, else nothing."""
    return name if folded_name(name) else ""


class _Columns:
    """The columns of a CSV file by the names in its first line."""

    def __init__(self, names: Mapping[str, int], delimiter: str) -> None:
        self._names = names
        self._delimiter = delimiter

    def of(self, line: str) -> Callable[[str], str]:
        """Return what gives a field of a line by its column; empty for a column that isn't there."""
        try:
            (fields,) = csv.reader([line], delimiter=self._delimiter, strict=True)
        except (csv.Error, ValueError):
            raise UnreadableLine("its quotation marks don't match") from None
        if len(fields) <= max(self._names.values()):
            raise UnreadableLine(f"it has {len(fields)} of {1 + max(self._names.values())} columns")
        return lambda name: fields[self._names[name]] if name in self._names else ""


class CsvPlays(_Plays):
    """Plays, as `listener,artist,plays` and perhaps `mbid`."""

    has_header = True

    def __init__(self, columns: _Columns, number: ListenerNumber) -> None:
        super().__init__(number)
        self._columns = columns

    def add(self, line: str) -> None:
        """See `ImportTable`."""
        field = self._columns.of(line)
        listener, artist = text_of(field("listener")), _named(text_of(field("artist")))
        if not listener or not artist:
            raise UnreadableLine("no artist is named" if listener else "no listener is named")
        self.heard(listener, artist, mbid_of(field("mbid")), _positive(field("plays"), "plays", MOST_PLAYS))


class CsvTags(ImportTable):
    """(artist, MusicBrainz id, tag, count), as `artist,tag,count` and perhaps `mbid`."""

    kind = "tags"
    has_header = True

    def __init__(self, columns: _Columns) -> None:
        self._columns = columns
        self._counts: dict[tuple[str, str, str], int] = {}

    @property
    def size(self) -> int:
        """See `ImportTable`."""
        return len(self._counts)

    def add(self, line: str) -> None:
        """See `ImportTable`."""
        field = self._columns.of(line)
        artist, tag = _named(text_of(field("artist"))), folded_tag(field("tag"))
        if not artist or not tag:
            raise UnreadableLine("no tag is named" if artist else "no artist is named")
        key = artist, mbid_of(field("mbid")), tag
        self._counts[key] = max(self._counts.get(key, 0), _positive(field("count"), "count", MOST_PLAYS))

    def rows(self) -> list[ImportRow]:
        """See `ImportTable`."""
        found: list[ImportRow] = [(*key, count) for key, count in self._counts.items()]
        self._counts.clear()
        return found


def _positive(text: str, what: str, most: int) -> int:
    found = text.strip()
    if not found.isascii() or not found.isdigit() or not 0 < (number := int(found[:20])) <= most:
        raise UnreadableLine(f"{what} is no whole number above 0")
    return number


class MusicBrainzTable(ImportTable):
    """
    A table of MusicBrainz's dump: fields between tabs, escaped as PostgreSQL's COPY does.

    Args:
        kind: of the rows.
        columns: how many there are at least.
        read: returns a row of the fields; None for a row that isn't needed.

    """

    def __init__(self, kind: str, columns: int, read: Callable[[Sequence[str]], ImportRow | None]) -> None:
        self.kind = kind
        self._columns = columns
        self._read = read
        self._rows: list[ImportRow] = []

    @property
    def size(self) -> int:
        """See `ImportTable`."""
        return len(self._rows)

    def add(self, line: str) -> None:
        """See `ImportTable`."""
        fields = line.rstrip("\r\n").split("\t")
        if len(fields) < self._columns:
            raise UnreadableLine(f"it has {len(fields)} of {self._columns} columns")
        row = self._read(fields)
        if row is not None:
            self._rows.append(row)

    def rows(self) -> list[ImportRow]:
        """See `ImportTable`."""
        found, self._rows = self._rows, []
        return found


_ESCAPED = re.compile(r"\\(.)")
_MEANT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def _plain(field: str) -> str:
    if field == r"\N":
        return ""
    return _ESCAPED.sub(lambda found: _MEANT.get(found[1], found[1]), field) if "\\" in field else field


def _whole(field: str) -> int:
    number = whole_of(field) if field.lstrip("-").isascii() and field.lstrip("-").isdigit() else None
    if number is None or abs(number) > MOST_NUMBER:
        raise UnreadableLine("a number is missing")
    return number


def _artist(fields: Sequence[str]) -> ImportRow:
    number, mbid, name = _whole(fields[0]), mbid_of(fields[1]), _named(text_of(_plain(fields[2])))
    if not mbid or not name:
        raise UnreadableLine("no artist is named" if mbid else "MusicBrainz's id is missing")
    return number, mbid, name


def _alias(fields: Sequence[str]) -> ImportRow:
    number, name = _whole(fields[1]), _named(text_of(_plain(fields[2])))
    if not name:
        raise UnreadableLine("no alias is named")
    return number, name


def _tag(fields: Sequence[str]) -> ImportRow | None:
    number, name = _whole(fields[0]), folded_tag(_plain(fields[1]))
    return (number, name) if name else None


def _artist_tag(fields: Sequence[str]) -> ImportRow | None:
    artist, tag, count = map(_whole, fields[:3])
    return (artist, tag, min(count, MOST_PLAYS)) if count > 0 else None


_ID, _UUID, _TIME = r"\d+", r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", r"(?:\\N|\d{4}-\d\d-\d\d [\d:.+-]+)"
_FIELD = r"[^\t]*"
_TABLES: Sequence[tuple[str, int, re.Pattern[str], Callable[[Sequence[str]], ImportRow | None]]] = [
    (kind, columns, re.compile(rf"{pattern}(?:\t{_FIELD}){{0,20}}"), read)
    for kind, columns, pattern, read in (
        ("mb_artists", 3, rf"{_ID}\t{_UUID}\t{_FIELD}\t{_FIELD}(?:\t(?:\\N|\d+)){{6}}", _artist),
        ("mb_aliases", 3, rf"{_ID}\t{_ID}\t{_FIELD}\t{_FIELD}\t\d+\t{_TIME}", _alias),
        ("mb_artist_tags", 3, rf"{_ID}\t{_ID}\t-?\d+\t{_TIME}", _artist_tag),
        ("mb_tags", 2, rf"{_ID}\t{_FIELD}\t\d+", _tag),
    )
]
_OF_FILES = {"artist": "mb_artists", "artist_alias": "mb_aliases", "tag": "mb_tags", "artist_tag": "mb_artist_tags"}
"""By the names of files in MusicBrainz's archives: many more tables look the same."""
_LISTENS = (".listens", ".jsonl", ".json")


def table_of(head: bytes, name: str, *, is_archived: bool, number: ListenerNumber, nobody: str) -> ImportTable | None:
    """
    Return what reads a file, recognised by its beginning; None for a file of an archive that isn't needed.

    Args:
        head: its first bytes.
        number, nobody: see `Listens`.

    Raises:
        UnreadableFile: it is none of the formats.

    """
    base = name.rpartition("/")[2]
    if is_archived and not (base in _OF_FILES or base.lower().endswith((*_LISTENS, ".csv"))):
        return None
    try:
        found = _recognised(head, number, nobody)
    except UnreadableFile:
        if is_archived:
            return None
        raise
    if is_archived and isinstance(found, MusicBrainzTable) and found.kind != _OF_FILES.get(base):
        return None
    return found


def _recognised(head: bytes, number: ListenerNumber, nobody: str) -> ImportTable:
    if not head.strip():
        raise UnreadableFile("is empty.")
    if b"\0" in head:
        raise UnreadableFile("is no text: it is binary.", KNOWN)
    first = next(filter(None, map(str.rstrip, _decoded(head).splitlines())), "")
    begin = first.lstrip()[:1]
    if begin == "<":
        raise UnreadableFile("is a web page, not data.", "Download the file itself.")
    if begin == "{":
        return Listens(number, nobody)
    if begin == "[":
        raise UnreadableFile("is one JSON list.", "I read listens as JSON Lines: one object a line.")
    for kind, columns, pattern, read in _TABLES:
        if pattern.fullmatch(first):
            return MusicBrainzTable(kind, columns, read)
    return _csv_table(first, number)


def _decoded(head: bytes) -> str:
    return head.decode("utf-8-sig", "replace")


_COLUMNS = {
    **dict.fromkeys(("listener", "user", "user_id", "user_name", "username"), "listener"),
    **dict.fromkeys(("artist", "artist_name"), "artist"),
    **dict.fromkeys(("plays", "playcount", "play_count", "listens", "scrobbles"), "plays"),
    **dict.fromkeys(("mbid", "artist_mbid"), "mbid"),
    **dict.fromkeys(("tag", "genre"), "tag"),
    **dict.fromkeys(("count", "weight"), "count"),
}


def _csv_table(first: str, number: ListenerNumber) -> ImportTable:
    delimiter = max(",;\t", key=first.count)
    given = [name.strip(' "').lower() for name in first.split(delimiter)]
    names = {_COLUMNS[name]: index for index, name in reversed([*enumerate(given)]) if name in _COLUMNS}
    make: Callable[[_Columns], ImportTable]
    if {"listener", "artist"} <= names.keys() and ("plays" in names or "count" in names):
        names["plays"] = names.get("plays", names.get("count", 0))
        make = partial(CsvPlays, number=number)
    elif {"artist", "tag", "count"} <= names.keys():
        make = CsvTags
    else:
        raise UnreadableFile(
            "isn't of a format that I know.",
            f"{KNOWN} The first line of a CSV file names its columns: listener,artist,plays or artist,tag,count.",
        )
    return make(_Columns(names, delimiter))
