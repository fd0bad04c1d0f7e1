"""`/recommend` on the whole product: for a mood, an artist, a taste; what is said to picks changes the next ones."""

import asyncio
from contextlib import asynccontextmanager
from functools import partial

from steward.bots.music.recommend.similar import well_known
from steward.bots.music.taste.members import listener_of
from steward.bots.music.taste.opinions import ArtistVerdict, feedback_of
from steward.bots.music.views.picks import BLANK
from tests.bots.music.providers.fakes import page_of_html
from tests.scenarios.music.catalogues import CARD, answer_to, catalogue, likes, picks_of, text_of
from tests.scenarios.music.services import playing


@asynccontextmanager
async def listening(clock, folder, **settings):
    """The bot with an invented catalogue and no services, and a member."""
    with_none = {"STEWARD_MUSIC_SERVICES": "none", **settings}
    async with playing(clock, folder, **with_none) as (scene, steward, found, ada):
        yield scene, steward, ada, await catalogue(steward), found


async def little_known(steward, names):
    """An artist about whom services are asked: of those well known here they aren't."""
    known = await steward.store.read(partial(well_known, artists=names))
    plain = ((number, name) for number, name in names.items() if name.isascii() and name.isalpha())
    return next((number, name) for number, name in plain if number not in known)


def say(verdict, artist):
    return f"music:say.1:{int(verdict)}:{artist}"


async def test_an_artist_gets_five_cards_each_with_a_reason_a_source_and_links(clock, tmp_path):
    async with listening(clock, tmp_path) as (_, _, ada, names, _):
        seed = list(names)[40]
        reply = await ada.run("/recommend", artist=f"artist:{seed}")
        picks = picks_of(reply.message)
        assert len(set(picks)) == 5
        assert seed not in picks
        assert not reply.ephemeral
        assert len(CARD.findall(reply.content)) == 5
        assert reply.content.count("From the catalogue · [ListenBrainz](<https://listenbrainz.org/search/") == 5
        assert reply.content.count("https://www.last.fm/search/artists?q=") == 5
        verdicts = ["Like", "Dislike", "Never again", "Heard it", "More like this"]
        assert reply.buttons == [*verdicts * 5, "Next five", "Save list"]


async def test_four_answers_show_twenty_artists_and_what_was_refused_never_comes_back(clock, tmp_path):
    async with listening(clock, tmp_path) as (_, steward, ada, names, _):
        await likes(steward, ada, list(names)[20:24])
        reply = await ada.run("/recommend")
        assert reply.ephemeral  # of a taste that isn't shared
        message = reply.message
        refused = picks_of(message)[0]
        told = await answer_to(await ada.click(message, say(ArtistVerdict.NEVER, refused)))
        assert "never show you" in told.content
        seen = picks_of(message)
        for _ in range(8):
            message = await answer_to(await ada.click(message, "Next five"))
            assert message.ephemeral
            seen += picks_of(message)
        assert len(seen) == len(set(seen)) == 45


async def test_each_button_is_kept_at_once_and_can_be_taken_back(clock, tmp_path):
    async with listening(clock, tmp_path) as (_, steward, ada, names, _):
        reply = await ada.run("/recommend", artist=f"artist:{list(names)[9]}")
        liked, disliked, never, heard, more = picks_of(reply.message)
        for verdict, artist in zip(ArtistVerdict, (liked, disliked, never, heard), strict=True):
            told = await answer_to(await ada.click(reply.message, say(verdict, artist)))
            assert told.ephemeral
            await ada.click(reply.message, say(verdict, artist))  # a button may be pressed twice
        feedback = await steward.store.read(lambda tx: feedback_of(tx, listener_of(tx, ada.id)))
        assert (feedback.liked, feedback.disliked, feedback.never, feedback.heard) == tuple(
            frozenset({one}) for one in (liked, disliked, never, heard)
        )
        assert not {liked, disliked, never, heard} & {*picks_of((await ada.run("/recommend")).message)}
        like = await answer_to(await ada.click(reply.message, f"music:more.1:{more}"))
        assert len(picks_of(like)) == 5
        assert text_of(like).startswith("### Like ")
        back = await answer_to(await ada.click(told, "Take it back"))
        assert "forgotten what you said" in back.content
        feedback = await steward.store.read(lambda tx: feedback_of(tx, listener_of(tx, ada.id)))
        assert feedback.heard == frozenset()


async def test_a_mood_gets_what_is_tagged_so_and_its_next_five(clock, tmp_path):
    async with listening(clock, tmp_path) as (_, _, ada, _, _):
        reply = await ada.run("/recommend", text="calm for studying, a bit sad, not metal")
        assert "### For your mood: ambient" in reply.content
        assert reply.content.count("Many tag it") >= 3
        assert "Name three artists" in reply.buttons
        assert len(picks_of(await answer_to(await ada.click(reply.message, "Next five")))) == 5


async def test_whoever_is_unknown_names_three_artists_in_a_form(clock, tmp_path):
    async with listening(clock, tmp_path) as (_, _, ada, names, _):
        reply = await ada.run("/recommend")
        assert (reply.content, reply.ephemeral) == (BLANK, True)
        form = await ada.click(reply, "Name three artists")
        plain = [name for name in names.values() if name.isascii() and name.isalpha()][:2]
        answer = await ada.submit(form, first=plain[0], second=plain[1].upper(), third="")
        assert len(picks_of(await answer_to(answer))) == 5
        form = await ada.click(reply, "Name three artists")
        refused = await answer_to(await ada.submit(form, first="Nobody knows them at all", second="", third=""))
        assert "I know no artist" in refused.content


TYPED = ("\U0001f98a\U0001f319", "AC/DC", "!!!", "@everyone", "x" * 2000, 'a AND (b~ OR "c', "שלום עולם", "   ", "???")


async def test_whatever_is_typed_gets_an_answer_or_a_sentence(clock, tmp_path):
    async with listening(clock, tmp_path) as (_, _, ada, _, _):
        for typed in TYPED:
            await asyncio.sleep(60)  # a member may ask 15 times a minute
            reply = await ada.run("/recommend", text=typed)
            assert reply.error is None
            assert reply.content
            assert "@everyone" not in reply.content
            reply = await ada.run("/recommend", artist=typed[:100])
            assert reply.error is None
            assert len(picks_of(reply.message)) == 5 or "I know no artist" in reply.content


async def test_names_that_break_messages_break_no_card(clock, tmp_path):
    async with listening(clock, tmp_path) as (_, _, ada, names, _):
        message = (await ada.run("/recommend", artist=f"artist:{next(iter(names))}")).message
        for _ in range(3):
            message = await answer_to(await ada.click(message, "Next five"))
            said = text_of(message)
            assert len(CARD.findall(said)) == 5
            assert "@everyone" not in said
            assert "<@" not in said


async def test_services_that_fail_or_hang_cost_nobody_three_seconds_and_the_answer_says_so(clock, tmp_path):
    services = {"STEWARD_MUSIC_SERVICES": "listenbrainz, lastfm, musicbrainz"}
    async with listening(clock, tmp_path, **services) as (_, steward, ada, names, found):
        seed, _ = await little_known(steward, names)
        for trouble in (page_of_html, hanging):
            found.down(trouble)
            begun = clock.monotonic()
            reply = await ada.run("/recommend", artist=f"artist:{seed}")
            assert len(picks_of(reply.message)) == 5
            assert clock.monotonic() - begun < 3
            assert "So this is from the catalogue." in reply.content
        begun = clock.monotonic()
        reply = await ada.run("/recommend", artist="Somebody that no catalogue has")
        assert "I know no artist" in reply.content
        assert clock.monotonic() - begun < 3


async def test_what_a_service_says_is_near_comes_first_and_names_the_service(clock, tmp_path):
    services = {"STEWARD_MUSIC_SERVICES": "lastfm"}
    async with listening(clock, tmp_path, **services) as (_, steward, ada, names, found):
        seed, name = await little_known(steward, names)
        near = [{"name": f"Neighbour {n}", "match": str(1 - n / 10), "mbid": ""} for n in range(5)]
        found.last_fm.similar[name.lower()] = near
        reply = await ada.run("/recommend", artist=f"artist:{seed}")
        assert "Neighbour 0" in reply.content
        assert "From Last.fm, as of <t:" in reply.content


async def hanging(_):
    await asyncio.sleep(600)
