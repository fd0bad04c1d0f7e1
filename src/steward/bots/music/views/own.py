"""What a member reads of their own taste and of who may see it."""

from __future__ import annotations

from collections.abc import Sequence

from steward.bots.music.catalogue.artists import Artist
from steward.bots.music.views.names import shown_name
from steward.client.components import Action
from steward.text.plurals import counted, listed

FORGET, KEEP = Action("music", "forget"), Action("music", "keep")
FORGET_QUESTION = (
    "**Delete all that I know of your taste in music, in all servers? This can't be undone.**\n"
    "That's your linked account, what you heard, the artists you named, what you said to my picks, and your playlists."
)
KEPT = "Okay, I've deleted nothing."
SHARED = (
    "Members of this server can see what you hear now, and it counts when they ask what to listen to together."
    " `/music sharing` takes it back."
)
HIDDEN = "Nobody in this server sees what you hear. You'll get your own picks all the same."


def named(artists: Sequence[Artist]) -> str:
    """Confirm artists that a member has named; all of them, the latest first."""
    names = listed([f"**{shown_name(one.name)}**" for one in artists])
    return f"Got it. I'll go by {names}."


def forgotten(rows: int) -> str:
    """Tell a member what was deleted."""
    if not rows:
        return "I knew nothing of your taste in music."
    return f"Done, I've deleted all that I knew of your taste: {counted(rows, 'row')}."
