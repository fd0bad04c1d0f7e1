"""Which services are asked is the operator's choice; keys are secrets, and what is missing is a sentence."""

import pytest

from steward.bots.music.providers.installed import installed_providers
from steward.bots.music.settings import SERVICES, MusicSettings
from steward.settings.load import load
from steward.settings.problems import SettingsError
from tests.bots.music.providers.fakes import CONTACT, KEY, TOKEN, serving

DISCORD = "MTA5ODc2NTQzMjEwOTg3NjU0Mw.GhIjKl.abcdefghijklmnopqrstuvwxyz0123456789AB"


def settings(folder, **given):
    environ = {"STEWARD_TOKEN": DISCORD, **{f"STEWARD_{name.upper()}": value for name, value in given.items()}}
    return load(environ, folder, sections_of=lambda names: ((MusicSettings,), True)).of(MusicSettings)


async def installed(clock, folder, **given):
    async with serving(clock) as served:
        found = installed_providers(settings(folder, **given), served.http, clock, served.caches)
    return [one.name for one in found.providers], found.keywords, list(found.problems)


async def test_without_any_setting_two_do_not_start_and_say_why(clock, tmp_path):
    names, keywords, problems = await installed(clock, tmp_path)
    assert (names, keywords) == (["deezer"], None)
    assert len(problems) == 1
    assert problems[0].startswith("To ask ListenBrainz and MusicBrainz, Steward has to say how to reach you:")
    assert problems[0].endswith("Set STEWARD_MUSIC_CONTACT to a web address or an e-mail address of yours.")


async def test_a_contact_and_a_key_are_all_it_takes(clock, tmp_path):
    names, _, problems = await installed(clock, tmp_path, music_contact=CONTACT, lastfm_key=KEY)
    assert (names, problems) == (["listenbrainz", "lastfm", "musicbrainz", "deezer"], [])


async def test_the_order_is_the_operator_s_and_none_is_none(clock, tmp_path):
    names, _, problems = await installed(clock, tmp_path, music_services="deezer, musicbrainz", music_contact="a@b.org")
    assert (names, problems) == (["deezer", "musicbrainz"], [])
    assert await installed(clock, tmp_path, music_services="none") == ([], None, [])


async def test_spotify_and_a_model_are_off_unless_they_are_switched_on(clock, tmp_path):
    both = {"spotify_client_id": KEY, "spotify_client_secret": KEY, "keyword_model_key": KEY}
    names, keywords, problems = await installed(clock, tmp_path, music_contact=CONTACT, **both)
    assert ("spotify" in names, keywords, problems) == (False, None, [])
    model = {"keyword_model": "small", "keyword_model_address": "http://127.0.0.1:11434"}
    names, keywords, problems = await installed(clock, tmp_path, music_services="spotify", **both, **model)
    assert (names, keywords.title, problems) == (["spotify"], "The keyword model", [])
    names, keywords, problems = await installed(clock, tmp_path, music_services="spotify", keyword_model="small")
    assert (names, keywords) == ([], None)
    assert [said.split(":")[0] for said in problems] == [
        "Spotify isn't asked",
        "No keyword model is asked",
    ]


def test_keys_are_never_shown(tmp_path):
    secret = {"lastfm_key": KEY, "listenbrainz_token": TOKEN, "spotify_client_secret": KEY, "keyword_model_key": KEY}
    found = settings(tmp_path, **secret)
    assert KEY not in repr(found)
    assert TOKEN not in repr(found)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"lastfm_key": "your key"}, "is no key"),
        ({"listenbrainz_token": "abc"}, "is no key"),
        ({"music_services": "napster"}, "names no service 'napster'"),
        ({"music_services": "last_fm"}, "Did you mean lastfm"),
        ({"music_contact": "me"}, "is not an http or https URL"),
        ({"music_contact": "https://a.example (me)"}, "can't be in a header"),
        ({"music_contact": "mé@a.example"}, "can't be in a header"),
        ({"keyword_model_address": "localhost:11434"}, "is not an http or https URL"),
    ],
)
def test_what_cannot_be_is_said(tmp_path, given, said):
    with pytest.raises(SettingsError, match=said) as problems:
        settings(tmp_path, **given)
    assert "your key" not in str(problems.value)


async def test_each_service_that_can_be_chosen_exists(clock, tmp_path):
    every = {"music_services": ", ".join(SERVICES), "spotify_client_id": KEY, "spotify_client_secret": KEY}
    names, _, _ = await installed(clock, tmp_path, music_contact=CONTACT, lastfm_key=KEY, **every)
    assert names == list(SERVICES)
