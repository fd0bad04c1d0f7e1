"""Picks as members read them: five cards in a message, each with its reason, its source, links and buttons."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from steward.bots.music.catalogue.artists import Artist
from steward.bots.music.catalogue.names import search_term
from steward.bots.music.picks.asks import LONGEST_CODE, PicksFor, read_ask
from steward.bots.music.picks.picking import Picks
from steward.bots.music.recommend.reasons import (
    AlikeListeners,
    ArtistPick,
    MoodTags,
    MostHeard,
    NearArtists,
    SharedTags,
)
from steward.bots.music.taste.opinions import ArtistVerdict
from steward.bots.music.views.names import shown_name
from steward.client.components import COMPONENTS_V2, Action, Style, button, row, text_display, text_input
from steward.client.components.actions import LARGEST, number, up_to
from steward.client.embeds import Message, at
from steward.client.panels.form import ModalForm
from steward.store import from_millis
from steward.text.cutting import cut_text
from steward.text.plurals import counted, listed

AT_MOST = 5
_ARTISTS = re.compile(r"[0-9a-f]{1,16}(?:\.[0-9a-f]{1,16}){0,4}")


def artists_code(artists: Sequence[int]) -> str:
    """Return the numbers of up to five artists as part of a button."""
    return ".".join(f"{artist:x}" for artist in artists[:AT_MOST])


def read_artists(code: str) -> list[int]:
    """
    Return the numbers of the artists that a code is of.

    Raises:
        ValueError: it is none.

    """
    found = [int(one, 16) for one in code.split(".")] if _ARTISTS.fullmatch(code) else []
    if not found or max(found) > LARGEST:
        raise ValueError(f"{code[:LONGEST_CODE]!r} names no artists.")
    return found


SAY = Action("music", "say", args=(up_to(4), number))  # a verdict or 0 to take it back, the artist
MORE = Action("music", "more", args=(number,))
NEXT = Action("music", "next", args=(read_ask,))
SAVE, SAVED = Action("music", "save", args=(read_artists,)), Action("music", "saved", args=(read_artists,))
NAME_THREE, NAMED_THREE = Action("music", "name_three"), Action("music", "named_three")

LONGEST_CARD, LONGEST_HEAD = 640, 600
NAMED, TAGGED = 48, 40
"""Characters of names and of tags within a reason."""
LONGEST_LINK = 120
TAGS_SAID = 6
LISTENERS_SAID = 3

BLANK = (
    "I don't know your taste yet. Name three artists that you like, and I'll go by them."
    " `/music link` has me go by what you hear instead."
)
NOBODY_HERE = (
    "Nobody here lets me go by their taste yet. `/music sharing` does, and `/music artists` says what you like."
)
NOBODY_IN_VOICE = (
    "Of those in your voice channel nobody lets me go by their taste here. `/music sharing` does, and"
    " `/music artists` says what you like."
)
ALL_SHOWN = "I've no artist left that you haven't seen, heard or refused. In 60 days I'll begin anew."
EMPTY = "I know no artists yet. Name one with `artist`, so that I can ask music services about it."
SAID = {
    ArtistVerdict.LIKE: "👍 You like **{name}**: your next picks go by that.",
    ArtistVerdict.DISLIKE: "👎 No **{name}** for 60 days, and less of what's like it.",
    ArtistVerdict.NEVER: "🚫 I'll never show you **{name}** again.",
    ArtistVerdict.HEARD: "👂 You know **{name}**: your next picks go by that.",
}
TAKEN_BACK = "Okay, I've forgotten what you said about **{name}**."
TAKE_BACK = "Take it back"
NEXT_LABEL, SAVE_LABEL, THREE_LABEL = "Next five", "Save list", "Name three artists"
_VERDICTS = (
    (ArtistVerdict.LIKE, "Like", "👍"),
    (ArtistVerdict.DISLIKE, "Dislike", "👎"),
    (ArtistVerdict.NEVER, "Never again", "🚫"),
    (ArtistVerdict.HEARD, "Heard it", "👂"),
)


def cards(found: Picks, note: str = "") -> Message:
    """
    Show picks as five cards with their buttons.

    Args:
        note: what else is to be said, such as which words weren't understood.

    """
    head = cut_text("\n".join(filter(None, (_head(found), note, _missed(found)))), LONGEST_HEAD)
    parts = [text_display(head)]
    for place, pick in enumerate(found.picks, 1):
        parts.append(text_display(cut_text(_card(found, pick, place), LONGEST_CARD)))
        parts.append(_buttons(pick.artist))
    last = [button(NEXT_LABEL, NEXT.id(found.ask.code), style=Style.BLUE, emoji="⏭️")]
    last.append(button(SAVE_LABEL, SAVE.id(artists_code([pick.artist.id for pick in found.picks])), emoji="💾"))
    if found.is_blank and found.ask.whose is PicksFor.ME:
        last.append(button(THREE_LABEL, NAME_THREE.id()))
    return {"flags": COMPONENTS_V2, "components": [*parts, row(*last)]}


def blank(note: str = "") -> Message:
    """Ask somebody of whom nothing is known for three artists."""
    return {
        "content": "\n".join(filter(None, (note, BLANK))),
        "components": [row(button(THREE_LABEL, NAME_THREE.id(), style=Style.BLUE))],
    }


def three_artists() -> ModalForm:
    """Return the form that asks for three artists."""
    labels = (("An artist that you like", "first"), ("Another one", "second"), ("And a third", "third"))
    return ModalForm(
        THREE_LABEL, *((text_input(label, name, most=100, required=name == "first"), str) for label, name in labels)
    )


def said(artist: Artist, verdict: ArtistVerdict) -> Message:
    """Confirm what somebody said to an artist; it can be taken back."""
    text = SAID[verdict].format(name=shown_name(artist.name))
    return {"content": text, "components": [row(button(TAKE_BACK, SAY.id(0, artist.id)))]}


def taken_back(artist: Artist) -> str:
    return TAKEN_BACK.format(name=shown_name(artist.name))


def mood_note(understood: bool, unread: list[str]) -> str:
    """Say which words weren't understood."""
    words = listed([f"“{shown_name(word, TAGGED)}”" for word in unread[:TAGS_SAID]]) if unread else "that"
    if not understood:
        return f"I don't know {words} as a mood or a kind of music."
    return f"-# I don't know {words}." if unread else ""


def listen_links(artist: Artist) -> str:
    """Return links to where an artist can be listened to, or looked up by name."""
    name = search_term(artist.name, LONGEST_LINK)
    if artist.mbid:
        found = {
            "ListenBrainz": f"https://listenbrainz.org/artist/{artist.mbid}/",
            "MusicBrainz": f"https://musicbrainz.org/artist/{artist.mbid}",
        }
    else:
        found = {
            "ListenBrainz": f"https://listenbrainz.org/search/?search_term={name}&search_type=artist",
            "MusicBrainz": f"https://musicbrainz.org/search?query={name}&type=artist",
        }
    found["Last.fm"] = f"https://www.last.fm/search/artists?q={name}"
    return " · ".join(f"[{title}](<{link}>)" for title, link in found.items())


def reason(found: Picks, pick: ArtistPick) -> str:
    """Say why an artist is a pick."""
    match pick.reason:
        case NearArtists(artists):
            return _near(found, pick, _names(artists))
        case AlikeListeners(listeners, count, shared):
            return _listeners(found.names, listeners, count, shared)
        case SharedTags(tags):
            return f"Tagged {_tags(tags)}, as what {_whom(found, pick)} like."
        case MoodTags(tags):
            return f"Many tag it {_tags(tags)}."
        case MostHeard(listeners):
            return f"Many listen to it: {counted(listeners, 'listener')}." if listeners else "New to me, too."


def _near(found: Picks, pick: ArtistPick, names: str) -> str:
    if found.seed is not None:
        return f"Who listens to {names} listens to it."
    return f"Because {_whom(found, pick)} like {names}."


def _whom(found: Picks, pick: ArtistPick) -> str:
    if pick.members:
        return f"<@{pick.members[0]}> and others" if len(pick.members) > 1 else "they"
    return "members here" if found.ask.whose is PicksFor.SERVER else "you"


def _listeners(names: Mapping[int, int], listeners: tuple[int, ...], count: int, shared: tuple[Artist, ...]) -> str:
    named = [f"<@{names[one]}>" for one in listeners if one in names][:LISTENERS_SAID]
    others = count - len(named)
    whoever = [*named, counted(others, "listener" if not named else "other")] if others else named
    taste = ""
    if named and listeners[0] in names and shared:
        taste = f", with whom you share {_names(shared)}" if len(named) == 1 and not others else ""
    verb = "hears" if count == 1 else "hear"
    return f"{listed(whoever)} with a taste like that {verb} it{taste}."


def _names(artists: tuple[Artist, ...]) -> str:
    return listed([f"**{shown_name(one.name, NAMED)}**" for one in artists])


def _tags(tags: tuple[str, ...]) -> str:
    return listed([f"*{shown_name(tag, TAGGED)}*" for tag in tags])


def _head(found: Picks) -> str:
    mood = f": {listed([shown_name(tag, TAGGED) for tag in found.tags[:TAGS_SAID]])}" if found.tags else ""
    if found.seed is not None:
        return f"### Like {shown_name(found.seed.name)}{mood}"
    if found.ask.whose is PicksFor.VOICE:
        left = (
            f"\n-# Left out: {counted(found.left_out, 'other')} who don't share a taste here." if found.left_out else ""
        )
        return f"### For {listed([f'<@{one}>' for one in found.members])}{mood}{left}"
    if found.ask.whose is PicksFor.SERVER:
        return f"### For this server{mood}\n-# By the taste of {counted(len(found.members), 'member')} who agreed."
    return f"### For your mood{mood}" if mood else "### For you"


def _missed(found: Picks) -> str:
    if not found.missed:
        return ""
    said_so = " ".join(found.missed)
    return f"-# {said_so} So this is from the catalogue."


def _card(found: Picks, pick: ArtistPick, place: int) -> str:
    by = found.told_by.get(pick.artist.id)
    source = "From the catalogue" if by is None else f"From {by.service}, as of {at(from_millis(by.told_ms), 'R')}"
    whom = f"For {listed([f'<@{one}>' for one in pick.members])}. " if pick.members else ""
    return (
        f"**{place}. {shown_name(pick.artist.name)}**\n{whom}{reason(found, pick)}\n"
        f"-# {source} · {listen_links(pick.artist)}"
    )


def _buttons(artist: Artist) -> Message:
    verdicts = [button(label, SAY.id(int(verdict), artist.id), emoji=emoji) for verdict, label, emoji in _VERDICTS]
    return row(*verdicts, button("More like this", MORE.id(artist.id), emoji="🔎"))
