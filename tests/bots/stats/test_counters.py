"""Counter names: the label is the administrator's, the number is the truth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.bots.stats.counters import Counted, Counter
from steward.bots.stats.facts import GuildCounts


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Members: 12", "Members"),
        ("👥 Everyone : 0", "👥 Everyone"),
        ("a:b:c", "a"),
        ("member-count", "member-count"),
        (": 5", "Members"),
        ("", "Members"),
    ],
)
def test_the_text_before_the_first_colon_is_the_label(name, label):
    counter = Counter(1, Counted.MEMBERS)
    counter.adopt(name)
    assert counter.label == label


@given(st.text(max_size=120), st.integers(0, 10**9))
def test_adopting_its_own_name_changes_nothing(name, members):
    """However an administrator called the channel, restarts do not pile up labels."""
    counter = Counter(1, Counted.MEMBERS)
    counter.adopt(name)
    shown = counter.name(GuildCounts(1, members=members))
    label = counter.label
    counter.adopt(shown)
    assert counter.label == label


def test_an_unknown_number_gives_no_name():
    assert Counter(1, Counted.ONLINE).name(GuildCounts(1, members=5)) is None


def test_each_counter_shows_its_own_number():
    counts = GuildCounts(1, members=5, online=3, bans=1)
    assert [Counter(1, counted).name(counts) for counted in Counted] == ["Members: 5", "Online: 3", "Bans: 1"]
