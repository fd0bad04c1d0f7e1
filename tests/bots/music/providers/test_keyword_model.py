"""A model may answer anything, late, or not at all; only tags of the catalogue come of it."""

import pytest

from steward.bots.music.providers.failures import KeyRefused, ProviderAway, ProviderResting
from steward.bots.music.providers.keyword_model import KeywordModel
from steward.errors import NotReady
from steward.settings.secret import Secret
from tests.bots.music.providers.fakes import KEY, FakeModel, answers, hangs, page_of_html, serving

CATALOGUE = {"ambient": "ambient", "sad": "sad", "trip hop": "trip-hop", "trip-hop": "trip-hop",
             **{f"tag {n}": f"tag {n}" for n in range(20)}}  # fmt: skip


def known(tag):
    return CATALOGUE.get(tag.lower())


def model(clock, fake, served, key=KEY):
    return KeywordModel(served.http, clock, served.caches, f"{fake.url}/v1", "small", Secret(key))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('{"tags": ["ambient", "sad"]}', ("ambient", "sad")),
        ('```json\n{"tags": ["ambient", "sad"]}\n```', ("ambient", "sad")),
        ('Sure! Here you are: {"tags": ["Ambient"]} Enjoy.', ("ambient",)),
        ('{"tags": ["ambient", "sad", "chil', ("ambient", "sad")),
        ('{"tags": ["ambient", "sad"', ("ambient", "sad")),
        ('["ambient", "sad"]', ("ambient", "sad")),
        ('{"tags": "ambient, sad"}', ("ambient", "sad")),
        ('{"tags": ["Trip Hop", "trip-hop", "TRIP HOP"]}', ("trip-hop",)),
        ('{"tags": ["Moby", "Porcelain", "a song nobody knows"]}', ()),
        ('{"tags": [1, null, {"a": 1}, ["x"], true, "sad"]}', ("sad",)),
        ('{"tags": null}', ()),
        ('{"tags": {}}', ()),
        ('{"mood": "sad"}', ("sad",)),
        ("{}", ()),
        ("null", ()),
        ("", ()),
        (None, ()),
        ("I can't help with that.", ()),
        ("{" * 5000, ()),
        ('{"tags": [' + ", ".join(f'"tag {n}"' for n in range(20)) + "]}", tuple(f"tag {n}" for n in range(8))),
    ],
)
async def test_only_tags_of_the_catalogue_are_taken_whatever_it_says(clock, content, expected):
    fake = FakeModel(clock, "json_schema")
    fake.content = content
    fake.finish = "length"
    async with serving(clock, fake) as served:
        found = await model(clock, fake, served).tags("calm for studying, a bit sad", known)
        assert (found.value, found.source) == (expected, "The keyword model")


@pytest.mark.parametrize(("formats", "tries"), [(("json_schema",), 1), (("json_object",), 2), ((), 3)])
async def test_the_best_format_that_a_server_takes_is_found_once(clock, formats, tries):
    fake = FakeModel(clock, *formats)
    async with serving(clock, fake) as served:
        asked = model(clock, fake, served)
        assert (await asked.tags("calm", known)).value == ("ambient",)
        assert len(fake.asked) == tries
        await asked.tags("calmer", known)
        assert len(fake.asked) == tries + 1
        assert clock.monotonic() - fake.at[0] < 3


@pytest.mark.parametrize("formats", [("json_schema",), ()])
async def test_an_answer_takes_three_seconds_at_most(clock, formats):
    fake = FakeModel(clock, *formats)
    fake.takes = 3600
    async with serving(clock, fake) as served:
        began = clock.monotonic()
        with pytest.raises(ProviderAway, match="doesn't answer within"):
            await model(clock, fake, served).tags("calm", known)
        assert clock.monotonic() - began < 3.2


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        (hangs, NotReady),
        (page_of_html, NotReady),
        (answers("", 500), NotReady),
        (answers({"error": {"message": "Rate limit reached", "type": "requests"}}, 429), ProviderResting),
        (answers({}), ProviderAway),
        (answers({"choices": []}), ProviderAway),
        (
            answers({"error": {"message": f"Incorrect API key: {KEY}"}}, 401),
            KeyRefused,
        ),
    ],
)
async def test_no_answer_is_an_error_and_not_kept(clock, trouble, error):
    fake = FakeModel(clock, "json_schema")
    fake.trouble = [trouble]
    async with serving(clock, fake) as served:
        asked = model(clock, fake, served)
        with pytest.raises(error) as refused:
            await asked.tags("calm", known)
        assert KEY not in str(refused.value)
        assert served.caches.keywords.get("calm") is None


@pytest.mark.parametrize("body", [{"choices": [{}]}, {"choices": [{"message": None}]}, {"choices": {"message": {}}}])
async def test_a_choice_without_a_text_names_no_tags(clock, body):
    fake = FakeModel(clock, "json_schema")
    fake.trouble = [answers(body)]
    async with serving(clock, fake) as served:
        assert (await model(clock, fake, served).tags("calm", known)).value == ()


async def test_the_same_words_are_asked_about_once_a_day(clock):
    fake = FakeModel(clock, "json_schema")
    async with serving(clock, fake) as served:
        asked = model(clock, fake, served)
        for text in ("Calm  for studying", "calm for studying", "CALM FOR STUDYING "):
            await asked.tags(text, known)
        assert (asked.requests, served.caches.counts["keywords"]) == (1, (2, 3))
        assert (await asked.tags("calm for studying", lambda tag: None)).value == (), "the catalogue may have changed"


@pytest.mark.parametrize("text", ["", "   ", "\x00\x01"])
async def test_nothing_is_not_asked_about(clock, text):
    fake = FakeModel(clock, "json_schema")
    async with serving(clock, fake) as served:
        assert (await model(clock, fake, served).tags(text, known)).value == ()
        assert fake.asked == []


async def test_long_words_are_cut_before_they_are_sent(clock):
    fake = FakeModel(clock, "json_schema")
    async with serving(clock, fake) as served:
        await model(clock, fake, served).tags("x" * 2000, known)
        assert len(fake.bodies[0]["messages"][1]["content"]) == 500
