"""Alerts, raised once and cleared once."""

import asyncio

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from steward.runtime.clock import SystemClock
from steward.runtime.monitor import AlertRule, Alerts, RatioOf, Rise, Severity, log_alert

THRESHOLDS = {Severity.WARNING: 0.70, Severity.SERIOUS: 0.85, Severity.CRITICAL: 0.95}


async def told(clock, values, **how):
    """What is told of a number that takes these values, one a reading."""
    left = iter(values)
    rule = AlertRule("memory", lambda: next(left), THRESHOLDS, "{:.0%} taken", **how)
    alerts, heard = Alerts([rule], clock), []
    alerts.add_listener("test", heard.append)
    for _ in values:
        await alerts.check()
    return [(alert.severity.name, alert.sentence, alert.cleared) for alert in heard], alerts


async def test_an_alert_is_raised_once_and_cleared_once(clock):
    heard, alerts = await told(clock, [0.5, 0.75, 0.75, 0.8, 0.75, 0.72, 0.6, 0.6, 0.6, 0.5])
    assert heard == [("WARNING", "75% taken", False), ("WARNING", "60% taken", True)]
    assert alerts.active == ()


async def test_a_worse_alert_is_reported_again_a_better_one_is_not(clock):
    heard, _ = await told(clock, [0.75, 0.75, 0.9, 0.9, 0.97, 0.97, 0.9, 0.9, 0.75, 0.75, 0.1, 0.1])
    assert [(severity, cleared) for severity, _, cleared in heard] == [
        ("WARNING", False),
        ("SERIOUS", False),
        ("CRITICAL", False),
        ("WARNING", True),
    ]


async def test_a_single_reading_raises_and_clears_nothing(clock):
    assert (await told(clock, [0.5, 0.99, 0.5, 0.99, 0.5]))[0] == []
    heard, alerts = await told(clock, [0.9, 0.9, 0.1, 0.9, 0.1, 0.9])
    assert len(heard) == 1
    assert len(alerts.active) == 1


async def test_an_alert_near_its_threshold_stays_raised(clock):
    heard, _ = await told(clock, [0.71, 0.71, *[0.69, 0.71] * 50])
    assert len(heard) == 1


async def test_unknown_values_change_nothing(clock):
    heard, alerts = await told(clock, [0.75, None, None, 0.75, None, None, None])
    assert len(heard) == 1
    assert alerts.active[0].sentence == "75% taken"


async def test_low_values_can_raise_an_alert(clock):
    left = iter([0.9, 0.7, 0.7, 0.7, 0.82, 0.82, 0.9, 0.9])
    rule = AlertRule("hits", lambda: next(left), {Severity.WARNING: 0.8}, "{:.0%}", below=True)
    alerts, heard = Alerts([rule], clock), []
    alerts.add_listener("test", heard.append)
    for _ in range(8):
        await alerts.check()
    assert [(alert.sentence, alert.cleared) for alert in heard] == [("70%", False), ("90%", True)]


@given(st.lists(st.one_of(st.none(), st.floats(0, 1.2)), max_size=60))
@example([1.0, 1.0, 0.75, 0.0, 1.0])
@example([1.0, 1.0, 0.75, 1.0, 1.0])
def test_alerts_always_alternate_and_only_get_more_severe(values):
    async def main():
        return (await told(SystemClock(), values))[0]

    worst = 0
    for severity, _, cleared in asyncio.run(main()):
        rank = Severity[severity].value
        if cleared:
            assert worst
            worst = 0
        else:
            assert rank > worst
            worst = rank


async def test_a_failing_listener_is_isolated(clock):
    heard = []

    async def fails(alert):
        raise RuntimeError("no network")

    async def hears(alert):
        heard.append(alert.name)

    alerts = Alerts([AlertRule("always", lambda: 1, {Severity.CRITICAL: 1}, "It is.", samples=1)], clock)
    alerts.add_listener("broken", fails)
    alerts.add_listener("whole", hears)
    with capture_logs() as lines:
        await alerts.check()
    assert heard == ["always"]
    assert lines[0]["event"] == "alert_not_told"
    assert lines[0]["listener"] == "broken"


async def test_f61_a_failing_alert_rule_does_not_affect_the_others(clock):
    def unreadable():
        raise LookupError

    rules = [
        AlertRule(name, read, THRESHOLDS, "{}", samples=1) for name, read in (("a", unreadable), ("b", lambda: 0.9))
    ]
    alerts = Alerts(rules, clock)
    await alerts.check()
    assert [alert.name for alert in alerts.active] == ["b"]


async def test_alerts_are_logged_by_severity(clock):
    with capture_logs() as lines:
        left = iter([0.75, 0.96, 0.1])
        alerts = Alerts([AlertRule("memory", lambda: next(left), THRESHOLDS, "{:.0%}", samples=1)], clock)
        alerts.add_listener("log", log_alert)
        for _ in range(3):
            await alerts.check()
    assert [(line["event"], line["log_level"]) for line in lines] == [
        ("alert_raised", "warning"),
        ("alert_critical", "error"),
        ("alert_cleared", "info"),
    ]


async def test_checks_run_at_the_interval(clock):
    asked = []
    alerts = Alerts([AlertRule("count", lambda: asked.append(1), {}, "")], clock)
    running = asyncio.create_task(alerts.run(15))
    await asyncio.sleep(151)
    running.cancel()
    assert len(asked) == 11


def test_names_of_rules_are_unique(clock):
    rule = AlertRule("one", lambda: 1, {}, "")
    with pytest.raises(ValueError, match="already"):
        Alerts([rule, rule], clock)


async def test_a_rise_covers_only_the_window(clock):
    total = [100]
    rise = Rise(lambda: total[0], clock, window=300)
    assert rise() == 0
    total[0] += 7
    assert rise() == 7
    for _ in range(29):
        await asyncio.sleep(10)
        assert rise() == 7
    total[0] += 2
    assert rise() == 9
    await asyncio.sleep(10)
    assert rise() == 2
    await asyncio.sleep(290)
    assert rise() == 0


async def test_a_ratio_needs_enough_events(clock):
    failed, all_ = [0], [0]
    share = RatioOf(lambda: failed[0], lambda: all_[0], clock, window=300, least=20)
    assert share() is None
    failed[0], all_[0] = 5, 19
    assert share() is None
    all_[0] = 20
    assert share() == 0.25
    await asyncio.sleep(301)
    assert share() is None


async def test_after_a_while_without_failures_the_ratio_is_zero(clock):
    failed, all_ = [0], [0]
    share = RatioOf(lambda: failed[0], lambda: all_[0], clock, window=1800, over_after=120, over_with=10)

    async def a_minute(*, failures, requests=4):
        failed[0] += failures
        all_[0] += requests
        await asyncio.sleep(60)
        return share()

    assert [await a_minute(failures=0) for _ in range(6)] == [None] * 5 + [0.0]
    outage = [await a_minute(failures=4) for _ in range(10)]
    assert outage[-1] == pytest.approx(10 / 16, abs=0.05)
    assert (await a_minute(failures=0)) > 0.5
    assert [await a_minute(failures=0) for _ in range(4)][1:] == [0.0] * 3
    assert [await a_minute(failures=1) for _ in range(6)][-1] > 0.15, "a new outage is judged by itself"
    scarce = [await a_minute(failures=0, requests=1) for _ in range(9)]
    assert all(scarce), "too few have succeeded to say that it is over"
