"""Keep what an imported file tells: a batch and its place in one transaction, so that each line counts once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from secrets import token_hex
from typing import NamedTuple

from steward.bots.music.catalogue.heard import NamedArtist, heard_artists
from steward.bots.music.catalogue.imports.outside import LEAST
from steward.bots.music.catalogue.imports.tables import ImportRow
from steward.bots.music.catalogue.keeping import ToldArtist, add_tags, keep_artists
from steward.bots.music.catalogue.lookups import change_in, rows_in
from steward.bots.music.catalogue.names import LONGEST_NAME, folded_name
from steward.store import Transaction, kv

MOST_PAIRS = 1_000_000
"""Pairs of a listener from outside and an artist; with more, half of the listeners go."""
AT_ONCE = 500
_SALT, _FLOOR, _PAIRS = "music.outside.salt", "music.outside.floor", "music.outside.pairs"


class ImportedFile(NamedTuple):
    """
    A file, and how far it is.

    Attributes:
        member, place, line: where it goes on.
        lines, bad, kept: how many were read, were unreadable, and are kept.
        finished_ms: when it was done; None if it isn't.

    """

    id: int
    name: str
    member: int
    place: int
    line: int
    lines: int
    bad: int
    kept: int
    begun_ms: int
    finished_ms: int | None


class FileBatch(NamedTuple):
    """
    A batch of rows as the reading child has told it.

    Attributes:
        at: the place after it, as in `ImportedFile`.
        read: bytes of the file, packed as it is.
        lines, good: of these so many were read and understood.
        bad: some of those that weren't, with the reason.

    """

    kind: str
    rows: Sequence[ImportRow]
    at: tuple[int, int, int]
    read: int
    lines: int
    good: int
    bad: Sequence[str]


_FILES = "SELECT id, name, member, place, line, lines_read, lines_bad, kept, begun_at, finished_at FROM music_imports"


def imported_files(tx: Transaction) -> list[ImportedFile]:
    """Return the files of which anything was imported, in the order in which they were begun."""
    return [ImportedFile(*row) for row in tx.all(f"{_FILES} ORDER BY id")]


def begin_file(tx: Transaction, fingerprint: str, name: str) -> ImportedFile:
    """Return the file with this fingerprint: as far as it is, or as new."""
    tx.insert_new("music_imports", {"fingerprint": fingerprint, "name": name[:200], "begun_at": tx.now_ms})
    row = tx.one(f"{_FILES} WHERE fingerprint = ?", (fingerprint,))
    if row is None:
        raise RuntimeError("What was begun is there.")
    return ImportedFile(*row)


def salt(tx: Transaction) -> str:
    """Return the salt of listeners' numbers, which is made with the first file."""
    found = kv.get(tx, _SALT)
    if found is None:
        found = token_hex(32)
        kv.put(tx, _SALT, found)
    return found


def take_batch(tx: Transaction, file: int, batch: FileBatch) -> int:
    """Keep a batch of a file and the place after it, and return how many of its lines are kept."""
    rows = _KEEP[batch.kind](tx, batch.rows) if batch.rows else 0
    kept = round(batch.good * rows / len(batch.rows)) if rows else 0  # a row is of several lines, or some are of one
    tx.execute(
        "UPDATE music_imports SET member = ?, place = ?, line = ?, lines_read = lines_read + ?,"
        " lines_bad = lines_bad + ?, kept = kept + ? WHERE id = ?",
        (*batch.at, batch.lines, batch.lines - batch.good, kept, file),
    )
    return kept


def finish_file(tx: Transaction, file: int) -> ImportedFile:
    """Note that a file is done."""
    tx.execute("UPDATE music_imports SET finished_at = ? WHERE id = ?", (tx.now_ms, file))
    row = tx.one(f"{_FILES} WHERE id = ?", (file,))
    if row is None:
        raise RuntimeError("What was read is there.")
    return ImportedFile(*row)


def drop_file(tx: Transaction, file: int) -> None:
    """Forget a file of which nothing is kept."""
    tx.execute("DELETE FROM music_imports WHERE id = ? AND kept = 0", (file,))


def _keep_plays(tx: Transaction, rows: Sequence[ImportRow]) -> int:
    floor = int(kv.get(tx, _FLOOR) or LEAST)
    rows = [row for row in rows if row[0] > floor]
    artists = heard_artists(tx, sorted({NamedArtist(name, mbid) for _, name, mbid, _ in rows}))
    plays: dict[tuple[int, int], int] = {}
    for listener, name, mbid, many in rows:
        artist = artists.get(NamedArtist(name, mbid))
        if artist is not None:
            plays[listener, artist] = plays.get((listener, artist), 0) + many
    sql = tx.dialect.upsert("music_listening", key=("listener", "artist"), add=("plays",))
    tx.executemany(sql, [(*pair, many) for pair, many in sorted(plays.items())])
    kv.put(tx, _PAIRS, str(int(kv.get(tx, _PAIRS) or 0) + len(plays)))
    return len(rows)


def have_fewer(tx: Transaction, most: int = MOST_PAIRS) -> bool:
    """
    Have listeners from outside be at most so many pairs; return whether there are more to be dropped.

    Whoever has a number at or below a floor is dropped, and isn't taken in again: by chance, so that those who stay
    are as lopsided as all were.
    """
    floor = int(kv.get(tx, _FLOOR) or LEAST)
    if drop_listeners(tx, floor):
        return True
    if int(kv.get(tx, _PAIRS) or 0) <= most:  # what was counted twice isn't known from this
        return False
    pairs = tx.value("SELECT COUNT(*) FROM music_listening WHERE listener < 0")
    kv.put(tx, _PAIRS, str(pairs))
    if pairs > most:
        kv.put(tx, _FLOOR, str(floor // 2))
    return bool(pairs > most)


def drop_listeners(tx: Transaction, floor: int) -> int:
    """Drop some hundred listeners from outside at or below a number, and return how many those were."""
    sql = "SELECT DISTINCT listener FROM music_listening WHERE listener <= ? ORDER BY listener LIMIT ?"
    listeners = [listener for (listener,) in tx.all(sql, (floor, AT_ONCE))]
    for table in ("music_listening", "music_listeners"):
        change_in(tx, f"DELETE FROM {table} WHERE listener IN ({{}})", listeners)  # noqa: S608 - ours
    return len(listeners)


def _keep_tags(tx: Transaction, rows: Sequence[ImportRow]) -> int:
    artists = heard_artists(tx, sorted({NamedArtist(name, mbid) for name, mbid, _, _ in rows}))
    tags: dict[int, dict[str, int]] = {}
    for name, mbid, tag, count in rows:
        artist = artists.get(NamedArtist(name, mbid))
        if artist is not None:
            of_one = tags.setdefault(artist, {})
            of_one[tag] = max(count, of_one.get(tag, 0))
    add_tags(tx, tags)
    return len(rows)


def _keep_source_artists(tx: Transaction, rows: Sequence[ImportRow]) -> int:
    """Note which artists of the catalogue MusicBrainz's are; the others are millions whom nobody here hears."""
    sql = "SELECT mbid, id FROM music_artists WHERE mbid IN ({})"
    by_mbid: dict[str, int] = dict(map(tuple, rows_in(tx, sql, [mbid for _, mbid, _ in rows])))
    names = {folded_name(name) for _, mbid, name in rows if mbid not in by_mbid}
    sql = "SELECT folded, id FROM music_artists WHERE mbid IS NULL AND folded IN ({}) ORDER BY listeners, id DESC"
    by_name: dict[str, int] = dict(map(tuple, rows_in(tx, sql, sorted(names))))
    keep_artists(tx, [ToldArtist(name[:LONGEST_NAME], mbid) for _, mbid, name in rows if mbid in by_mbid])
    found = []
    for number, mbid, name in rows:
        artist = by_mbid.get(mbid, by_name.get(folded_name(name)))
        if artist is not None:
            found.append((number, artist, mbid, int(mbid not in by_mbid)))
    columns = ("artist", "mbid", "is_by_name")
    tx.executemany(tx.dialect.upsert("music_source_artists", key=("number",), replace=columns), found)
    return len(found)


def settle_names(tx: Transaction) -> bool:
    """
    Give some hundred artists that were found by name the id of the only one of that name; return if there are more.

    Where several at MusicBrainz have the name, nobody can tell which one is heard here.
    """
    sql = "SELECT artist, COUNT(*), MIN(number) FROM music_source_artists WHERE is_by_name = 1 GROUP BY artist LIMIT ?"
    found = tx.all(sql, (AT_ONCE,))
    several = [artist for artist, count, _ in found if count > 1]
    change_in(tx, "DELETE FROM music_source_artists WHERE is_by_name = 1 AND artist IN ({})", several)
    numbers = [number for _, count, number in found if count == 1]
    rows = [tuple(row) for row in rows_in(tx, _SOURCES, numbers)]
    tx.executemany(
        "UPDATE music_artists SET mbid = ? WHERE id = ? AND mbid IS NULL", [(mbid, artist) for artist, mbid in rows]
    )
    change_in(tx, "UPDATE music_source_artists SET is_by_name = 0 WHERE number IN ({})", numbers)
    return bool(found)


_SOURCES = "SELECT artist, mbid FROM music_source_artists WHERE number IN ({})"


def knows_source_artists(tx: Transaction) -> bool:
    """Return whether it is known which artists those of MusicBrainz's tables are."""
    return tx.one("SELECT number FROM music_source_artists LIMIT 1") is not None


def _known_sources(tx: Transaction, numbers: Iterable[int]) -> dict[int, int]:
    sql = "SELECT number, artist FROM music_source_artists WHERE number IN ({})"
    return dict(map(tuple, rows_in(tx, sql, sorted({*numbers}))))


def _keep_aliases(tx: Transaction, rows: Sequence[ImportRow]) -> int:
    known = _known_sources(tx, (number for number, _ in rows))
    names = sorted({(folded_name(name), known[number]) for number, name in rows if number in known})
    columns = ("folded", "artist", "is_alias", "letters")
    sql = tx.dialect.insert_new("music_artist_names", columns)
    tx.executemany(sql, [(name, artist, 1, len(name)) for name, artist in names])
    return len(names)


def _keep_source_tags(tx: Transaction, rows: Sequence[ImportRow]) -> int:
    sql = tx.dialect.upsert("music_source_tags", key=("number",), replace=("name",))
    tx.executemany(sql, [(number, name) for number, name in rows])
    return len(rows)


def _keep_source_artist_tags(tx: Transaction, rows: Sequence[ImportRow]) -> int:
    known = _known_sources(tx, (artist for artist, _, _ in rows))
    found = sorted((known[artist], tag, count) for artist, tag, count in rows if artist in known)
    sql = tx.dialect.upsert("music_source_artist_tags", key=("artist", "number"), peak=("weight",))
    tx.executemany(sql, found)
    return len(found)


def join_tags(tx: Transaction) -> bool:
    """Give some hundred artists the tags of MusicBrainz's tables whose names are known; return if there are more."""
    some = (
        "SELECT DISTINCT s.artist FROM music_source_artist_tags s JOIN music_source_tags t ON t.number = s.number"
        " ORDER BY s.artist LIMIT ?"
    )
    artists = [artist for (artist,) in tx.all(some, (AT_ONCE,))]
    sql = (
        "SELECT s.artist, t.name, s.weight, s.number FROM music_source_artist_tags s"
        " JOIN music_source_tags t ON t.number = s.number WHERE s.artist IN ({})"
    )
    tags: dict[int, dict[str, int]] = {}
    done = []
    for artist, name, weight, number in rows_in(tx, sql, artists):
        of_one = tags.setdefault(artist, {})
        of_one[name] = max(weight, of_one.get(name, 0))
        done.append((artist, number))
    add_tags(tx, tags)
    tx.executemany("DELETE FROM music_source_artist_tags WHERE artist = ? AND number = ?", done)
    return bool(artists)


_KEEP: Mapping[str, Callable[[Transaction, Sequence[ImportRow]], int]] = {
    "plays": _keep_plays,
    "tags": _keep_tags,
    "mb_artists": _keep_source_artists,
    "mb_aliases": _keep_aliases,
    "mb_tags": _keep_source_tags,
    "mb_artist_tags": _keep_source_artist_tags,
}


def waiting_tags(tx: Transaction) -> int:
    """Return how many tags of artists wait for the table with their names."""
    return int(tx.value("SELECT COUNT(*) FROM music_source_artist_tags") or 0)


def outside_counts(tx: Transaction) -> tuple[int, int]:
    """Return how many listeners from outside there are, and how many pairs of one of them and an artist."""
    sql = "SELECT COUNT(DISTINCT listener), COUNT(*) FROM music_listening WHERE listener < 0"
    row = tx.one(sql)
    return (0, 0) if row is None else (row[0], row[1])


def forget_imports(tx: Transaction) -> bool:
    """Forget what was imported of listeners and of files, some hundred listeners at a time; return if there is more."""
    if drop_listeners(tx, -1):
        return True
    for table in ("music_imports", "music_source_artists", "music_source_tags", "music_source_artist_tags"):
        tx.execute(f"DELETE FROM {table}")  # noqa: S608 - ours
    for key in (_SALT, _FLOOR, _PAIRS):
        kv.forget(tx, key)
    return False
