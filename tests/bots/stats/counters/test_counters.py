"""Counter names: the label is the administrator's, the number is the truth."""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from steward.bots.stats.counters.counters import Counted, Counter, NumberStyle
from steward.bots.stats.counts.facts import GuildCounts


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
    assert Counter(1, Counted.MEMBERS).label_in(name) == label


@given(st.text(max_size=120), st.integers(0, 10**9))
@example("{count}: 7", 12)
def test_adopting_its_own_name_changes_nothing(name, members):
    """However an administrator called the channel, restarts do not pile up labels."""
    counter = Counter(1, Counted.MEMBERS)
    label = counter.label_in(name)
    assert counter.label_in(counter.name(GuildCounts(1, members=members), label)) == label


@pytest.mark.parametrize("counted", Counted)
def test_an_unknown_number_gives_no_name(counted):
    counts = GuildCounts(1, goal=9) if counted is Counted.GOAL else GuildCounts(1)
    assert Counter(1, counted, role_id=5).name(counts) is None


@pytest.mark.parametrize(
    ("counted", "name"),
    [
        (Counted.MEMBERS, "Members: 50"),
        (Counted.ONLINE, "Online: 30"),
        (Counted.BANS, "Bans: 1"),
        (Counted.HUMANS, "Humans: 44"),
        (Counted.BOTS, "Bots: 6"),
        (Counted.BOOSTS, "Boosts: 2"),
        (Counted.ROLES, "Roles: 8"),
        (Counted.CHANNELS, "Channels: 9"),
        (Counted.ROLE, "Role: 3"),
        (Counted.VOICE, "In voice: 4"),
        (Counted.GOAL, "Goal: 50 of 200"),
        (Counted.DATE, "Date: Mon 5 Jan"),
    ],
)
def test_each_counter_shows_its_own_number(counted, name):
    counts = GuildCounts(
        1,
        members=50,
        online=30,
        bans=1,
        humans=44,
        bots=6,
        boosts=2,
        roles=8,
        channels=9,
        voice=4,
        role_sizes={7: 3},
        goal=200,
        today=date(2026, 1, 5),
    )
    assert Counter(1, counted, template=counted.template, role_id=7).name(counts) == name


def test_a_template_says_how_far_the_goal_is():
    counter = Counter(1, Counted.GOAL, template="{count}/{goal} ({percent})")
    assert counter.name(GuildCounts(1, members=50, goal=200)) == "50/200 (25 %)"


@pytest.mark.parametrize(
    ("style", "written"),
    [
        (NumberStyle.PLAIN, ["999", "12345", "999999", "1000000"]),
        (NumberStyle.COMMA, ["999", "12,345", "999,999", "1,000,000"]),
        (NumberStyle.POINT, ["999", "12.345", "999.999", "1.000.000"]),
        (NumberStyle.SPACE, ["999", "12\u202f345", "999\u202f999", "1\u202f000\u202f000"]),
        (NumberStyle.SHORT, ["999", "12.3k", "999.9k", "1M"]),
    ],
)
def test_numbers_are_written_in_the_guilds_style(style, written):
    assert [style.write(number) for number in (999, 12345, 999999, 1000000)] == written


def test_a_new_channel_has_a_name_before_its_number_is_known():
    crew = Counter(0, Counted.ROLE, "Crew: {count}", role_id=5)
    assert crew.first_name(GuildCounts(1)) == "Crew: …"
    assert crew.first_name(GuildCounts(1, role_sizes={5: 4})) == "Crew: 4"
