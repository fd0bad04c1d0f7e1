"""`/playlist`: lists of tracks, made of picks and of what a member hears; shared, and taken along as files."""

from __future__ import annotations

import asyncio
from pathlib import PurePath
from typing import Any

import discord
from discord import app_commands

from steward.bots.music.catalogue.names import LONGEST_NAME as LONGEST_TITLE
from steward.bots.music.commands.allowed import music_guild
from steward.bots.music.commands.finding import ArtistChooser
from steward.bots.music.errors import MusicError
from steward.bots.music.playlists.keeping import (
    CHOSEN,
    SavedTracks,
    delete_playlist,
    own_playlist,
    playlist_names,
    read_playlist,
    remove_track,
    save_tracks,
)
from steward.bots.music.playlists.playlist import (
    LONGEST_NAME,
    MOST_TRACKS,
    Playlist,
    PlaylistFormat,
    PlaylistTrack,
    TrackSource,
)
from steward.bots.music.providers.services import MusicServices
from steward.bots.music.section import MusicSection
from steward.bots.music.taste.members import listener_of, own_listener
from steward.bots.music.views import playlists as views
from steward.bots.music.views.names import label_name, shown_name
from steward.bots.music.views.picks import SAVE, SAVED, read_artists
from steward.client.components import Reply
from steward.client.interactions import Use, answered, guild_of
from steward.client.panels.chooser import LONGEST_CHOICE, Named, Offered
from steward.client.panels.confirm import confirmed
from steward.guilds.host import Host
from steward.guilds.settings_book import Section
from steward.store import Transaction
from steward.text.plurals import counted


async def _own(group: PlaylistCommands, interaction: discord.Interaction, typed: str) -> Named:
    del typed
    return await group.own(interaction)


async def _tracks(group: PlaylistCommands, interaction: discord.Interaction, typed: str) -> Named:
    del typed
    return await group.tracks(interaction)


async def _artists(group: PlaylistCommands, interaction: discord.Interaction, typed: str) -> Named:
    return await group.artists.offered(interaction, typed)


OwnPlaylist = app_commands.Transform[str, Offered(_own)]
PlaylistName = app_commands.Range[str, 1, LONGEST_NAME]
TrackOption = app_commands.Transform[str, Offered(_tracks)]
ArtistOption = app_commands.Transform[str, Offered(_artists, narrowed=False)]
Title = app_commands.Range[str, 1, LONGEST_TITLE]
FETCHED_WITHIN = 10.0
"""Seconds for Discord to give out an attachment."""
SOURCES = [
    app_commands.Choice(name=name, value=source.value)
    for name, source in (
        ("the picks I was shown last", TrackSource.PICKS),
        ("artists that I like", TrackSource.LIKED),
        ("what I heard most this month", TrackSource.MONTH),
        ("what I've heard most", TrackSource.ALL),
    )
]
FORMATS = [app_commands.Choice(name=views.LABELS[kind], value=kind.value) for kind in PlaylistFormat]


class PlaylistCommands(app_commands.Group):
    """The commands under `/playlist`. A playlist is its owner's in all servers, and seen by others once it's shared."""

    def __init__(self, host: Host, section: Section[MusicSection], services: MusicServices) -> None:
        super().__init__(name="playlist", description="Your playlists: save, share and take them along")
        self._host = host
        self._store = host.store
        self._section = section
        self._services = services
        self.artists = ArtistChooser(host.store, host.clock, services)
        host.interactions.add(self)
        host.interactions.on(views.EXPORT, self._export, private=True)
        host.interactions.on(views.COPY, self._copy, private=True)
        host.interactions.on(SAVE, self._ask_name, private=True, opens_form=True)
        host.interactions.on(SAVED, self._save_list, private=True)
        self._ask = confirmed(
            host.interactions, views.DELETE, views.KEEP, self._delete, label="Delete", cancelled=views.KEPT
        )

    async def own(self, interaction: discord.Interaction) -> Named:
        """Return the playlists of whoever types."""
        user_id = interaction.user.id
        found = await self._store.read(lambda tx: playlist_names(tx, listener_of(tx, user_id)))
        return [(label_name(name, LONGEST_CHOICE), f"{CHOSEN}{number}") for number, name, _ in found]

    async def tracks(self, interaction: discord.Interaction) -> Named:
        """Return the tracks of the playlist that is named before."""
        user_id, typed = interaction.user.id, str(getattr(interaction.namespace, "name", "") or "")

        def read(tx: Transaction) -> list[PlaylistTrack]:
            try:
                return [*own_playlist(tx, listener_of(tx, user_id), typed).tracks]
            except MusicError:
                return []

        labels = [label_name(one.label, LONGEST_CHOICE) for one in await self._store.read(read)]
        return [(label, label) for label in labels if label]

    @app_commands.command(description="Save tracks in a playlist: it's begun, or added to if you have one of that name")
    @app_commands.describe(name="The playlist", what="Which tracks; default: one of each pick that I showed you last")
    @app_commands.choices(what=SOURCES)
    @answered(private=True)
    async def save(
        self, interaction: discord.Interaction, name: PlaylistName, what: str = TrackSource.PICKS.value
    ) -> Reply:
        from steward.bots.music.playlists.choosing import chosen_tracks

        guild_of(interaction)
        user_id, source = interaction.user.id, TrackSource(what)
        listener = await self._store.read(lambda tx: listener_of(tx, user_id))
        providers, clock = self._services.providers, self._host.clock
        tracks = [] if listener is None else await chosen_tracks(source, listener, self._store, providers, clock)
        if not tracks:
            if source is TrackSource.PICKS:
                raise MusicError("I haven't shown you any picks lately.", remedy="`/recommend` does.")
            raise MusicError(
                "I know of nothing that you hear or like.", remedy="Begin with `/music link` or `/music artists`."
            )
        return await self._saved(user_id, name, tracks)

    @app_commands.command(description="Add a track to a playlist, or an artist")
    @app_commands.describe(name="The playlist", artist="Whose track", title="What it's called; default: one I find")
    @answered(private=True)
    async def add(
        self, interaction: discord.Interaction, name: OwnPlaylist, artist: ArtistOption, title: Title | None = None
    ) -> Reply:
        from steward.bots.music.playlists.choosing import track_of_each

        guild_of(interaction)
        user_id = interaction.user.id
        found = (await self.artists.named([artist]))[0]
        tracks = await track_of_each([(found, (title or "").strip())], self._services.providers, self._host.clock)
        chosen = await self._store.read(lambda tx: _chosen_name(tx, user_id, name))
        return await self._saved(user_id, chosen, tracks)

    @app_commands.command(description="Take a track out of a playlist")
    @app_commands.describe(name="The playlist", track="The track")
    @answered(private=True)
    async def remove(self, interaction: discord.Interaction, name: OwnPlaylist, track: TrackOption) -> Reply:
        guild_of(interaction)
        user_id = interaction.user.id

        def work(tx: Transaction) -> Playlist:
            playlist = own_playlist(tx, listener_of(tx, user_id), name)
            wanted = [one for one in playlist.tracks if label_name(one.label, LONGEST_CHOICE) == track]
            if not wanted or not remove_track(tx, playlist, wanted[0]):
                raise MusicError("That isn't in it.", remedy="Pick one from the list that shows while you type.")
            return playlist._replace(tracks=tuple(one for one in playlist.tracks if one != wanted[0]))

        return Reply(views.playlist_view(await self._store.write(work), note="Okay, it's out."))

    @app_commands.command(description="Your playlists, or what is in one; only you see it")
    @app_commands.describe(name="The playlist; default: the names of all")
    @answered(private=True)
    async def show(self, interaction: discord.Interaction, name: OwnPlaylist | None = None) -> Reply:
        guild_of(interaction)
        user_id = interaction.user.id
        if name is None:
            found = await self._store.read(lambda tx: playlist_names(tx, listener_of(tx, user_id)))
            return Reply.say(views.names_view(found))
        return Reply(views.playlist_view(await self._of(user_id, name)))

    @app_commands.command(description="Post a playlist in this channel; members can copy it and take it along")
    @app_commands.describe(name="The playlist")
    @answered()
    async def share(self, interaction: discord.Interaction, name: OwnPlaylist) -> Reply:
        music_guild(interaction, self._section)
        return Reply(views.playlist_view(await self._of(interaction.user.id, name), shared=True))

    @app_commands.command(description="A playlist as a file that players and ListenBrainz read, or as links")
    @app_commands.describe(name="The playlist", format="The kind of file")
    @app_commands.choices(format=FORMATS)
    @answered(private=True)
    async def export(self, interaction: discord.Interaction, name: OwnPlaylist, format: str) -> Reply:  # noqa: A002 - the option's name
        guild_of(interaction)
        return _file(interaction, await self._of(interaction.user.id, name), PlaylistFormat(format))

    @app_commands.command(name="import", description="Save the tracks of a file: JSPF, XSPF or M3U8, up to 256 KiB")
    @app_commands.describe(file="The file", name="The playlist to begin or to add to; default: called as in the file")
    @answered(private=True)
    async def read_file(
        self, interaction: discord.Interaction, file: discord.Attachment, name: PlaylistName | None = None
    ) -> Reply:
        from steward.bots.music.playlists.reading import check_size, read_file

        guild_of(interaction)
        user_id = interaction.user.id
        check_size(file.size)
        try:
            async with asyncio.timeout(FETCHED_WITHIN):
                content = await file.read()
        except (TimeoutError, OSError, discord.DiscordException) as error:
            raise MusicError("I couldn't get the file from Discord.", remedy="Try it again.") from error
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(None, read_file, content, file.filename, MOST_TRACKS)
        called = name or found.title or PurePath(file.filename).stem

        def work(tx: Transaction) -> SavedTracks:
            return save_tracks(tx, own_listener(tx, user_id), called, found.tracks)

        saved = await self._store.write(work)
        return Reply(views.playlist_view(saved.playlist, note=views.imported_note(saved, found)))

    @app_commands.command(description="Delete a playlist")
    @app_commands.describe(name="The playlist")
    @answered(private=True)
    async def delete(self, interaction: discord.Interaction, name: OwnPlaylist) -> Reply:
        guild_of(interaction)
        user_id = interaction.user.id

        playlist = await self._of(user_id, name)
        many = counted(len(playlist.tracks), "track")
        question = f"Delete **{shown_name(playlist.name)}** with its {many}? This can't be undone."
        return self._ask(question, playlist.id)

    async def _delete(self, use: Use) -> str:
        guild_of(use.interaction)
        user_id, number = use.interaction.user.id, int(use.args[0])

        def work(tx: Transaction) -> Playlist:
            playlist = read_playlist(tx, number)
            if playlist is None or playlist.user_id != user_id:
                raise MusicError(views.DELETED)
            delete_playlist(tx, number)
            return playlist

        gone = await self._store.write(work)
        many = counted(len(gone.tracks), "track")
        return f"I've deleted **{shown_name(gone.name)}** with its {many}. Posts of it have no files any more."

    async def _ask_name(self, use: Use) -> Reply:
        guild_of(use.interaction)
        return Reply(modal=views.name_form().modal(SAVED.id(use.args[0])))

    async def _save_list(self, use: Use) -> Reply:
        """Save the picks of a list that somebody sees, whoever asked for it."""
        from steward.bots.music.playlists.choosing import picks_to_save, track_of_each

        guild_of(use.interaction)
        user_id, picks = use.interaction.user.id, read_artists(use.args[0])
        values, errors = views.name_form().read(use)
        if errors.error is not None:
            raise errors.error
        artists = await self._store.read(lambda tx: picks_to_save(tx, listener_of(tx, user_id), picks))
        if not artists:
            raise MusicError("There's nothing in that list that you haven't refused.")
        tracks = await track_of_each(artists, self._services.providers, self._host.clock)
        return await self._saved(user_id, values["name"], tracks)

    async def _export(self, use: Use) -> Reply:
        guild_of(use.interaction)
        kind, number = PlaylistFormat(use.args[0]), int(use.args[1])
        return _file(use.interaction, await self._shared(number), kind)

    async def _copy(self, use: Use) -> Reply:
        guild_of(use.interaction)
        playlist = await self._shared(int(use.args[0]))
        if playlist.user_id == use.interaction.user.id:
            raise MusicError("It's yours already.")
        return await self._saved(use.interaction.user.id, playlist.name, playlist.tracks)

    async def _of(self, user_id: int, typed: str) -> Playlist:
        return await self._store.read(lambda tx: own_playlist(tx, listener_of(tx, user_id), typed))

    async def _shared(self, number: int) -> Playlist:
        playlist = await self._store.read(lambda tx: read_playlist(tx, number))
        if playlist is None:
            raise MusicError(views.DELETED)
        return playlist

    async def _saved(self, user_id: int, name: str, tracks: Any) -> Reply:
        def work(tx: Transaction) -> SavedTracks:
            return save_tracks(tx, own_listener(tx, user_id), name, tracks)

        saved = await self._store.write(work)
        return Reply(views.playlist_view(saved.playlist, note=views.saved_note(saved)))


def _chosen_name(tx: Transaction, user_id: int, typed: str) -> str:
    """Return the name of the playlist that was chosen; one that was typed and isn't there yet is begun by it."""
    listener = listener_of(tx, user_id)
    return own_playlist(tx, listener, typed).name if typed.startswith(CHOSEN) else typed


def _file(interaction: discord.Interaction, playlist: Playlist, kind: PlaylistFormat) -> Reply:
    from steward.bots.music.playlists.formats import playlist_file

    if not playlist.tracks:
        raise MusicError("There's nothing in that playlist.")
    creator = label_name(interaction.user.display_name) if interaction.user.id == playlist.user_id else ""
    return Reply({"content": ""}, files=[playlist_file(playlist, kind, creator or "Steward")], private=True)
