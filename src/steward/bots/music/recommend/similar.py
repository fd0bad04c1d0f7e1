"""What speaks for artists, as the database has it: near artists, listeners of a similar taste, tags, popularity."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from heapq import nlargest
from typing import NamedTuple

from steward.bots.music.catalogue.lookups import rows_in
from steward.bots.music.recommend.vectors import IDS, WEIGHTS, VectorKind, as_vector, unpacked
from steward.store import Transaction, Value, marks

WELL_KNOWN = 20
"""Listeners of an artist with whom no service is asked what is near it."""
NEAREST_LISTENERS = 50
MOST_FOUND = 300
"""Artists that listeners of a similar taste are asked for."""
MOST_COMPARED = 20_000
"""Pairs of an artist and a listener by which tastes are compared, the rarest artists first: they tell most."""

_VECTORS = "SELECT artist, ids, weights FROM music_vectors WHERE kind = ? AND artist IN ({})"


Vector = tuple["array[int]", "array[float]"]
"""Artists, and how near each is; the nearest first."""


class NearOfProfile(NamedTuple):
    """
    What the artists of a profile speak for.

    Attributes:
        scores: of artists.
        vectors: by artist of the profile, those near it: by listeners, and as a service says.

    """

    scores: dict[int, float]
    vectors: dict[int, list[Vector]]

    def nearest_to(self, artist: int, profile: Mapping[int, float], most: int) -> list[int]:
        """Return the artists of the profile that speak most for an artist."""
        told: dict[int, float] = {}
        for source, vectors in self.vectors.items():
            for ids, weights in vectors:
                if artist in ids:
                    told[source] = told.get(source, 0.0) + profile[source] * weights[ids.index(artist)]
        return nlargest(most, told, key=lambda source: (told[source], -source))


def near_of(
    tx: Transaction, profile: Mapping[int, float], told: Mapping[int, Mapping[int, float]] | None = None
) -> NearOfProfile:
    """
    Return what each artist of a profile speaks for, by listeners and services together.

    Args:
        told: by artist of the profile, those that a service says are near it.

    """
    vectors: dict[int, list[Vector]] = {}
    for source, near in (told or {}).items():
        if source in profile:
            vectors[source] = [(array(IDS, near), array(WEIGHTS, near.values()))]
    for source, ids, weights in rows_in(tx, _VECTORS, sorted(profile), VectorKind.NEAR):
        vectors.setdefault(source, []).append(unpacked(ids, weights))
    scores: dict[int, float] = {}
    for source, of_one in vectors.items():
        factor = profile[source]
        for vector in of_one:
            for artist, weight in zip(*vector, strict=False):
                scores[artist] = scores.get(artist, 0.0) + factor * weight
    return NearOfProfile(scores, vectors)


def well_known(tx: Transaction, artists: Iterable[int]) -> set[int]:
    """Return those of some artists that so many listen to that what is near them is known here as well as anywhere."""
    sql = "SELECT artist FROM music_audience WHERE listeners >= ? AND artist IN ({})"
    return {artist for (artist,) in rows_in(tx, sql, sorted(artists), WELL_KNOWN)}


def nearest_artists(tx: Transaction, artists: Iterable[int], most: int) -> dict[int, list[int]]:
    """Return the artists next to each of some, the nearest first; those next to none are left out."""
    found = {}
    for artist in sorted(artists):
        ranked = sorted((-score, other) for other, score in near_of(tx, {artist: 1.0}).scores.items())
        found[artist] = [other for _, other in ranked[:most]]
    return found


def tags_of(tx: Transaction, artists: Sequence[int]) -> dict[int, dict[int, float]]:
    """Return the tags of artists, each a vector of length 1."""
    return {artist: as_vector(ids, weights) for artist, ids, weights in rows_in(tx, _VECTORS, artists, VectorKind.TAGS)}


class OthersTaste(NamedTuple):
    """
    What listeners of a similar taste listen to.

    Attributes:
        scores: of artists.
        listeners: how alike each is; the most alike first.

    """

    scores: dict[int, float]
    listeners: dict[int, float]


# How alike two are is the cosine of their rarities, squared; so no root is needed, which not each SQLite can draw.
# CROSS JOIN: with a plain one SQLite may begin with the table of all that everybody listens to.
_ALIKE = """
WITH shared AS (
    SELECT l.listener AS listener, SUM(a.rarity) AS common
    FROM music_audience a CROSS JOIN music_listening l
    WHERE a.artist IN ({artists}) AND l.artist = a.artist AND l.listener NOT IN ({without})
    GROUP BY l.listener
), alike AS (
    SELECT s.listener AS listener, s.common * s.common / n.norm AS likeness
    FROM shared s CROSS JOIN music_listeners n
    WHERE n.listener = s.listener AND n.norm > 0
    ORDER BY likeness DESC, listener LIMIT {nearest}
), found AS (
    SELECT l.artist AS artist, SUM(k.likeness) AS score
    FROM alike k CROSS JOIN music_listening l
    WHERE l.listener = k.listener
    GROUP BY l.artist ORDER BY score DESC, artist LIMIT {most}
)
SELECT 1, artist, score FROM found UNION ALL SELECT 0, listener, likeness FROM alike
"""


def others_taste(tx: Transaction, profile: Collection[int], without: Collection[int] = ()) -> OthersTaste:
    """
    Return what those listen to whose taste is most like a profile: by how many rare artists they have in common.

    Args:
        without: listeners who aren't asked, such as whoever the profile is of.

    """
    profile = _rarest(tx, profile)
    if not profile:
        return OthersTaste({}, {})
    sql = _ALIKE.format(
        artists=marks(profile), without=marks(without or (0,)), nearest=NEAREST_LISTENERS, most=MOST_FOUND
    )
    values: tuple[Value, ...] = (*sorted(profile), *(sorted(without) or (NOBODY,)))
    scores, listeners = dict[int, float](), dict[int, float]()
    for is_artist, number, score in tx.all(sql, values):
        (scores if is_artist else listeners)[number] = score
    return OthersTaste(scores, dict(sorted(listeners.items(), key=lambda item: (-item[1], item[0]))))


def _rarest(tx: Transaction, profile: Collection[int]) -> list[int]:
    """Return the artists of a profile that few listen to, as many as can be compared; one at least."""
    sql = "SELECT artist, listeners FROM music_audience WHERE artist IN ({})"
    audience = sorted((listeners, artist) for artist, listeners in rows_in(tx, sql, sorted(profile)))
    found: list[int] = []
    pairs = 0
    for listeners, artist in audience:
        pairs += listeners
        if found and pairs > MOST_COMPARED:
            break
        found.append(artist)
    return found


NOBODY = -(2**62)
"""No listener has this number."""


def most_heard(tx: Transaction, most: int) -> dict[int, int]:
    """Return the artists that most listen to here; where that isn't known, by the catalogue."""
    rows = tx.all("SELECT artist, listeners FROM music_audience ORDER BY listeners DESC, artist LIMIT ?", (most,))
    found: dict[int, int] = dict(map(tuple, rows))
    if len(found) < most:
        sql = "SELECT id FROM music_artists ORDER BY listeners DESC, id LIMIT ?"
        for (artist,) in tx.all(sql, (most,)):
            found.setdefault(artist, 0)
    return found
