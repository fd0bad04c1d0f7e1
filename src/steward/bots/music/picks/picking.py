"""Picks for whoever asks: by services where an artist is little known here, by listeners, tags, and popularity."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from steward.bots.music.catalogue.artists import Artist, artists_of
from steward.bots.music.picks.asks import PickAsk, PicksFor
from steward.bots.music.picks.tastes import wanted_of_several, who_agreed
from steward.bots.music.picks.told import NearTold, ToldBy, ask_for_near
from steward.bots.music.providers.services import MusicServices
from steward.bots.music.recommend.feedback import Feedback
from steward.bots.music.recommend.moods.mood_tags import MoodOfTags, mood_of_tags, tag_names
from steward.bots.music.recommend.reasons import AlikeListeners, ArtistPick
from steward.bots.music.recommend.recommending import recommend, recommend_to_group
from steward.bots.music.recommend.similar import well_known
from steward.bots.music.taste.members import listener_of, listeners_of, own_listener, users_of
from steward.bots.music.taste.opinions import note_shown
from steward.bots.music.taste.sharing import shares_taste, who_shares
from steward.bots.music.taste.wanted import wanted_of
from steward.runtime.clock import Clock
from steward.store import Store, Transaction

AT_ONCE = 5
SEEDS_ASKED = 4
"""Artists of a taste that services are asked about."""
MOST_IN_VOICE = 10
"""Members of a voice channel for whom is chosen together."""


@dataclass(frozen=True, slots=True)
class PickAsker:
    """
    Who asks, where.

    Attributes:
        present: members in their voice channel, themselves included; empty where they sit in none.
        absent: those who let this server see their taste and have left it: they don't count.

    """

    guild_id: int
    user_id: int
    present: Sequence[int] = ()
    absent: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class Picks:
    """
    An answer.

    Attributes:
        picks: five at most, the best first.
        seed: the artist that they are like; None for none.
        tags: the names of the tags that were asked for.
        told_by: which service spoke for an artist; all others are of the catalogue.
        missed: why services said nothing, a sentence each.
        names: user ids of listeners whom reasons may name, by listener.
        members: whose taste counts, where it isn't the asker's alone.
        left_out: how many others sit in the voice channel.
        is_private: whether it tells of a taste that isn't shared.
        is_blank: whether no taste is known to go by.

    """

    ask: PickAsk
    picks: Sequence[ArtistPick] = ()
    seed: Artist | None = None
    tags: Sequence[str] = ()
    told_by: Mapping[int, ToldBy] = field(default_factory=dict)
    missed: Sequence[str] = ()
    names: Mapping[int, int] = field(default_factory=dict)
    members: Sequence[int] = ()
    left_out: int = 0
    is_private: bool = False
    is_blank: bool = False


class Picking:
    """Chooses artists, and remembers which were shown to whom."""

    def __init__(self, store: Store, clock: Clock, services: MusicServices) -> None:
        self._store = store
        self._clock = clock
        self._services = services

    async def five(self, asker: PickAsker, ask: PickAsk) -> Picks:
        """Return the next picks, which are noted as shown."""
        seeds = await self._store.read(partial(_seeds, asker=asker, ask=ask))
        told = NearTold()
        if seeds and self._services.providers:
            told = await ask_for_near(seeds, self._services, self._clock, self._store)
        found = await self._store.read(partial(picks_for, asker=asker, ask=ask, told=told))
        if found.picks:
            await self._store.write(partial(note_picks, asker=asker, found=found))
        return found


def _seeds(tx: Transaction, asker: PickAsker, ask: PickAsk) -> list[Artist]:
    """Return the artists that services are asked about: not those that are well known here."""
    if ask.artist:
        wished = [ask.artist]
    elif ask.whose is PicksFor.ME:
        wanted = wanted_of(tx, listener_of(tx, asker.user_id))
        profile = wanted.feedback.profile(wanted.profile)
        wished = sorted(profile, key=lambda artist: (-profile[artist], artist))[:SEEDS_ASKED]
    else:
        return []
    known = artists_of(tx, wished)
    enough = well_known(tx, known)
    return [known[artist] for artist in wished if artist in known and artist not in enough]


def picks_for(tx: Transaction, asker: PickAsker, ask: PickAsk, told: NearTold) -> Picks:
    """Return picks, of a taste with a mood or of one artist; nothing is noted."""
    own = wanted_of(tx, listener_of(tx, asker.user_id))
    mood = mood_of_tags(ask.tags)
    names = tag_names(tx, mood.asked)
    found = Picks(ask, tags=[names[tag] for tag in mood.asked if tag in names], told_by=told.by, missed=told.missed)
    if ask.artist:
        seed = artists_of(tx, [ask.artist]).get(ask.artist)
        wanted = replace(
            own, profile={ask.artist: 1.0}, feedback=_of_artist(own.feedback, ask.artist), mood=mood, told=told.near
        )
        return _named(tx, asker, replace(found, picks=recommend(tx, wanted, AT_ONCE), seed=seed))
    if ask.whose is PicksFor.VOICE:
        return _for_voice(tx, asker, found, mood)
    if ask.whose is PicksFor.SERVER:
        users = [user_id for user_id in who_agreed(tx, asker.guild_id) if user_id not in asker.absent]
        wanted, known = wanted_of_several(tx, users, own.feedback.shown | own.feedback.never)
        picks = recommend(tx, replace(wanted, mood=mood), AT_ONCE) if known else []
        return _named(tx, asker, replace(found, picks=picks, members=users[:known], is_blank=not known))
    profile = own.feedback.profile(own.profile)
    if not profile and not found.tags:
        return replace(found, is_blank=True)
    picks = recommend(tx, replace(own, mood=mood, told=told.near), AT_ONCE)
    is_private = bool(profile) and not shares_taste(tx, asker.guild_id, asker.user_id)
    return _named(tx, asker, replace(found, picks=picks, is_private=is_private, is_blank=not profile))


def _for_voice(tx: Transaction, asker: PickAsker, found: Picks, mood: MoodOfTags) -> Picks:
    """Return a fair list for those in a voice channel who let others see their taste, and of whom anything is known."""
    sharing = who_shares(tx, asker.guild_id, asker.present)
    listeners = listeners_of(tx, sharing)
    tastes = {user_id: wanted_of(tx, listener) for user_id, listener in sorted(listeners.items())}
    known = {user_id: one for user_id, one in tastes.items() if one.feedback.profile(one.profile)}
    members = [*known][:MOST_IN_VOICE]
    left_out = len(asker.present) - len(members)
    if not members:
        return replace(found, left_out=left_out, is_blank=True)
    of_each = {user_id: replace(known[user_id], mood=mood) for user_id in members}
    picks = recommend_to_group(tx, of_each, AT_ONCE)
    return _named(tx, asker, replace(found, picks=picks, members=members, left_out=left_out))


def _of_artist(feedback: Feedback, artist: int) -> Feedback:
    """Return feedback by which what was liked is left out as well, and adds nothing to the one artist asked for."""
    only = frozenset({artist})
    return Feedback(never=feedback.never - only, disliked=feedback.disliked - only, shown=feedback.out)


def _named(tx: Transaction, asker: PickAsker, found: Picks) -> Picks:
    """Add whom reasons may name: listeners who let the members of this server see their taste."""
    listeners = {
        one for pick in found.picks if isinstance(pick.reason, AlikeListeners) for one in pick.reason.listeners
    }
    users = users_of(tx, listeners)
    sharing = who_shares(tx, asker.guild_id, users.values()) - {*asker.absent}
    return replace(found, names={one: user_id for one, user_id in users.items() if user_id in sharing})


def note_picks(tx: Transaction, asker: PickAsker, found: Picks) -> None:
    """Note what is shown: to whoever asks, and to those of a voice channel for whom it is."""
    artists = [pick.artist.id for pick in found.picks]
    note_shown(tx, own_listener(tx, asker.user_id), artists)
    if found.ask.whose is PicksFor.VOICE and not found.ask.artist:
        for user_id, listener in sorted(listeners_of(tx, found.members).items()):
            if user_id != asker.user_id:
                note_shown(tx, listener, artists)
