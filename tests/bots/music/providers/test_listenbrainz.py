"""ListenBrainz as it is known to answer: limits in headers, 204, listens of one second, bad tokens with status 200."""

import pytest

from steward.bots.music.providers.answers import ArtistRef
from steward.bots.music.providers.failures import (
    CallRefused,
    NoContact,
    NotOffered,
    ProviderResting,
    TokenRefused,
    UnknownListener,
    UnreadablePage,
)
from steward.bots.music.providers.listenbrainz import ListenBrainz
from steward.settings.secret import Secret
from tests.bots.music.providers.fakes import (
    CONTACT,
    TOKEN,
    FakeListenBrainz,
    ago,
    answers,
    breaks,
    listen,
    mbid,
    page_of_html,
    serving,
)

AIR = ArtistRef("Air", mbid("Air"))


def listenbrainz(clock, fake, served, contact=CONTACT, **how):
    return ListenBrainz(served.http, clock, served.caches, contact, address=fake.url, labs=fake.url, **how)


async def whole_history(provider, listener, **how):
    pages, cursor = [], ""
    while not pages or cursor:
        pages.append(await provider.listens(listener, cursor=cursor, **how))
        cursor = pages[-1].cursor
        assert len(pages) < 50
    return pages


@pytest.mark.parametrize("contact", ["", "  "])
async def test_without_a_contact_it_refuses_to_start(clock, contact):
    fake = FakeListenBrainz(clock)
    async with serving(clock, fake) as served:
        with pytest.raises(NoContact, match="To ask ListenBrainz, Steward has to say how to reach you"):
            listenbrainz(clock, fake, served, contact)


async def test_each_request_says_how_to_reach_the_operator(clock):
    fake = FakeListenBrainz(clock)
    fake.heard["ada"] = []
    async with serving(clock, fake) as served:
        provider = listenbrainz(clock, fake, served, token=Secret(TOKEN))
        await provider.listens("ada")
        await provider.similar_artists(AIR)
        agents = {request.headers["User-Agent"] for request in fake.asked}
        assert agents == {f"Steward/0.1.0 ( {CONTACT} )"}
        assert [request.headers.get("Authorization") for request in fake.asked] == [f"Token {TOKEN}", None]


async def test_a_history_comes_page_by_page_the_newest_first(clock):
    fake = FakeListenBrainz(clock)
    fake.heard["ada"] = [listen("Air", f"Song {n}", ago(clock, minutes=n + 1)) for n in range(7)]
    async with serving(clock, fake) as served:
        pages = await whole_history(listenbrainz(clock, fake, served), "Ada", limit=3)
        heard = dict.fromkeys(one.track.title for page in pages for one in page.listens)
        assert list(heard) == [f"Song {n}" for n in range(7)]


@pytest.mark.parametrize("limit", [1, 2, 3, 5])
async def test_listens_of_one_second_are_not_lost_between_pages(clock, limit):
    """As many as a page can hold; of more, those beyond it are."""
    fake = FakeListenBrainz(clock)
    times = [ago(clock, days=day) for day in (1, 2, 3) for _ in range(limit)]
    fake.heard["ada"] = [listen("Air", f"Song {n}", at) for n, at in enumerate(times)]
    fake.heard["ada"].insert(0, listen("Air", "First", ago(clock, hours=1)))
    async with serving(clock, fake) as served:
        pages = await whole_history(listenbrainz(clock, fake, served), "ada", limit=limit)
        heard = {one.track.title for page in pages for one in page.listens}
        assert heard == {"First", *(f"Song {n}" for n in range(3 * limit))}


async def test_dates_of_1970_and_of_the_future_are_no_listens_and_move_no_cursor(clock):
    fake = FakeListenBrainz(clock)
    real = ago(clock, hours=1)
    dates = (ago(clock, days=-30_000), real, 1000, 0, -5)
    fake.heard["ada"] = [listen("Air", f"At {at}", at) for at in dates]
    async with serving(clock, fake) as served:
        provider = listenbrainz(clock, fake, served)
        pages = await whole_history(provider, "ada")
        assert [one.at for page in pages for one in page.listens] == [real]
        rows = [*fake.heard["ada"], listen("Air", "no date"), {**listen("Air", "odd"), "listened_at": "soon"}]
        fake.trouble = [answers({"payload": {"count": len(rows), "listens": rows}})]
        page = await provider.listens("ada")
        assert ([one.at for one in page.listens], page.skipped, page.cursor) == ([real], 6, "")


async def test_only_what_is_new_is_asked_for(clock):
    fake = FakeListenBrainz(clock)
    fake.heard["ada"] = [listen("Air", f"Song {n}", ago(clock, days=n + 1)) for n in range(9)]
    async with serving(clock, fake) as served:
        pages = await whole_history(listenbrainz(clock, fake, served), "ada", since=ago(clock, days=2), limit=5)
        assert [one.track.title for page in pages for one in page.listens] == ["Song 0", "Song 1"]
        assert len(fake.asked) == 1


async def test_each_field_of_a_listen_may_be_missing(clock):
    fake = FakeListenBrainz(clock)
    day = ago(clock, days=1)
    one, two = mbid("Air"), mbid("Beck")
    mapped = {"mbid_mapping": {"artist_mbids": [one], "recording_mbid": mbid("song")}, "release_name": "Moon Safari"}
    rows = [
        listen("Air", "whole", day, **mapped),
        listen("Air", "bare", day),
        listen("Air", "info", day, additional_info={"artist_mbids": [one], "recording_mbid": ""}),
        listen("Air & Beck", "two", day, mbid_mapping={"artist_mbids": [one, two]}),
        listen("Air", "odd", day, additional_info=None, mbid_mapping="x", release_name=None),
        listen("", "nobody", day),
        listen("Air", None, day),
        {"listened_at": day},
        {"listened_at": day, "track_metadata": []},
    ]
    fake.heard["ada"] = rows
    async with serving(clock, fake) as served:
        page = await listenbrainz(clock, fake, served).listens("ada")
        assert page.skipped == 4
        whole, *others = [listen.track for listen in page.listens]
        assert (whole.artist, whole.album, whole.mbid) == (ArtistRef("Air", one), "Moon Safari", mbid("song"))
        assert whole.link == f"https://musicbrainz.org/recording/{mbid('song')}"
        assert [track.artist.mbid for track in others] == ["", one, "", ""]


@pytest.mark.parametrize("body", [{}, {"payload": None}, {"payload": {}}, {"payload": {"listens": None}}, [1]])
async def test_a_page_without_listens_is_the_last_one(clock, body):
    fake = FakeListenBrainz(clock)
    fake.trouble = [answers(body), answers("", 204)]
    async with serving(clock, fake) as served:
        provider = listenbrainz(clock, fake, served)
        assert await provider.listens("ada") == ((), "", 0)
        assert await provider.listens("ada") == ((), "", 0), "204"


async def test_what_plays_now_has_no_date_and_may_be_nothing(clock):
    fake = FakeListenBrainz(clock)
    fake.heard |= {"ada": [], "bob": []}
    fake.playing["ada"] = listen("SOHN", "Harbour", release_name="Rennen")
    async with serving(clock, fake) as served:
        provider = listenbrainz(clock, fake, served)
        assert (await provider.now_playing("ada")).value.title == "Harbour"
        assert (await provider.now_playing("bob")).value is None


@pytest.mark.parametrize("name", ["nobody", "..", "", "a/b"])
async def test_a_listener_who_does_not_exist_is_said_by_name(clock, name):
    fake = FakeListenBrainz(clock)
    async with serving(clock, fake) as served:
        with pytest.raises(UnknownListener, match="ListenBrainz doesn't know anybody called"):
            await listenbrainz(clock, fake, served).listens(name)
        assert len(fake.asked) == (name == "nobody")


async def test_names_of_listeners_may_have_spaces_and_other_scripts(clock):
    fake = FakeListenBrainz(clock)
    names = ["ada lovelace", "あだ", "100%", "a+b"]
    fake.heard |= {name: [listen("Air", name, ago(clock, days=1))] for name in names}
    async with serving(clock, fake) as served:
        provider = listenbrainz(clock, fake, served)
        assert [(await provider.listens(name)).listens[0].track.title for name in names] == names


async def test_similar_artists_are_asked_for_by_id_and_scored_from_0_to_1(clock):
    fake = FakeListenBrainz(clock)
    rows = [("Moby", 400), ("Zero 7", 800), ("Air", 999), ("No score", None), ("", 5)]
    fake.similar[AIR.mbid] = [
        {"artist_mbid": mbid(name), "name": name, "gender": None, "score": score, "reference_mbid": AIR.mbid}
        for name, score in rows
    ]
    async with serving(clock, fake) as served:
        provider = listenbrainz(clock, fake, served)
        found = await provider.similar_artists(AIR)
        assert found.value == (
            (ArtistRef("Zero 7", mbid("Zero 7")), 1.0),
            (ArtistRef("Moby", mbid("Moby")), 0.5),
            (ArtistRef("No score", mbid("No score")), 0.0),
        )
        assert (await provider.similar_artists(ArtistRef("Beck", mbid("Beck")))).value == ()


async def test_an_artist_without_an_id_is_looked_up_or_has_nothing_similar(clock):
    fake = FakeListenBrainz(clock)
    fake.similar[AIR.mbid] = [{"artist_mbid": mbid("Moby"), "name": "Moby", "score": 4}]

    async def find(artist):
        return AIR.mbid if artist.name == "Air" else ""

    async with serving(clock, fake) as served:
        provider = listenbrainz(clock, fake, served, find_mbid=find)
        assert len((await provider.similar_artists(ArtistRef("Air"))).value) == 1
        assert (await provider.similar_artists(ArtistRef("Nobody"))).value == ()
        assert (await listenbrainz(clock, fake, served).artist_tags(ArtistRef("Air"))).value == ()


async def test_an_algorithm_that_is_gone_is_a_refusal_of_that_call(clock):
    fake = FakeListenBrainz(clock)
    fake.trouble = [answers({"code": 400, "error": "Unknown algorithm"}, 400)]
    async with serving(clock, fake) as served:
        with pytest.raises(CallRefused, match="ListenBrainz Labs refuses this request \\(400\\)"):
            await listenbrainz(clock, fake, served).similar_artists(AIR)


async def test_tags_are_those_of_the_artist(clock):
    fake = FakeListenBrainz(clock)
    fake.tags[AIR.mbid] = [{"tag": "downtempo", "count": 3, "artist_mbid": AIR.mbid}, {"tag": "electronic", "count": 9}]
    async with serving(clock, fake) as served:
        provider = listenbrainz(clock, fake, served)
        assert (await provider.artist_tags(AIR)).value == (("electronic", 9), ("downtempo", 3))
        assert (await provider.artist_tags(ArtistRef("Beck", mbid("Beck")))).value == ()


async def test_never_again_is_mirrored_in_both_directions(clock):
    fake = FakeListenBrainz(clock)
    token = Secret(TOKEN)
    async with serving(clock, fake) as served:
        provider = listenbrainz(clock, fake, served)
        others = [{"entity": "recording", "entity_mbid": mbid("song")}, {"entity": "artist", "entity_mbid": "x"}]
        fake.refused["ada"] = others * 80
        for name in ("Air", "Beck"):
            assert await provider.refuse_artist(ArtistRef(name, mbid(name)), token)
        fake.refused["ada"].append({"entity": "artist", "entity_mbid": mbid("Old")})
        assert await provider.refused_artists("ada") == (mbid("Beck"), mbid("Air"), mbid("Old"))
        assert await provider.refuse_artist(AIR, token, is_refused=False)
        assert mbid("Air") not in await provider.refused_artists("ada")
        assert not await provider.refuse_artist(ArtistRef("Unknown"), token)


async def test_a_bad_token_is_said_to_its_owner_and_rests_nothing(clock):
    fake = FakeListenBrainz(clock)
    fake.heard["ada"] = []
    async with serving(clock, fake) as served:
        provider = listenbrainz(clock, fake, served)
        assert await provider.owner_of(Secret(TOKEN)) == "ada"
        bad = Secret("00000000-0000-0000-0000-000000000000")
        with pytest.raises(TokenRefused, match=r"https://listenbrainz\.org/settings/"):
            await provider.owner_of(bad)  # status 200
        with pytest.raises(TokenRefused):
            await provider.refuse_artist(AIR, bad)
        await provider.listens("ada")
        assert provider.problem == ""


async def test_its_limits_are_obeyed_as_its_headers_tell_them(clock):
    fake = FakeListenBrainz(clock, per_window=4)
    fake.heard["ada"] = [listen("Air", f"Song {n}", ago(clock, minutes=n + 1)) for n in range(9)]
    async with serving(clock, fake) as served:
        pages = await whole_history(listenbrainz(clock, fake, served), "ada", limit=2)
        assert len({one.track.title for page in pages for one in page.listens}) == 9
        assert len(fake.window) <= 4
        assert len(pages) == len(fake.asked), "none was refused"
        assert fake.at[-1] - fake.at[0] > 10


async def test_too_many_requests_rest_it_for_as_long_as_it_says(clock):
    fake = FakeListenBrainz(clock)
    fake.trouble = [answers({"code": 429, "error": "…"}, 429, X_RateLimit_Reset_In="7")]
    fake.heard["ada"] = []
    async with serving(clock, fake) as served:
        provider = listenbrainz(clock, fake, served)
        with pytest.raises(ProviderResting) as resting:
            await provider.now_playing("ada")
        assert resting.value.retry_after == 7
        assert await provider.listens("ada") == ((), "", 0)
        assert 7 <= fake.at[1] - fake.at[0] < 9


@pytest.mark.parametrize("trouble", [breaks, page_of_html, answers("", 502), answers('{"payload"')])
async def test_what_passes_is_tried_again_in_the_background(clock, trouble):
    fake = FakeListenBrainz(clock)
    fake.heard["ada"] = [listen("Air", "Song", ago(clock, days=1))]
    fake.trouble = [trouble, trouble]
    async with serving(clock, fake) as served:
        provider = listenbrainz(clock, fake, served)
        assert len((await provider.listens("ada")).listens) == 1
        assert len(fake.asked) == 3
        fake.trouble = answers('{"payload"')
        with pytest.raises(UnreadablePage):
            await provider.listens("ada")


async def test_it_has_no_search(clock):
    fake = FakeListenBrainz(clock)
    async with serving(clock, fake) as served:
        with pytest.raises(NotOffered, match="ListenBrainz has no search for artists"):
            await listenbrainz(clock, fake, served).find_artists("Air")
