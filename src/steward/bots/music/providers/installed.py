"""The services that an operator has set up; the code of each is imported only then."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from steward.bots.music.providers.failures import NoContact
from steward.bots.music.settings import MusicSettings
from steward.errors import NeedsOperator
from steward.runtime.clock import Clock
from steward.runtime.http import HttpClient

if TYPE_CHECKING:
    from steward.bots.music.providers.caches import ProviderCaches
    from steward.bots.music.providers.keyword_model import KeywordModel
    from steward.bots.music.providers.provider import MusicProvider


class InstalledProviders(NamedTuple):
    """
    Those that may be asked.

    Attributes:
        providers: in the order in which to ask them.
        keywords: None unless it was switched on.
        problems: why others can't be, a sentence each.

    """

    providers: Sequence[MusicProvider]
    keywords: KeywordModel | None
    problems: Sequence[str]


def installed_providers(
    settings: MusicSettings, http: HttpClient, clock: Clock, caches: ProviderCaches
) -> InstalledProviders:
    """Return the services that are set up: without a contact, neither ListenBrainz nor MusicBrainz."""
    found: dict[str, MusicProvider] = {}
    problems: list[str] = []
    wanted = settings.music_services
    if "musicbrainz" in wanted or "listenbrainz" in wanted:
        try:
            found |= _brainz(settings, http, clock, caches)
        except NeedsOperator:
            titles = {"listenbrainz": "ListenBrainz", "musicbrainz": "MusicBrainz"}
            problems.append(str(NoContact(" and ".join(titles[name] for name in titles if name in wanted))))
    if "lastfm" in wanted and settings.lastfm_key is not None:
        from steward.bots.music.providers.last_fm import LastFm

        where = {} if settings.lastfm_address is None else {"address": f"{settings.lastfm_address}/"}
        found["lastfm"] = LastFm(http, clock, caches, settings.lastfm_key, **where)
    if "deezer" in wanted:
        from steward.bots.music.providers.deezer import Deezer

        found["deezer"] = Deezer(http, clock, caches)
    if "spotify" in wanted and settings.spotify_client_secret is not None and settings.spotify_client_id:
        from steward.bots.music.providers.spotify import Spotify

        secret = settings.spotify_client_secret
        found["spotify"] = Spotify(http, clock, caches, settings.spotify_client_id, secret)
    elif "spotify" in wanted:
        problems.append(
            "Spotify isn't asked: set STEWARD_SPOTIFY_CLIENT_ID and STEWARD_SPOTIFY_CLIENT_SECRET, or leave it out."
        )
    keywords = None
    if settings.keyword_model_address is not None and settings.keyword_model:
        from steward.bots.music.providers.keyword_model import KeywordModel

        address, model, key = settings.keyword_model_address, settings.keyword_model, settings.keyword_model_key
        keywords = KeywordModel(http, clock, caches, address, model, key)
    elif settings.keyword_model_address is not None or settings.keyword_model:
        problems.append("No keyword model is asked: it needs STEWARD_KEYWORD_MODEL and STEWARD_KEYWORD_MODEL_ADDRESS.")
    return InstalledProviders([found[name] for name in wanted if name in found], keywords, problems)


def _brainz(
    settings: MusicSettings, http: HttpClient, clock: Clock, caches: ProviderCaches
) -> dict[str, MusicProvider]:
    """Return both; ListenBrainz knows artists by the ids that MusicBrainz finds."""
    from steward.bots.music.providers.listenbrainz import ListenBrainz
    from steward.bots.music.providers.musicbrainz import MusicBrainz

    contact = settings.music_contact
    mirror, own = settings.musicbrainz_address, settings.listenbrainz_address
    names = MusicBrainz(http, clock, caches, contact, **({} if mirror is None else {"address": mirror}))
    find_mbid = names.mbid_of if "musicbrainz" in settings.music_services else None
    token = settings.listenbrainz_token
    where = {} if own is None else {"address": own, "labs": own}
    return {
        "musicbrainz": names,
        "listenbrainz": ListenBrainz(http, clock, caches, contact, token=token, find_mbid=find_mbid, **where),
    }
