"""Playlists as members read them: nothing in a name pings, formats or breaks the list."""

from __future__ import annotations

from collections.abc import Sequence

from steward.bots.music.playlists.keeping import SavedTracks
from steward.bots.music.playlists.playlist import Playlist, PlaylistFormat, PlaylistTrack
from steward.bots.music.views.names import shown_name
from steward.client.components import Action, button, row
from steward.client.components.actions import number
from steward.client.embeds import BLUE, Message
from steward.text.plurals import counted

EXPORT = Action("music", "playlist", args=(PlaylistFormat, number))
COPY = Action("music", "copy_playlist", args=(number,))
DELETED = "That playlist was deleted."
LABELS = {
    PlaylistFormat.JSPF: "JSPF",
    PlaylistFormat.XSPF: "XSPF",
    PlaylistFormat.M3U8: "M3U8",
    PlaylistFormat.LINKS: "Links",
}
LONGEST_LIST = 3900
NO_PLAYLISTS = "You have no playlist yet. `/playlist save` makes one of your picks, or of what you hear."


def playlist_view(playlist: Playlist, *, shared: bool = False, note: str = "") -> Message:
    """Show a playlist with buttons for its files; a shared one says whose it is, and can be copied."""
    lines = [_line(place, track) for place, track in enumerate(playlist.tracks, 1)]
    shown, length = [], 0
    for line in lines:
        length += len(line) + 1
        if length > LONGEST_LIST:
            break
        shown.append(line)
    if len(shown) < len(lines):
        shown.append(f"… and {counted(len(lines) - len(shown), 'more track')}; the files have all.")
    whose = [f"By <@{playlist.user_id}>"] if shared else []
    embed = {
        "title": shown_name(playlist.name),
        "color": BLUE,
        "description": "\n".join([*whose, *shown]) or "There's nothing in it yet.",
        "footer": {"text": counted(len(lines), "track")},
    }
    buttons = [button(label, EXPORT.id(kind, playlist.id), emoji="💾") for kind, label in LABELS.items()]
    if shared:
        buttons.append(button("Save a copy", COPY.id(playlist.id), emoji="📥"))
    return {"content": note, "embeds": [embed], "components": [row(*buttons)] if playlist.tracks else []}


def saved_note(saved: SavedTracks) -> str:
    """Say what was added."""
    found = f"Saved {counted(saved.added, 'track')}." if saved.added else "All of that is in it already."
    return f"{found} There was no room for {counted(saved.left_out, 'more')}." if saved.left_out else found


def names_view(playlists: Sequence[tuple[int, str, int]]) -> str:
    """List a member's playlists."""
    lines = [f"- **{shown_name(name)}**: {counted(many, 'track')}" for _, name, many in playlists]
    return "\n".join(lines) or NO_PLAYLISTS


def _line(place: int, track: PlaylistTrack) -> str:
    title = f": {shown_name(track.title)}" if track.title else ""
    return f"{place}. **{shown_name(track.artist)}**{title} · [listen](<{track.address}>)"
