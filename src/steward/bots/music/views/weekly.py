"""The weekly post as members read it. It pings nobody and names nobody."""

from __future__ import annotations

from collections.abc import Sequence

from steward.bots.music.picks.asks import PickAsk, PicksFor
from steward.bots.music.picks.picking import Picks
from steward.bots.music.recommend.reasons import ArtistPick
from steward.bots.music.taste.opinions import ArtistVerdict
from steward.bots.music.views.names import label_name, shown_name
from steward.bots.music.views.picks import MORE, SAY, listen_links, reason
from steward.client.components import button, row
from steward.client.embeds import BLUE, Message, field
from steward.text.plurals import counted

TITLE = "Five to discover this week"
LONGEST_LABEL = 30


def weekly_post(picks: Sequence[ArtistPick], members: int) -> Message:
    """Show the picks of a week; `members` is by the taste of how many they are."""
    found = Picks(PickAsk(PicksFor.SERVER), picks)
    fields = [
        field(f"{place}. {shown_name(pick.artist.name)}", _body(found, pick), inline=False)
        for place, pick in enumerate(picks, 1)
    ]
    footer = f"By the taste of {counted(members, 'member')} who agreed. /music sharing joins or leaves them."
    likes = [
        button(
            label_name(pick.artist.name, LONGEST_LABEL) or "?",
            SAY.id(int(ArtistVerdict.LIKE), pick.artist.id),
            emoji="👍",
        )
        for pick in picks
    ]
    more = [button(f"Like {place}", MORE.id(pick.artist.id), emoji="🔎") for place, pick in enumerate(picks, 1)]
    embed = {"title": TITLE, "color": BLUE, "fields": fields, "footer": {"text": footer}}
    return {"embeds": [embed], "components": [row(*likes), row(*more)], "allowed_mentions": {"parse": []}}


def _body(found: Picks, pick: ArtistPick) -> str:
    return f"{reason(found, pick)}\n{listen_links(pick.artist)}"
