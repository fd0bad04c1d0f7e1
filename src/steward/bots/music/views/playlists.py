"""Playlists as members read them: nothing in a name pings, formats or breaks the list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from steward.bots.music.playlists.keeping import SavedTracks
from steward.bots.music.playlists.playlist import LONGEST_NAME, Playlist, PlaylistFormat, PlaylistTrack
from steward.bots.music.views.names import shown_name
from steward.client.components import Action, button, row, text_input
from steward.client.components.actions import number
from steward.client.embeds import BLUE, Message
from steward.client.panels.form import ModalForm
from steward.text.plurals import counted

if TYPE_CHECKING:
    from steward.bots.music.playlists.reading import PlaylistFromFile

EXPORT = Action("music", "playlist", args=(PlaylistFormat, number))
COPY = Action("music", "copy_playlist", args=(number,))
DELETE, KEEP = Action("music", "delete_playlist", args=(number,)), Action("music", "keep_playlist")
KEPT = "Okay, I've deleted nothing."
DELETED = "That playlist was deleted."
LABELS = {
    PlaylistFormat.JSPF: "JSPF",
    PlaylistFormat.XSPF: "XSPF",
    PlaylistFormat.M3U8: "M3U8",
    PlaylistFormat.LINKS: "Links",
}
LONGEST_LIST = 3900
KNOWN_HOSTS = (
    *("bandcamp.com", "deezer.com", "last.fm", "listenbrainz.org", "music.apple.com", "musicbrainz.org"),
    *("soundcloud.com", "spotify.com", "tidal.com", "youtu.be", "youtube.com"),
)
"""Where links in messages may lead: whoever imports a file has written them, and it's the bot that posts them."""
NO_PLAYLISTS = "You have no playlist yet. `/playlist save` and `/playlist import` make one."


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


def name_form() -> ModalForm:
    """Return the form that asks to which playlist a list of picks goes."""
    hint = "A new name, or that of one of yours"
    return ModalForm("Save this list", (text_input("Playlist", "name", placeholder=hint, most=LONGEST_NAME), str))


def saved_note(saved: SavedTracks) -> str:
    """Say what was added."""
    found = f"Saved {counted(saved.added, 'track')}." if saved.added else "All of that is in it already."
    return f"{found} There was no room for {counted(saved.left_out, 'more')}." if saved.left_out else found


def names_view(playlists: Sequence[tuple[int, str, int]]) -> str:
    """List a member's playlists."""
    lines = [f"- **{shown_name(name)}**: {counted(many, 'track')}" for _, name, many in playlists]
    return "\n".join(lines) or NO_PLAYLISTS


def imported_note(saved: SavedTracks, read: PlaylistFromFile) -> str:
    """Say what of a file was saved, and what of it could not be read."""
    told = [f"Saved {saved.added:,} of the {counted(read.found, 'track')} in this file."]
    known = len(read.tracks) - saved.added - saved.left_out
    if known:
        told.append(f"{counted(known, 'track')} {'is' if known == 1 else 'are'} in the playlist only once.")
    if saved.left_out:
        told.append(f"There was no room for {counted(saved.left_out, 'more')}.")
    return " ".join([*told, *read.unread])


def _line(place: int, track: PlaylistTrack) -> str:
    artist = f"**{shown_name(track.artist)}**" if track.artist else ""
    title = shown_name(track.title) if track.title else ""
    return f"{place}. {': '.join(filter(None, (artist, title)))} · [listen](<{_shown_address(track)}>)"


def _shown_address(track: PlaylistTrack) -> str:
    """Return the address of a track, if it is of a service that is known; else one that searches for it."""
    host = urlsplit(track.link).hostname or ""
    is_known = any(host == one or host.endswith(f".{one}") for one in KNOWN_HOSTS)
    return track.address if is_known else track._replace(link="").address
