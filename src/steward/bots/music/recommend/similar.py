"""What speaks for artists, as the database has it: near artists, listeners of a similar taste, tags, popularity."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from steward.bots.music.catalogue.lookups import rows_in
from steward.bots.music.recommend.vectors import VectorKind, as_vector, unpacked
from steward.store import Transaction, Value, marks

NEAREST_LISTENERS = 50
MOST_FOUND = 300
"""Artists that listeners of a similar taste are asked for."""

_VECTORS = "SELECT artist, ids, weights FROM music_vectors WHERE kind = ? AND artist IN ({})"


class NearOfProfile(NamedTuple):
    """
    What the artists of a profile speak for.

    Attributes:
        scores: of artists.
        vectors: by artist of the profile, those near it, the nearest first.

    """

    scores: dict[int, float]
    vectors: dict[int, dict[int, float]]

    def nearest_to(self, artist: int, profile: Mapping[int, float], most: int) -> list[int]:
        """Return the artists of the profile that speak most for an artist."""
        told = {
            source: profile.get(source, 0.0) * vector[artist]
            for source, vector in self.vectors.items()
            if artist in vector
        }
        return sorted((source for source in told if told[source] > 0), key=lambda source: (-told[source], source))[
            :most
        ]


def near_of(tx: Transaction, profile: Mapping[int, float]) -> NearOfProfile:
    """Return what each artist of a profile speaks for, by listeners here and from outside together."""
    vectors: dict[int, dict[int, float]] = {}
    scores: dict[int, float] = {}
    for kind in (VectorKind.IMPORTED, VectorKind.LOCAL):
        for source, ids, weights in rows_in(tx, _VECTORS, sorted(profile), kind):
            factor = profile[source]
            vector = vectors.setdefault(source, {})
            for artist, weight in zip(*unpacked(ids, weights), strict=False):
                scores[artist] = scores.get(artist, 0.0) + factor * weight
                vector[artist] = vector.get(artist, 0.0) + weight
    return NearOfProfile(scores, vectors)


def nearest_artists(tx: Transaction, artists: Iterable[int], most: int) -> dict[int, list[int]]:
    """Return the artists next to each of some, the nearest first; those next to none are left out."""
    wanted = sorted(artists)
    vectors = near_of(tx, dict.fromkeys(wanted, 1.0)).vectors if wanted else {}
    return {
        artist: sorted(vector, key=lambda other: (-vector[other], other))[:most] for artist, vector in vectors.items()
    }


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
