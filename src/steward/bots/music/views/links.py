"""What a member reads of the account that they have linked."""

from __future__ import annotations

from dataclasses import dataclass

from steward.bots.music.catalogue.artists import Artist
from steward.bots.music.taste.links import MusicLink, imported_at
from steward.bots.music.views.names import shown_name
from steward.client.embeds import BLUE, Message, at, field
from steward.text.plurals import counted

TITLES = {"listenbrainz": "ListenBrainz", "lastfm": "Last.fm"}
"""Services with histories, by their short names."""
NOTHING = "Nothing yet. `/music link` takes up what you hear, `/music artists` names what you like."
NO_LINK = "None. `/music link` links one."
LINKED = "Linked to {account}. I'm importing what you heard in the last {days}; `/music show` says how far I am."
WHAT_IS_KEPT = (
    "I keep the artist, the title and the time of each track, for {days}, and look for new ones every few hours."
    " `/music unlink` deletes them."
)
NOT_SHARED = "Nobody here sees it until you choose `/music sharing`."
NOT_CHECKED = "{service} doesn't answer just now, so I couldn't look whether that account is there."


@dataclass(frozen=True, slots=True)
class OwnTaste:
    """
    What is known of a member.

    Attributes:
        artists, listens, opinions: how many are kept.
        is_shared: whether members of this server may see it.

    """

    link: MusicLink | None
    named: list[Artist]
    artists: int
    listens: int
    opinions: int
    is_shared: bool


def service_title(link: MusicLink) -> str:
    """Return what the service of an account is called; a link may be of one that was taken out since."""
    return TITLES.get(link.service, link.service)


def account(link: MusicLink) -> str:
    """Return what an account is called: `ada at Last.fm`."""
    return f"**{shown_name(link.name)}** at {service_title(link)}"


def linked(link: MusicLink, keep_days: int, *, is_checked: bool, is_shared: bool) -> str:
    """Tell a member what happens now, and what is kept."""
    days = counted(keep_days, "day")
    checked = "" if is_checked else NOT_CHECKED.format(service=service_title(link))
    seen = "Members of this server can see it." if is_shared else NOT_SHARED
    said = LINKED.format(account=account(link), days=days), checked, WHAT_IS_KEPT.format(days=days), seen
    return "\n".join(filter(None, said))


def unlinked(link: MusicLink, listens: int) -> str:
    return f"I don't look at {account(link)} any more, and I've deleted {counted(listens, 'track')} that you heard."


def taste_kept(own: OwnTaste) -> Message:
    """Show what is known of a member, and how far their import is."""
    known = [
        counted(own.artists, "artist") if own.artists else "",
        f"{counted(own.listens, 'track')} heard" if own.listens else "",
        f"{counted(own.opinions, 'opinion')} on picks" if own.opinions else "",
    ]
    names = ", ".join(shown_name(one.name) for one in own.named)
    fields = [
        field("What I know", ", ".join(filter(None, known)) or NOTHING, inline=False),
        field("Account", NO_LINK if own.link is None else f"{account(own.link)}\n{_progress(own.link)}", inline=False),
        field("Artists you named", names or "None. `/music artists` names some.", inline=False),
        field("Members of this server", "can see it" if own.is_shared else "can't see it", inline=False),
    ]
    footer = "Only you see this. /music sharing says who may, /music forget deletes it all."
    return {"embeds": [{"title": "Your taste in music", "color": BLUE, "fields": fields, "footer": {"text": footer}}]}


def _progress(link: MusicLink) -> str:
    done, said = imported_at(link), []
    if link.problem:
        said.append(f"⚠️ {link.problem}")
    if link.page or done is None:
        read = f"{counted(link.listens, 'track')} so far" if link.pages else "nothing so far"
        said.append(f"The import goes on by itself: {read}.")
    if done is not None:
        said.append(f"Up to date as of {at(done, 'R')}.")
    if link.skipped:
        said.append(f"{counted(link.skipped, 'entry', 'entries')} had no date that can be, or couldn't be read.")
    return "\n".join(said)
