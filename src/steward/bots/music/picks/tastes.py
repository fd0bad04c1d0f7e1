"""Tastes of several members as one: of a server, by those who let its members see what they hear."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from steward.bots.music.recommend.feedback import Feedback
from steward.bots.music.recommend.recommending import Wanted
from steward.bots.music.taste.members import listeners_of
from steward.bots.music.taste.wanted import wanted_of
from steward.store import Transaction

MOST_MEMBERS = 200
"""Of a server whose taste counts: those who agreed last."""
MOST_IN_PROFILE = 100


def who_agreed(tx: Transaction, guild_id: int) -> list[int]:
    """Return the members of a server who let others see their taste there, those who agreed last first."""
    sql = "SELECT user_id FROM music_sharing WHERE guild_id = ? ORDER BY at DESC, user_id LIMIT ?"
    return [user_id for (user_id,) in tx.all(sql, (guild_id, MOST_MEMBERS))]


def wanted_of_several(tx: Transaction, users: Sequence[int], shown: Collection[int] = ()) -> tuple[Wanted, int]:
    """
    Return what several members want together, and of how many of them anything is known.

    Each counts as much as any other, however much they hear. What at least half of them know is left out, and what
    one of them never wants to see again.

    Args:
        shown: artists that were shown to all of them lately.

    """
    likes: dict[int, float] = {}
    knows: Counter[int] = Counter()
    never: set[int] = set()
    listeners = sorted(listeners_of(tx, users).values())
    known = 0
    for listener in listeners:
        wanted = wanted_of(tx, listener)
        never |= wanted.feedback.never
        profile = wanted.feedback.profile(wanted.profile)
        if not profile:
            continue
        known += 1
        most = max(profile.values())
        for artist, weight in profile.items():
            likes[artist] = likes.get(artist, 0.0) + weight / most / len(profile) ** 0.5
        knows.update(wanted.known | profile.keys())
    out = frozenset(artist for artist, many in knows.items() if 2 * many >= known)
    profile = dict(sorted(likes.items(), key=lambda item: (-item[1], item[0]))[:MOST_IN_PROFILE])
    feedback = Feedback(never=frozenset(never), shown=frozenset(shown))
    return Wanted(profile, out, frozenset(listeners), feedback), known
