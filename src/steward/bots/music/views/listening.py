"""What is shown of a member's listening: their taste, what they hear most and now, and two tastes side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from steward.bots.music.catalogue.artists import Artist
from steward.bots.music.taste.likeness import TasteMatch
from steward.bots.music.taste.links import MusicLink, imported_at
from steward.bots.music.taste.tops import LastHeard, ListeningPeriod, Played
from steward.bots.music.views.links import service_title
from steward.bots.music.views.names import label_name, shown_name
from steward.client.components import link as link_button
from steward.client.components import row
from steward.client.embeds import BLUE, Message, at, field
from steward.store import from_millis
from steward.text.plurals import counted

PERIOD_NAMES = {
    ListeningPeriod.WEEK: "in the last 7 days",
    ListeningPeriod.MONTH: "in the last 30 days",
    ListeningPeriod.ALL: "as far back as I know",
}
IMPORTING = "I'm still importing what {member} heard; look again in a few minutes."
LISTS = "Nothing {period}."
NOT_LINKED = "No account is linked: `/music link` has me go by what you hear."


@dataclass(frozen=True, slots=True)
class HeardNow:
    """
    What somebody hears, or heard last.

    Attributes:
        artist, title, album: of the track, as they are told.
        heard_at: when it was heard; None for now.
        source: who says so, such as "Last.fm".
        told_at: when they said so.
        picture, link: addresses; may be empty.
        missed: why it isn't from the service, a sentence; empty if it is.

    """

    artist: str
    title: str
    heard_at: datetime | None
    source: str
    told_at: datetime | None
    album: str = ""
    picture: str = ""
    link: str = ""
    missed: str = ""


def taste_view(user_id: int, tags: Sequence[str], tops: Sequence[Played], named: Sequence[Artist], of: str) -> Message:
    """
    Show a member's taste.

    Args:
        of: what it is made of, such as `450 tracks`.

    """
    fields = [
        field("Sounds like", ", ".join(shown_name(tag) for tag in tags) or "I know no tags of these artists yet."),
        field("Hears most", _list(tops) or "—", inline=False),
    ]
    if named:
        fields.append(field("Named", ", ".join(shown_name(one.name) for one in named), inline=False))
    return {"embeds": [{"color": BLUE, "description": f"**The taste of** <@{user_id}>\n{of}", "fields": fields}]}


def top_view(
    user_id: int, period: ListeningPeriod, what: str, found: Sequence[Played], listens: int, link: MusicLink | None
) -> Message:
    """Show what a member hears most; `what` is artists or tracks."""
    head = f"**<@{user_id}>'s top {what}** {PERIOD_NAMES[period]}"
    body = _list(found) or LISTS.format(period=PERIOD_NAMES[period])
    said = [head, "", body, "", f"-# {counted(listens, 'track')} heard. {as_of(link, user_id)}"]
    return {"embeds": [{"color": BLUE, "description": "\n".join(said)}]}


def now_view(user_id: int, heard: HeardNow) -> Message:
    """Show what a member hears now or heard last, from whom that is, and how old it is."""
    when = "hears" if heard.heard_at is None else "last heard"
    said = f"<@{user_id}> {when}\n**{shown_name(heard.title)}** by **{shown_name(heard.artist)}**"
    if heard.album:
        said += f"\non {shown_name(heard.album)}"
    age = "" if heard.heard_at is None else f"{at(heard.heard_at, 'R')}. "
    told = "" if heard.told_at is None else f", as of {at(heard.told_at, 'R')}"
    missed = f"{heard.missed} " if heard.missed else ""
    embed: Message = {"color": BLUE, "description": f"{said}\n-# {age}{missed}From {heard.source}{told}."}
    if heard.picture:
        embed["thumbnail"] = {"url": heard.picture}
    shown: Message = {"embeds": [embed]}
    if heard.link:
        shown["components"] = [row(link_button(f"Open at {label_name(heard.source, 40)}", heard.link))]
    return shown


def heard_last(heard: LastHeard, source: str, told_at: datetime | None, missed: str = "") -> HeardNow:
    """Return what was heard last, as far as it is imported."""
    return HeardNow(heard.artist.name, heard.title, from_millis(heard.heard_ms), source, told_at, missed=missed)


def match_view(one: int, other: int, found: TasteMatch) -> Message:
    """Show two tastes side by side."""
    shared = ", ".join(shown_name(artist.name) for artist in found.shared)
    more = found.common - len(found.shared)
    fields = [field("Both hear", f"{shared} and {more:,} more" if more > 0 else shared or "nothing yet", inline=False)]
    for user_id, artists in ((one, found.for_one), (other, found.for_other)):
        if artists:
            names = ", ".join(f"**{shown_name(artist.name)}**" for artist in artists)
            fields.append(field("To try", f"<@{user_id}>: {names}", inline=False))
    said = f"<@{one}> and <@{other}>: **{found.percent}% alike**"
    return {"embeds": [{"color": BLUE, "description": said, "fields": fields}]}


def as_of(link: MusicLink | None, user_id: int) -> str:
    """Say from whom it is known what a member hears, and of when."""
    if link is None:
        return NOT_LINKED
    done = imported_at(link)
    if done is None:
        return IMPORTING.format(member=f"<@{user_id}>")
    problem = f" {link.problem}" if link.problem else ""
    return f"From {service_title(link)}, as of {at(done, 'R')}.{problem}"


def _list(found: Sequence[Played]) -> str:
    return "\n".join(
        f"{place}. **{shown_name(one.title or one.artist.name)}**"
        f"{f' by {shown_name(one.artist.name)}' if one.title else ''} · {counted(one.plays, 'time')}"
        for place, one in enumerate(found, 1)
    )
