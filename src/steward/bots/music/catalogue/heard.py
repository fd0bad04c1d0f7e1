"""Artists as listens name them: found in the catalogue, or added to it. Nothing that is known is changed by that."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from steward.bots.music.catalogue.keeping import ToldArtist, keep_artists
from steward.bots.music.catalogue.lookups import rows_in
from steward.bots.music.catalogue.names import LONGEST_NAME, folded_name
from steward.store import Transaction


class NamedArtist(NamedTuple):
    """An artist as a service or a member names it; the MusicBrainz id may be empty."""

    name: str
    mbid: str = ""


def heard_artists(tx: Transaction, named: Iterable[NamedArtist]) -> dict[NamedArtist, int]:
    """
    Return the artists that are meant, by number; those that nobody knew are added, and what has no name is left out.

    One is known by its id, else by its name or an alias: of several, by the name, then the one with the most listeners.
    What a listen says renames nobody and gives nobody an id: whoever is heard as may be anything.
    """
    wanted = {one: folded_name(one.name) for one in named}
    wanted = {one: name for one, name in wanted.items() if name}
    found = _known(tx, wanted)
    new = {(one.mbid or wanted[one]): one for one in wanted if one not in found}
    if new:
        keep_artists(tx, [ToldArtist(one.name[:LONGEST_NAME], one.mbid or None) for one in new.values()])
        found |= _known(tx, {one: name for one, name in wanted.items() if one not in found})
    return found


def _known(tx: Transaction, wanted: dict[NamedArtist, str]) -> dict[NamedArtist, int]:
    sql = "SELECT mbid, id FROM music_artists WHERE mbid IN ({})"
    by_mbid: dict[str, int] = dict(map(tuple, rows_in(tx, sql, sorted({one.mbid for one in wanted if one.mbid}))))
    sql = (
        "SELECT n.folded, a.id, a.mbid FROM music_artist_names n JOIN music_artists a ON a.id = n.artist"
        " WHERE n.folded IN ({}) ORDER BY n.is_alias, a.listeners DESC, a.id"
    )
    by_name: dict[str, list[tuple[int, str | None]]] = {}
    for folded, number, mbid in rows_in(tx, sql, sorted(set(wanted.values()))):
        by_name.setdefault(folded, []).append((number, mbid))
    found = {}
    for one, name in wanted.items():
        if one.mbid in by_mbid:
            found[one] = by_mbid[one.mbid]
            continue
        for number, mbid in by_name.get(name, ()):
            if not (one.mbid and mbid):
                found[one] = number
                break
    return found
