"""What music keeps about members, for `/privacy`. A taste is one in all servers: it's shown and forgotten in any."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from steward.bots.music.taste.members import listener_of
from steward.store import Transaction
from steward.store.export.personal import PersonalData, Record, selected
from steward.text.plurals import counted


def _of_listener(sql: str) -> Callable[[Transaction, int, int], Sequence[Record]]:
    """Return a reader for the rows of a SELECT whose one `?` is the listener."""

    def read(tx: Transaction, _: int, user_id: int) -> list[Record]:
        listener = listener_of(tx, user_id)
        rows = [] if listener is None else tx.all(sql, (listener,))
        return [{name: row[name] for name in row.keys()} for row in rows]  # noqa: SIM118 - a row, not a dict

    return read


def _member(tx: Transaction, _: int, user_id: int) -> list[Record]:
    rows = tx.all("SELECT at, used_at FROM music_members WHERE user_id = ?", (user_id,))
    return [{"at": row["at"], "used_at": row["used_at"]} for row in rows]


def _link(records: Sequence[Record]) -> str:
    return f"that you hear music as {records[0]['name']!s} at {records[0]['service']!s}"


_NAMED = (
    "SELECT {what} FROM {table} t LEFT JOIN music_artists a ON a.id = t.artist WHERE t.listener = ? ORDER BY {order}"
)

MUSIC_DATA = (
    PersonalData(
        "music_member",
        frozenset({"music_members.user_id"}),
        _member,
        lambda _: "that you use the music bot, in all servers with it",
    ),
    PersonalData(
        "music_sharing",
        frozenset({"music_sharing.user_id"}),
        selected("SELECT at FROM music_sharing WHERE guild_id = ? AND user_id = ?"),
        lambda _: "that members of this server may see your taste in music",
    ),
    PersonalData(
        "music_account",
        frozenset(),
        _of_listener("SELECT linked_at AS at, service, name, imported_at FROM music_links WHERE listener = ?"),
        _link,
    ),
    PersonalData(
        "listens",
        frozenset(),
        _of_listener(
            _NAMED.format(
                what="t.heard_at AS at, a.name AS artist, t.title AS title",
                table="music_listens",
                order="t.heard_at, t.artist, t.title",
            )
        ),
        lambda records: f"{counted(len(records), 'time')} that you heard a track",
    ),
    PersonalData(
        "plays",
        frozenset(),
        _of_listener(
            _NAMED.format(
                what="a.name AS artist, t.plays AS plays", table="music_listening", order="t.plays DESC, t.artist"
            )
        ),
        lambda records: f"how often you hear {counted(len(records), 'artist')}",
    ),
    PersonalData(
        "favourite_artists",
        frozenset(),
        _of_listener(
            _NAMED.format(what="t.at AS at, a.name AS artist", table="music_favourites", order="t.at, t.artist")
        ),
        lambda records: f"{counted(len(records), 'artist')} that you named",
    ),
    PersonalData(
        "opinions_of_artists",
        frozenset(),
        _of_listener(
            _NAMED.format(
                what="t.at AS at, a.name AS artist, CASE t.verdict WHEN 1 THEN 'like' WHEN 2 THEN 'dislike'"
                " WHEN 3 THEN 'never again' ELSE 'heard it' END AS verdict",
                table="music_opinions",
                order="t.at, t.artist",
            )
        ),
        lambda records: f"{counted(len(records), 'opinion')} of yours on artists",
    ),
    PersonalData(
        "artists_shown",
        frozenset(),
        _of_listener(_NAMED.format(what="t.at AS at, a.name AS artist", table="music_shown", order="t.at, t.artist")),
        lambda records: f"{counted(len(records), 'artist')} that I've recommended to you lately",
    ),
    PersonalData(
        "playlists",
        frozenset(),
        _of_listener("SELECT at, name FROM music_playlists WHERE listener = ? ORDER BY folded"),
        lambda records: f"{counted(len(records), 'playlist')} of yours",
    ),
    PersonalData(
        "playlist_tracks",
        frozenset(),
        _of_listener(
            "SELECT p.name AS playlist, t.artist, t.title, t.recording, t.link FROM music_playlist_tracks t"
            " JOIN music_playlists p ON p.id = t.playlist WHERE t.listener = ? ORDER BY p.folded, t.number"
        ),
        lambda records: f"{counted(len(records), 'track')} in your playlists",
    ),
)
