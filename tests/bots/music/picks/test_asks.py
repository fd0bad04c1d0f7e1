import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.bots.music.picks.asks import LONGEST_CODE, PickAsk, PicksFor, read_ask
from steward.bots.music.views.picks import NEXT

weights = st.integers(-999, 999).map(lambda tenths: tenths / 10)
asks = st.builds(
    PickAsk,
    st.sampled_from(PicksFor),
    st.integers(0, 10**12),
    st.dictionaries(st.integers(1, 10**6), weights, max_size=4),
)


@given(asks)
def test_an_ask_is_read_as_it_was_written(ask):
    assert read_ask(ask.code) == ask


@given(st.dictionaries(st.integers(1, 10**12), weights, max_size=30))
def test_of_a_long_mood_the_tags_that_weigh_most_go_on_the_button(tags):
    ask = PickAsk(tags=tags)
    assert len(ask.code) <= LONGEST_CODE
    assert NEXT.id(ask.code)
    kept = read_ask(ask.code).tags
    assert kept.items() <= tags.items()
    lost = [abs(weight) for tag, weight in tags.items() if tag not in kept]
    assert not lost or not kept or max(lost) <= min(map(abs, kept.values()))


@pytest.mark.parametrize(
    "code", ["", "x", "m;", "m;1x", "m;1x2;", "m-1", "m1x2", "m" + "1" * 80, "v;1x2.", "m;\u0661x"]
)
def test_what_is_no_ask_is_refused(code):
    with pytest.raises(ValueError, match="asks for nothing"):
        read_ask(code)
