"""Words of moods as tags: negation, degree, decades, tags by name, and whatever people type."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.bots.music.catalogue.names import folded_tag
from steward.bots.music.recommend.moods.lexicon import LEXICON
from steward.bots.music.recommend.moods.moods import MOST_TAGS, phrases_of, read_mood, words_of

TAGS = {"post rock", "rock", "doom metal", "metal", "jazz", "80s", "sad", "vaporwave", "the"}


def read(text, tags=TAGS):
    return read_mood(words_of(text), tags)


def tags_of(text):
    return read(text).tags


@pytest.mark.parametrize(
    ("text", "tag", "weight"),
    [
        ("sad", "sad", 1.0),
        ("not sad", "sad", -1.0),
        ("isn\u2019t sad", "sad", -1.0),
        ("a bit sad", "sad", 0.5),
        ("very sad", "sad", 1.5),
        ("not sad or angry", "angry", -1.0),
        ("not sad but angry", "angry", 1.0),
        ("not sad, angry", "angry", 1.0),
        ("not sad and angry", "angry", 1.0),
        ("neither sad nor angry", "angry", -1.0),
        ("nothing too sad", "sad", -1.0),
        ("some post-rock please", "post rock", 1.0),
        ("POST ROCK", "post rock", 1.0),
        ("eighties", "80s", 1.0),
        ("from the 80's", "80s", 1.0),
        ("1980s", "80s", 1.0),
        ("studying", "ambient", 1.0),
        ("running", "energetic", 1.0),
        ("calming", "ambient", 1.0),
        ("melancholly", "melancholy", 1.0),  # typed wrongly
        ("late night jazz", "jazz", 1.8),
        ("something jazzy", "jazz", 1.0),
        ("no vocals", "instrumental", 1.0),
    ],
)
def test_what_words_stand_for(text, tag, weight):
    assert tags_of(text)[tag] == pytest.approx(weight)


def test_the_longest_name_counts():
    assert "rock" not in tags_of("post rock")
    assert "metal" not in tags_of("doom metal")


def test_what_says_nothing_is_no_tag_though_a_catalogue_has_it():
    assert tags_of("play me some of the music") == {}


def test_a_bit_is_of_the_next_word_only():
    found = tags_of("a bit sad, jazz")
    assert (found["sad"], found["jazz"]) == (0.5, 1.0)


def test_words_that_nobody_knows_are_told():
    assert read("sad flibbertigibbet").unread == ("flibbertigibbet",)


def test_a_tag_typed_wrongly_is_the_one_that_was_meant():
    assert read_mood(words_of("vaporwawe"), {}, {"vaporwawe": "vaporwave"}).tags == {"vaporwave": 1.0}


def test_an_example_of_several_wishes():
    found = tags_of("something calm for studying, a bit sad, not metal")
    assert found["ambient"] == 2.0
    assert found["metal"] == -1.0
    assert found["sad"] == 0.5
    assert next(iter(found)) == "ambient"


@pytest.mark.parametrize(
    "text", ["", " ", "🦊🌙", "!!!", "'; DROP TABLE x", "\x00\u202e", "not", "a bit", ",,,", "not but or"]
)
def test_what_is_no_mood_is_none(text):
    assert tags_of(text) == {}


@given(st.text(max_size=2500))
def test_any_text_is_read(text):
    words = words_of(text)
    assert len(words) <= 100
    assert len(phrases_of(words)) <= 1000
    assert len(read(text).tags) <= MOST_TAGS


@given(
    st.lists(
        st.sampled_from([*sorted(LEXICON), "not", "very", "a bit", "or", "but", ",", "post rock", "zzzzz"]), max_size=12
    )
)
def test_wishes_in_any_order_are_read(words):
    for weight in tags_of(" ".join(words)).values():
        assert weight != 0


def test_two_thousand_characters_take_no_time():
    words = words_of("flibbertigibbets " * 200)
    began = time.process_time()
    read_mood(words, TAGS)
    assert time.process_time() - began < 0.5


def test_the_lexicon_is_well_formed():
    assert len(LEXICON) >= 150
    for word, entry in LEXICON.items():
        assert folded_tag(word) == word
        parts = [part.lstrip("-") for part in entry.split(", ")]
        names = [part.rpartition(" ")[0] if part.rpartition(" ")[2].startswith(".") else part for part in parts]
        assert len(set(names)) == len(names), word
        assert all(folded_tag(name) == name for name in names), word
        assert read_mood([*word.split()], set()).words, word
