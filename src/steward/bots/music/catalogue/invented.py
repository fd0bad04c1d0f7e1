"""
An invented catalogue: artists that nobody has heard of, and listeners who like some genres, from a seed.

For the demo, the simulator and tests: it is as lopsided as real listening, and belongs to nobody.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from steward.bots.music.catalogue.keeping import ToldArtist
from steward.bots.music.catalogue.names import folded_name

ARTISTS, LISTENERS, PER_LISTENER = 1500, 400, 50
FRIENDS = 0.12
"""The share of what somebody listens to that a friend listens to."""
STRAY = 0.1
"""The share that is of any genre."""
ALIASED, OF_TWO_GENRES, OF_ONE_FAMILY = 0.05, 0.6, 0.8
"""Shares of artists: with an alias, of two genres, and of these with both of one family."""
EXPONENT = 0.9
"""Of Zipf's law: the n-th artist is asked for as 1 / n ** 0.9."""
SPREAD = 3
"""Listeners of the whole world to one of those that are invented, times a thousand."""

GENRES: Mapping[str, str] = {
    "rock": "indie rock, punk, post rock, progressive rock, shoegaze, grunge, psychedelic rock",
    "metal": "death metal, black metal, doom metal, power metal",
    "electronic": "techno, house, ambient, drum and bass, trance, synthpop, downtempo",
    "hip hop": "trap, boom bap",
    "jazz": "bebop, swing, fusion",
    "folk": "singer songwriter, bluegrass",
    "pop": "dream pop, indie pop, dance pop",
    "soul": "funk, disco",
    "classical": "piano",
}
"""The families, and what belongs to them: 40 in all."""

MOODS: Mapping[str, str] = {
    "calm": "ambient, piano, folk, downtempo, classical",
    "dreamy": "dream pop, shoegaze, ambient",
    "melancholic": "singer songwriter, post rock, piano, doom metal",
    "sad": "singer songwriter, piano, indie rock",
    "happy": "pop, funk, disco, swing",
    "party": "dance pop, house, disco, trap",
    "energetic": "punk, drum and bass, trance, power metal",
    "aggressive": "death metal, grunge, trap, black metal",
    "dark": "black metal, doom metal, techno",
    "romantic": "soul, swing, jazz, pop",
    "chillout": "downtempo, ambient, house, fusion",
    "atmospheric": "post rock, ambient, black metal, shoegaze",
    "epic": "power metal, progressive rock, classical",
    "groovy": "funk, fusion, boom bap, house",
    "hypnotic": "techno, trance, psychedelic rock",
    "nostalgic": "synthpop, bluegrass, grunge, swing",
    "uplifting": "trance, indie pop, soul",
    "mellow": "folk, jazz, boom bap, indie pop",
    "quirky": "indie pop, progressive rock, bebop",
    "instrumental": "post rock, bebop, piano, classical, ambient",
}
"""20 moods, and in which genres they are at home."""

ALL_GENRES: Sequence[str] = tuple(genre for family, parts in GENRES.items() for genre in (family, *parts.split(", ")))

HOSTILE = (
    *("GR/ND", "V/V", "???", "!?", "+/-", "*_*", "**Bold Lamps**", "__under__", "||the spoilers||", "`tick`", "``"),
    *("```\nfence\n```", "@everyone's Aunt", "@here now", "<@1234>", "<#1>", "<:owl:1>", "# Heading Home", "> Quoters"),
    *("[a link](https://example.org)", "https://example.org/song", "NULL", "0", "q", "'; DROP TABLE artists; --"),
    *('"Quoted"', "50% Off", "_", "\\", "a\\b", "C:\\songs", "{braces}", "$HOME", "%s", "&amp;", "<b>loud</b>", "]]>"),
    *(
        "🦊🌙",
        "👩‍👩‍👧 Trio",
        "🏳️‍🌈",
        "\uff37\uff49\uff44\uff45 \uff26\uff4f\uff58",
        "ﬁnch ﬂock",
        "Straße 9",
        "İzmirli Kuş",
        "Ñandú Ñoño",
        "Zürmäli",
    ),
    *(
        "שירת המגדלור",
        "قمر الورق",
        "\u202eesrever",
        "हवा घर",
        "風の駅員",
        "유리온실",
        "ดาวกระดาษ",
        "Кот Маяка",
        "Ψυχρός Λύχνος",
    ),
    *("Z\u0335a\u0336l\u0337g\u0338o", "Tab\tStop", "Nul\x00l", "Two\nLines", "\u200bunseen\u200b", "x" * 250),
    *("AND OR NOT", 'field:"value"', "(a AND b)~2", "-minus", "^caret", "wild*card?"),
)
"""Names that break what doesn't expect them: markup, mentions, SQL, Lucene, scripts from right to left, emoji."""

_STARTS = (*"bcdfghjklmnprstvwz", "br", "ch", "dr", "fl", "gl", "kr", "pr", "qu", "sk", "st")
_VOWELS = (*"aaeeiioou", "ai", "ea", "ou")
_ENDS = ["", "", "", "l", "n", "nd", "r", "s", "sk", "th", "x", "m"]
_SHAPES = ("{0}", "{0}", "The {0}s", "{0} {1}", "{0} & the {1}s", "DJ {0}", "{0} of {1}", "{0} Quartet")


@dataclass(frozen=True, slots=True)
class InventedCatalogue:
    """
    What is invented.

    Attributes:
        artists: the most popular first.
        listeners: each with the artists they listen to, as indexes, and how often.
        friends: pairs of listeners.
        tastes: the genres of each listener.

    """

    artists: Sequence[ToldArtist]
    listeners: Sequence[Mapping[int, int]]
    friends: Sequence[tuple[int, int]]
    tastes: Sequence[Sequence[str]]


def invented_catalogue(seed: int = 1, artists: int = ARTISTS, listeners: int = LISTENERS) -> InventedCatalogue:
    """Return the catalogue of a seed, the same each time."""
    chance = Random(f"music {seed}")  # noqa: S311 - an invention, no secret
    names = _names(chance, artists)
    weights = [1 / (rank + 1) ** EXPONENT for rank in range(artists)]
    genres = [_genres(chance) for _ in range(artists)]
    by_genre: dict[str, list[int]] = {}
    for index, of_one in enumerate(genres):
        for genre in of_one:
            by_genre.setdefault(genre, []).append(index)
    lots = {genre: _Lots(found, weights) for genre, found in by_genre.items()}
    everything = _Lots(list(range(artists)), weights)
    tastes = [chance.sample(sorted(lots), chance.choice((2, 2, 3))) for _ in range(listeners)]
    heard: list[dict[int, int]] = []
    friends = []
    for number, taste in enumerate(tastes):
        friend = chance.randrange(number) if number else None
        if friend is not None:
            friends.append((friend, number))
        theirs = [] if friend is None else sorted(heard[friend])
        heard.append(_listening(chance, [lots[genre] for genre in taste], everything, theirs, artists))
    audience = [0] * artists
    for plays in heard:
        for index in plays:
            audience[index] += 1
    told = [
        ToldArtist(
            name,
            aliases=(f"{name} Band",) if chance.random() < ALIASED else (),
            listeners=SPREAD * 1000 * audience[index] + chance.randrange(1, 1000),
            tags=_tags(chance, genres[index], weights[index] / weights[0]),
        )
        for index, name in enumerate(names)
    ]
    return InventedCatalogue(told, heard, friends, tastes)


class _Lots:
    """Draws artists by how popular they are."""

    def __init__(self, artists: Sequence[int], weights: Sequence[float]) -> None:
        self._artists = artists
        self._sums = list(accumulate(weights[index] for index in artists))

    def draw(self, chance: Random) -> int:
        return self._artists[bisect(self._sums, chance.random() * self._sums[-1], hi=len(self._sums) - 1)]


def _listening(
    chance: Random, tastes: Sequence[_Lots], everything: _Lots, of_friend: Sequence[int], artists: int
) -> dict[int, int]:
    found: dict[int, int] = {}
    while len(found) < min(PER_LISTENER, artists):
        dice = chance.random()
        if dice < FRIENDS and of_friend:
            index = chance.choice(of_friend)
        elif dice < FRIENDS + STRAY:
            index = everything.draw(chance)
        else:
            index = chance.choice(tastes).draw(chance)
        found[index] = found.get(index, 0) + 1 + int(chance.expovariate(1 / 40))
    return found


def _genres(chance: Random) -> list[str]:
    """Return one or two genres: the second is of the same family, most times."""
    family = chance.choice(list(GENRES))
    of_family = [family, *GENRES[family].split(", ")]
    found = [chance.choice(of_family)]
    if chance.random() < OF_TWO_GENRES:
        found.append(chance.choice(of_family if chance.random() < OF_ONE_FAMILY else ALL_GENRES))
    return list(dict.fromkeys(found))


def _tags(chance: Random, genres: Sequence[str], popularity: float) -> dict[str, int]:
    """Return two to four tags with how many people gave them: genres, and moods that are at home in them."""
    at_home = sorted({mood for mood, homes in MOODS.items() if {*homes.split(", ")} & {*genres}}) or sorted(MOODS)
    found = [*genres, *chance.sample(at_home, min(len(at_home), chance.choice((1, 1, 2))))]
    most = 3 + int(400 * popularity**0.7)
    return {tag: max(1, int(most * chance.uniform(0.5, 1) / (place + 1))) for place, tag in enumerate(found)}


def _names(chance: Random, number: int) -> list[str]:
    """Return different names, the hostile ones scattered among them."""
    found: dict[str, str] = {}
    for name in HOSTILE[: number // 2]:
        found.setdefault(folded_name(name), name)
    while len(found) < number:
        name = chance.choice(_SHAPES).format(_word(chance), _word(chance))
        found.setdefault(folded_name(name), name)
    names = list(found.values())
    chance.shuffle(names)
    return names


def _word(chance: Random) -> str:
    syllables = (
        chance.choice(_STARTS) + chance.choice(_VOWELS) + chance.choice(_ENDS) for _ in range(chance.choice((1, 2, 2)))
    )
    return "".join(syllables).capitalize()
