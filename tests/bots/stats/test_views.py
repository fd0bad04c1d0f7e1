"""What people see: within Discord's bounds, escaped, and true to what is not known."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.bots.stats.counts.facts import EventKind, GuildCounts, MemberEvent, Summary
from steward.bots.stats.history.series import ChannelShare
from steward.bots.stats.intake.gaps import Gap, Reason
from steward.bots.stats.setup.guild_settings import ReportKind
from steward.bots.stats.views.heartbeat import Pulse, heartbeat
from steward.bots.stats.views.report import Report, report
from steward.client.embeds import AMBER, GREEN, clean
from steward.runtime.process.disk import DiskUsage
from steward.runtime.process.measuring import ProcessUsage

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
MIDNIGHT = datetime(2026, 1, 5, tzinfo=UTC)


def summary(names=(), **changes):
    given = {
        "begin": MIDNIGHT,
        "end": MIDNIGHT + timedelta(days=1),
        "counts": {
            EventKind.JOIN: len(names),
            EventKind.LEAVE: 2,
            EventKind.KICK: 0,
            EventKind.BAN: 1,
            EventKind.UNBAN: 0,
        },
        "names": {kind: list(names)[:10] if kind is EventKind.JOIN else [] for kind in EventKind},
        "members": 5100,
        "members_before": 5000,
        "peak_online": 900,
    }
    return Summary(**(given | changes))


def daily_report(shown, counts, *, late, single_events, span=ReportKind.DAY, before=None):
    return report(Report(span, shown, before or shown, counts, late=late, single_events=single_events))


def fields(message):
    return {field["name"]: field["value"] for field in message["embeds"][0]["fields"]}


def pulse(names=(), problems=(), lines=()):
    events = [MemberEvent(1, EventKind.JOIN, n, name, NOON, str(n)) for n, name in enumerate(names)]
    return Pulse(
        GuildCounts(1, "Penguins", 5, 3, None),
        NOON,
        NOON,
        ProcessUsage(51.2, 3.0, 4),
        DiskUsage(12_340_000_000, 456_000_000),
        0.042,
        dict.fromkeys(EventKind, 1),
        events,
        (),
        problems,
        lines,
        single_events=True,
    )


def size(message):
    """Count characters as Discord does for its limit of 6,000 over all embeds."""
    embed = message["embeds"][0]
    parts = [embed["title"], embed["footer"]["text"]]
    parts += [part for field in embed["fields"] for part in (field["name"], field["value"])]
    return sum(map(len, parts))


def test_the_daily_report_says_what_happened_and_for_which_day():
    message = daily_report(summary(["ada"]), GuildCounts(1), late=None, single_events=True)
    assert message["embeds"][0]["title"] == "Daily report: Monday, 5 January 2026"
    assert fields(message) == {
        "Members": "5,100",
        "Net": "+100",
        "Peak online": "900",
        "Joins": "1",
        "Leaves": "2",
        "Bans": "1",
        "Unbans": "0",
        "Joined": "ada",
    }


def test_names_are_capped_and_the_rest_is_counted():
    names = [f"user{n}" for n in range(40)]
    shown = fields(daily_report(summary(names), GuildCounts(1), late=None, single_events=True))["Joined"]
    assert shown.startswith("user0, user1")
    assert shown.endswith("user9, and 30 more")


def test_a_late_report_says_how_late():
    footer = daily_report(summary(), GuildCounts(1), late=timedelta(minutes=5), single_events=True)
    assert "sent 5 minutes late" in footer["embeds"][0]["footer"]["text"]


def test_without_the_intent_the_report_gives_the_net_change_and_says_why():
    message = daily_report(summary(), GuildCounts(1), late=None, single_events=False)
    assert "Joins" not in fields(message)
    assert fields(message)["Net"] == "+100"
    assert "without the Server Members intent" in message["embeds"][0]["footer"]["text"]


def test_what_is_not_known_is_said_to_be_unknown():
    unknown = summary(members=None, members_before=None, peak_online=None)
    shown = fields(daily_report(unknown, GuildCounts(1), late=None, single_events=True))
    assert shown["Members"] == shown["Net"] == "unknown"
    assert "Peak online" not in shown


def test_the_heartbeat_is_amber_while_something_needs_attention():
    assert heartbeat(pulse())["embeds"][0]["color"] == GREEN
    message = heartbeat(pulse(problems=["The channel 1 is gone."]))
    assert message["embeds"][0]["color"] == AMBER
    assert fields(message)["Needs attention"] == "The channel 1 is gone."


@given(st.lists(st.text(min_size=0, max_size=200), max_size=30), st.lists(st.text(max_size=400), max_size=40))
def test_no_name_or_line_breaks_discords_bounds_or_pings_anybody(names, lines):
    for message in (
        heartbeat(pulse(names, problems=lines, lines=lines)),
        daily_report(summary(names), GuildCounts(1), late=None, single_events=True),
    ):
        assert size(message) <= 6000
        for value in fields(message).values():
            assert 1 <= len(value) <= 1024


def test_nasty_names_are_shown_as_text():
    assert clean("@everyone") == "@\u200beveryone"
    assert clean("**bold** `code`\n# title") == r"\*\*bold\*\* \`code\` # title"
    assert clean("  ") == "(no name)"


def test_no_name_makes_a_link_turns_the_text_or_is_invisible():
    assert clean("https://e_vil.example") == "https:\u200b//e\\_vil.example"
    assert "](https://" not in clean("[free](https://e.vil)")
    assert clean("\u202eada\x00\u200b") == "ada"
    assert [clean(name) for name in ("\u200b", "\u3164", "\u2800 \ufeff")] == ["(no name)"] * 3
    assert clean("Zo\u00eb \U0001f427 \u732b\tx") == "Zo\u00eb \U0001f427 \u732b x"


def test_a_weekly_report_compares_with_the_week_before():
    week = {"end": MIDNIGHT + timedelta(days=7)}
    before = summary(counts={**dict.fromkeys(EventKind, 0), EventKind.LEAVE: 4})
    message = daily_report(
        summary(**week), GuildCounts(1), late=None, single_events=True, span=ReportKind.WEEK, before=before
    )
    assert message["embeds"][0]["title"] == "Weekly report: 5 to 11 January 2026"
    assert fields(message)["Leaves"] == "2 (-50 % on the week before)"


def test_a_monthly_report_names_its_month():
    month = summary(begin=MIDNIGHT.replace(day=1), end=MIDNIGHT + timedelta(days=27))
    message = daily_report(month, GuildCounts(1), late=None, single_events=True, span=ReportKind.MONTH)
    assert message["embeds"][0]["title"] == "Monthly report: January 2026"


def test_kicks_are_said_beside_the_leaves_that_they_are():
    counts = dict.fromkeys(EventKind, 0) | {EventKind.LEAVE: 12, EventKind.KICK: 2}
    message = daily_report(summary(counts=counts), GuildCounts(1), late=None, single_events=True)
    assert fields(message)["Leaves"] == "12, 2 of them kicked"
    assert "1 join · 1 leave, 1 of them kicked · 1 ban · 1 unban" in fields(heartbeat(pulse()))["Today"]


@pytest.mark.parametrize(
    ("net", "said"),
    [
        (37, "Not connected 02:10\u201302:40: 37 more members; I don't know who"),
        (-1, "Not connected 02:10\u201302:40: 1 fewer member; I don't know who"),
        (0, "Not connected 02:10\u201302:40: just as many members as before"),
        (None, "Not connected 02:10\u201302:40: I don't know who joined or left"),
    ],
)
def test_a_time_of_which_nobody_told_is_marked_with_what_is_known_of_it(net, said):
    gap = Gap(1, MIDNIGHT + timedelta(minutes=130), MIDNIGHT + timedelta(minutes=160), Reason.NOT_CONNECTED, net)
    message = daily_report(summary(gaps=(gap,)), GuildCounts(1), late=None, single_events=True)
    assert fields(message)["Not recorded"] == said


def test_a_moment_in_which_nothing_changed_is_not_worth_a_line():
    gap = Gap(1, MIDNIGHT, MIDNIGHT + timedelta(seconds=20), Reason.NOT_CONNECTED, 0)
    message = daily_report(summary(gaps=(gap,)), GuildCounts(1), late=None, single_events=True)
    assert "Not recorded" not in fields(message)


@pytest.mark.parametrize(
    ("disk", "said"),
    [
        (DiskUsage(12_340_000_000, 456_000_000), "12.3 GB used · 456 MB free"),
        (DiskUsage(0, 1_500_000_000_000), "0 MB used · 1,500.0 GB free"),
        (None, None),
    ],
)
def test_the_heartbeat_says_how_full_the_disk_is_where_that_can_be_told(disk, said):
    assert fields(heartbeat(replace(pulse(), disk=disk))).get("Disk") == said


@pytest.mark.parametrize(("messages", "said"), [(34, "<#7> (34 messages)"), (1, "<#7> (1 message)")])
def test_the_busiest_channel_is_named_with_its_messages(messages, said):
    shown = Report(
        ReportKind.DAY,
        summary(),
        summary(),
        GuildCounts(1),
        late=None,
        single_events=True,
        messages=messages,
        channels=[ChannelShare(7, messages, 0)],
    )
    assert fields(report(shown))["Busiest channel"] == said
