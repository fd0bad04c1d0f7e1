"""The operator's settings of the music bot: which services it asks, and with which keys. It needs none of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from steward.settings.declare import Kind, setting
from steward.settings.kinds import address_parts, integer, text, web_address
from steward.settings.problems import BadValue, nearest
from steward.settings.secret import Secret

SERVICES = ("listenbrainz", "lastfm", "musicbrainz", "deezer", "spotify")
_KEY = re.compile(r"[!-~]{8,300}")
_MAIL = re.compile(r"[^\s@()<>]+@[^\s@()<>]+\.[A-Za-z]{2,}")


def service_key() -> Kind[Secret]:
    """Return the kind of keys and tokens: 8 to 300 printable characters without a space."""

    def read(given: str) -> Secret:
        if not _KEY.fullmatch(given):
            raise BadValue("is no key: one has 8 to 300 characters and no space", "Copy it from your account there.")
        return Secret(given)

    return Kind(read, "key, 8 to 300 characters")


def service_names() -> Kind[tuple[str, ...]]:
    """Return the kind of music services by their short names, in the order given."""

    def read(given: str) -> tuple[str, ...]:
        names = [word for word in re.split(r"[\s,]+", given.lower()) if word]
        if names == ["none"]:
            return ()
        for name in names:
            if name not in SERVICES:
                near = nearest(name, SERVICES)
                hint = "" if near is None else f" Did you mean {near}?"
                raise BadValue(f"names no service {name!r}", f"Choose of {', '.join(SERVICES)}, or none.{hint}")
        return tuple(dict.fromkeys(names))

    return Kind(read, f"of {', '.join(SERVICES)}, separated by commas; or none")


def contact_address() -> Kind[str]:
    """Return the kind of web and e-mail addresses, which go into a header."""
    fix = "Write one such as https://steward.example.org or you@example.org."

    def read(given: str) -> str:
        if not given.isascii() or not given.isprintable() or re.search(r"[()\s]", given):
            raise BadValue("has a character that can't be in a header", fix)
        if not _MAIL.fullmatch(given):
            address_parts(given, fix)
        return given

    return Kind(read, "web or e-mail address")


@dataclass(frozen=True, kw_only=True)
class MusicSettings:
    """The music bot."""

    keep_listens_days: int = setting(
        integer(7, 36500), "How many days to keep what a member heard; what was before isn't imported.", default=400
    )
    keep_idle_listeners_days: int = setting(
        integer(0, 36500),
        "After how many days without a command of the music bot all that is kept of a member's taste is deleted. "
        "0 keeps all.",
        default=400,
    )
    music_services: tuple[str, ...] = setting(
        service_names(),
        "The services that are asked, in this order; one without a key that it needs is left out. With none, "
        "recommendations come from the catalogue alone.",
        default=("listenbrainz", "lastfm", "musicbrainz", "deezer"),
        example="listenbrainz, musicbrainz, deezer, spotify",
    )
    music_contact: str = setting(
        contact_address(),
        "How ListenBrainz and MusicBrainz can reach you: they block programs that don't say it, and aren't asked "
        "without. It is sent to these two alone.",
        default="",
        example="https://steward.example.org",
    )
    listenbrainz_token: Secret | None = setting(
        service_key(),
        "Your token of ListenBrainz, for more requests at a time. Listening histories are public and need none.",
        default=None,
        secret=True,
        example="01234567-89ab-cdef-0123-456789abcdef",
    )
    listenbrainz_address: str | None = setting(
        web_address(),
        "A server of your own that answers like ListenBrainz, in place of it; also for similar artists.",
        default=None,
        example="https://listens.example.org",
    )
    lastfm_key: Secret | None = setting(
        service_key(),
        "The key of Last.fm's API, for histories, similar artists and tags.",
        default=None,
        secret=True,
        example="0123456789abcdef0123456789abcdef",
    )
    lastfm_address: str | None = setting(
        web_address(),
        "The address of another API that answers like Last.fm's, such as that of Libre.fm.",
        default=None,
        example="https://libre.fm/2.0/",
    )
    musicbrainz_address: str | None = setting(
        web_address(),
        "A mirror of MusicBrainz, in place of it.",
        default=None,
        example="https://mirror.example.org/ws/2",
    )
    spotify_client_id: str = setting(
        text(),
        "The client id of an application at Spotify, for links; also name Spotify in the list of services.",
        default="",
        example="0123456789abcdef0123456789abcdef",
    )
    spotify_client_secret: Secret | None = setting(
        service_key(),
        "The client secret of that application.",
        default=None,
        secret=True,
        example="0123456789abcdef0123456789abcdef",
    )
    keyword_model_address: str | None = setting(
        web_address(),
        "A server with an interface like OpenAI's, whose model turns words of members into tags. What they write is "
        "sent there. Without it, a word list does that.",
        default=None,
        example="http://127.0.0.1:11434",
    )
    keyword_model: str = setting(text(), "The name of the model on that server.", default="", example="small-model")
    keyword_model_key: Secret | None = setting(
        service_key(),
        "The key of that server, if it wants one.",
        default=None,
        secret=True,
        example="0123456789abcdef",
    )
