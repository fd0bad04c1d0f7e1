"""Keep artists as they are told: some hundred in a statement, whoever tells of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from steward.bots.music.catalogue.lookups import change_in, rows_in
from steward.bots.music.catalogue.names import folded_name, folded_tag, shown_artist
from steward.store import Transaction


@dataclass(frozen=True, slots=True)
class ToldArtist:
    """
    An artist as a provider, an import or the generator tells of them.

    Attributes:
        listeners: 0 where it isn't told.
        tags: each with how many people gave it.

    """

    name: str
    mbid: str | None = None
    aliases: Sequence[str] = ()
    listeners: int = 0
    tags: Mapping[str, int] = field(default_factory=dict)


class _Known:
    """The artists that are kept already, of those that are told."""

    def __init__(self, tx: Transaction, told: Collection[ToldArtist]) -> None:
        mbids = sorted({one.mbid for one in told if one.mbid})
        rows = rows_in(tx, "SELECT mbid, id FROM music_artists WHERE mbid IN ({})", mbids)
        self._by_mbid: dict[str, int] = dict(map(tuple, rows))
        names = sorted({folded_name(one.name) for one in told})
        # Of several of one name the last stays: the one with the most listeners.
        sql = "SELECT folded, id, mbid FROM music_artists WHERE folded IN ({}) ORDER BY listeners, id DESC"
        self._by_name: dict[str, tuple[int, str | None]] = {
            folded: (number, mbid) for folded, number, mbid in rows_in(tx, sql, names)
        }

    def find(self, one: ToldArtist) -> int | None:
        """Return the artist that is meant: of that MusicBrainz id, or of that name where one of them has no id."""
        if one.mbid and one.mbid in self._by_mbid:
            return self._by_mbid[one.mbid]
        number, mbid = self._by_name.get(folded_name(one.name), (None, None))
        return number if not (mbid and one.mbid) else None

    def claim(self, one: ToldArtist, number: int) -> None:
        """Have an artist be the one of that MusicBrainz id: one of the same name with another id is somebody else."""
        if one.mbid:
            self._by_mbid[one.mbid] = number
            name = folded_name(one.name)
            if self._by_name.get(name, (number, None))[0] == number:
                self._by_name[name] = number, one.mbid


def keep_artists(tx: Transaction, told: Sequence[ToldArtist]) -> list[int]:
    """
    Keep artists, and return their numbers, in order.

    One that is known takes what is told anew: its name, more aliases, listeners and tags where any are told. The same
    artist may be told of twice at once.

    Raises:
        ValueError: a name is empty.

    """
    if not all(folded_name(one.name) for one in told):
        raise ValueError("an artist has no name")
    found = _update(tx, told)
    new = [one for one, number in zip(told, found, strict=True) if number is None]
    if new:
        _insert(tx, new)
        known = _Known(tx, new)
        found = [known.find(one) if number is None else number for one, number in zip(told, found, strict=True)]
    numbers = [number for number in found if number is not None]
    _keep_names(tx, told, numbers)
    _keep_tags(tx, {number: one.tags for number, one in zip(numbers, told, strict=True) if one.tags})
    return numbers


def _update(tx: Transaction, told: Sequence[ToldArtist]) -> list[int | None]:
    """Return the numbers of those that are known, and set in them what may have changed; None for the others."""
    known = _Known(tx, told)
    found = []
    changed: dict[int, ToldArtist] = {}
    for one in told:
        number = known.find(one)
        found.append(number)
        if number is not None:
            known.claim(one, number)
            changed[number] = one
    tx.executemany(
        "UPDATE music_artists SET name = ?, folded = ?, mbid = COALESCE(?, mbid),"
        " listeners = CASE WHEN ? > 0 THEN ? ELSE listeners END WHERE id = ?",
        [
            (shown_artist(one.name), folded_name(one.name), one.mbid or None, one.listeners, one.listeners, number)
            for number, one in changed.items()
        ],
    )
    return found


def _insert(tx: Transaction, told: Sequence[ToldArtist]) -> None:
    """Insert artists, each once; one that is told without an id is the one of that name that is told with one."""
    named = {folded_name(one.name) for one in told if one.mbid}
    new: dict[str, tuple[str, str, str | None, int]] = {}
    for one in told:
        name = folded_name(one.name)
        if one.mbid or name not in named:
            new[one.mbid or name] = shown_artist(one.name), name, one.mbid or None, one.listeners
    tx.executemany("INSERT INTO music_artists (name, folded, mbid, listeners) VALUES (?, ?, ?, ?)", new.values())


def _keep_names(tx: Transaction, told: Sequence[ToldArtist], numbers: Sequence[int]) -> None:
    wanted: dict[tuple[str, int], int] = {}
    for number, one in zip(numbers, told, strict=True):
        for alias in filter(None, map(folded_name, one.aliases)):
            wanted.setdefault((alias, number), 1)
        wanted[folded_name(one.name), number] = 0
    sql = "SELECT folded, artist, is_alias FROM music_artist_names WHERE artist IN ({})"
    changed = []
    for folded, number, is_alias in list(rows_in(tx, sql, sorted(set(numbers)))):
        to_be = wanted.pop((folded, number), 1)  # a name that isn't told any more is an alias
        if to_be != is_alias:
            changed.append((to_be, folded, number))
    tx.executemany("UPDATE music_artist_names SET is_alias = ? WHERE folded = ? AND artist = ?", changed)
    tx.executemany(
        "INSERT INTO music_artist_names (folded, artist, is_alias, letters) VALUES (?, ?, ?, ?)",
        [(folded, number, is_alias, len(folded)) for (folded, number), is_alias in wanted.items()],
    )


def _keep_tags(tx: Transaction, tags: Mapping[int, Mapping[str, int]]) -> None:
    """Have these artists carry these tags, and no others."""
    folded = {number: _folded_tags(of_one) for number, of_one in tags.items()}
    numbers = _tag_numbers(tx, {name for of_one in folded.values() for name in of_one})
    before = rows_in(tx, "SELECT DISTINCT tag FROM music_artist_tags WHERE artist IN ({})", sorted(tags))
    touched = {*numbers.values(), *(tag for (tag,) in before)}
    change_in(tx, "DELETE FROM music_artist_tags WHERE artist IN ({})", sorted(tags))
    tx.executemany(
        "INSERT INTO music_artist_tags (artist, tag, weight) VALUES (?, ?, ?)",
        [(number, numbers[name], weight) for number, of_one in folded.items() for name, weight in of_one.items()],
    )
    _count_carriers(tx, touched)


def _folded_tags(tags: Mapping[str, int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, weight in tags.items():
        key = folded_tag(name)
        if key and weight > 0:
            found[key] = found.get(key, 0) + weight
    return found


def _tag_numbers(tx: Transaction, names: Iterable[str]) -> dict[str, int]:
    """Return the numbers of tags by name; new ones are kept."""
    wanted = sorted(names)
    found = _known_tags(tx, wanted)
    tx.executemany("INSERT INTO music_tags (name) VALUES (?)", [(name,) for name in wanted if name not in found])
    return _known_tags(tx, wanted)


def _known_tags(tx: Transaction, names: Sequence[str]) -> dict[str, int]:
    return dict(map(tuple, rows_in(tx, "SELECT name, id FROM music_tags WHERE name IN ({})", names)))


def add_tags(tx: Transaction, tags: Mapping[int, Mapping[str, int]]) -> None:
    """Have these artists carry these tags beside those that they have; of two weights of one the greater counts."""
    folded = {number: _folded_tags(of_one) for number, of_one in tags.items()}
    numbers = _tag_numbers(tx, {name for of_one in folded.values() for name in of_one})
    sql = tx.dialect.upsert("music_artist_tags", key=("artist", "tag"), peak=("weight",))
    rows = [(number, numbers[name], weight) for number, of_one in folded.items() for name, weight in of_one.items()]
    tx.executemany(sql, sorted(rows))
    _count_carriers(tx, numbers.values())


def _count_carriers(tx: Transaction, tags: Iterable[int]) -> None:
    change_in(
        tx,
        "UPDATE music_tags SET artists = (SELECT COUNT(*) FROM music_artist_tags t WHERE t.tag = music_tags.id)"
        " WHERE id IN ({})",
        sorted({*tags}),
    )
