"""
Alerts, each raised once and cleared once.

    rise = Rise(lambda: timer.slow_count, clock, 300)
    slow = AlertRule("queries", rise, {Severity.WARNING: 3}, "{:.0f} slow queries.")
    alerts = Alerts([slow], clock)
    alerts.add_listener("log", log_alert)
    tasks.start("watch for trouble", alerts.run)

Guarantees: an alert is raised after `samples` bad readings in a row, and reported again only when it gets more severe;
it is cleared once, after as many readings beyond the threshold by `slack`. Unknown values change nothing. A failing
listener does not affect the others.
"""

from __future__ import annotations

import asyncio
import inspect
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum
from math import inf

from steward.runtime.clock import SYSTEM_CLOCK, Clock
from steward.runtime.isolation import Isolation
from steward.runtime.logs.loggers import get_logger

log = get_logger(__name__)

Read = Callable[[], float | None]


class Severity(IntEnum):
    """How severe an alert is; ordered."""

    WARNING = 1
    SERIOUS = 2
    CRITICAL = 3


@dataclass(frozen=True, slots=True)
class AlertRule:
    """
    When to raise an alert.

    Args:
        read: returns the value; None if unknown.
        sentence: describes the value: a format string, or a function of it.
        below: low values are bad, not high ones.
        samples: readings in a row needed for a change.
        slack: share of a threshold by which a value must be better to clear the alert.

    """

    name: str
    read: Read
    thresholds: Mapping[Severity, float]
    sentence: str | Callable[[float], str]
    below: bool = False
    samples: int = 2
    slack: float = 0.05

    def say(self, value: float) -> str:
        """Return the sentence for a value."""
        return self.sentence.format(value) if isinstance(self.sentence, str) else self.sentence(value)

    def severity(self, value: float, *, slack: float = 0.0) -> Severity | None:
        """Return the severity of a value, with thresholds made stricter by the share `slack`."""
        found = [
            severity
            for severity, threshold in self.thresholds.items()
            if (value < threshold * (1 + slack) if self.below else value >= threshold * (1 - slack))
        ]
        return max(found, default=None)


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert that is active since `since`, or has been `cleared`."""

    name: str
    severity: Severity
    sentence: str
    since: datetime
    cleared: bool = False


Listener = Callable[[Alert], Awaitable[None] | None]


class Alerts:
    """See the module."""

    def __init__(self, rules: Iterable[AlertRule], clock: Clock = SYSTEM_CLOCK) -> None:
        self._rules: dict[str, AlertRule] = {}
        self._clock = clock
        self._listeners: list[tuple[str, Listener]] = []
        self._in_a_row: dict[str, tuple[str, int]] = {}
        self._worst: dict[str, Severity] = {}  # reported since it was raised
        self._active: dict[str, Alert] = {}
        self._isolation = Isolation("watch for trouble", of="rule")
        for rule in rules:
            self.watch(rule)

    def watch(self, rule: AlertRule) -> None:
        """
        Add a rule.

        Raises:
            ValueError: the name is taken.

        """
        if rule.name in self._rules:
            raise ValueError(f"A rule named {rule.name!r} exists already.")
        self._rules[rule.name] = rule

    def add_listener(self, name: str, listener: Listener) -> None:
        """Call `listener`, sync or async, with each alert that is raised, gets worse, or is cleared."""
        self._listeners.append((name, listener))

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._rules)

    @property
    def active(self) -> tuple[Alert, ...]:
        """Active alerts, the most severe first."""
        return tuple(sorted(self._active.values(), key=lambda alert: -alert.severity))

    async def check(self) -> None:
        """Read all values once and report changes."""
        for rule in self._rules.values():
            with self._isolation.item(rule.name):
                changed = self._judge(rule)
                if changed is not None:
                    await self._notify(changed)

    async def run(self, interval: float = 15.0) -> None:
        """Check every `interval` seconds, forever."""
        while True:
            await self.check()
            await asyncio.sleep(interval)

    def _judge(self, rule: AlertRule) -> Alert | None:
        """Return the alert to report, if any."""
        value = rule.read()
        if value is None:
            return None
        alert = self._active.get(rule.name)
        now = rule.severity(value)
        if alert is None:
            return self._raise(rule, value, now) if self._enough(rule, "bad" if now is not None else "") else None
        if now is not None and now > self._worst[rule.name]:
            return self._raise(rule, value, now) if self._enough(rule, "worse") else None
        lenient = rule.severity(value, slack=rule.slack)
        if lenient is None:
            return self._clear(rule, alert, value) if self._enough(rule, "good") else None
        self._enough(rule, "")
        severity = min(self._worst[rule.name], lenient)
        self._active[rule.name] = replace(alert, severity=severity, sentence=rule.say(value))
        return None

    def _enough(self, rule: AlertRule, verdict: str) -> bool:
        """Count equal verdicts in a row; return whether they are enough, and then start over."""
        before, count = self._in_a_row.get(rule.name, ("", 0))
        count = (count if verdict == before else 0) + 1 if verdict else 0
        enough = count >= rule.samples
        self._in_a_row[rule.name] = (verdict, 0 if enough else count)
        return enough

    def _raise(self, rule: AlertRule, value: float, severity: Severity | None) -> Alert:
        before = self._active.get(rule.name)
        since = self._clock.now() if before is None else before.since
        alert = Alert(rule.name, severity or Severity.WARNING, rule.say(value), since)
        self._active[rule.name], self._worst[rule.name] = alert, alert.severity
        return alert

    def _clear(self, rule: AlertRule, alert: Alert, value: float) -> Alert:
        del self._active[rule.name]
        return replace(alert, sentence=rule.say(value), cleared=True)

    async def _notify(self, alert: Alert) -> None:
        for name, listener in self._listeners:
            try:
                result = listener(alert)
                if inspect.isawaitable(result):
                    await result
            except Exception as error:
                log.error("alert_not_told", alert=alert.name, listener=name, exc_info=error)


def log_alert(alert: Alert) -> None:
    """Write an alert to the log."""
    if alert.cleared:
        log.info("alert_cleared", alert=alert.name, sentence=alert.sentence, since=alert.since.isoformat())
    elif alert.severity is Severity.CRITICAL:
        log.error("alert_critical", alert=alert.name, sentence=alert.sentence)
    else:
        log.warning("alert_raised", alert=alert.name, severity=alert.severity.name.lower(), sentence=alert.sentence)


class Rise:
    """
    Increase of a growing number within the last `window` seconds; call it at least once per window.

    Args:
        window: seconds.

    """

    def __init__(self, read: Callable[[], float], clock: Clock = SYSTEM_CLOCK, window: float = 300.0) -> None:
        self._read = read
        self._clock = clock
        self._window = window
        self._seen: deque[tuple[float, float]] = deque()

    def __call__(self) -> float:
        now, value = self._clock.monotonic(), self._read()
        if not self._seen or value != self._seen[-1][1]:
            self._seen.append((now, value))
        while len(self._seen) > 1 and self._seen[1][0] <= now - self._window:
            self._seen.popleft()
        return value - self._seen[0][1]

    def forget(self) -> None:
        """Start over from the current number."""
        self._seen.clear()
        self()


class RatioOf:
    """
    Share of one kind among recent events, 0 to 1; None with fewer than `least` events.

    After `over_after` seconds without that kind, and with `over_with` other events, it is 0.

    Args:
        part: returns the total count of that kind.
        whole: returns the total count.
        window: seconds looked back on.
        least: events needed for a ratio.
        over_after: seconds; default is `window`.
        over_with: number of other events.

    """

    def __init__(
        self,
        part: Callable[[], float],
        whole: Callable[[], float],
        clock: Clock = SYSTEM_CLOCK,
        *,
        window: float = 300.0,
        least: int = 20,
        over_after: float | None = None,
        over_with: int = 10,
    ) -> None:
        self._read = part, whole
        self._clock = clock
        self._part = Rise(part, clock, window)
        self._whole = Rise(whole, clock, window)
        self._least = least
        self._over_after = window if over_after is None else over_after
        self._over_with = over_with
        self._last = (-inf, 0.0, 0.0)  # time of the last event of that kind, and both counts then
        self._over = False

    def __call__(self) -> float | None:
        part, whole = self._part(), self._whole()
        if part and self._is_over():
            self._part.forget()
            self._whole.forget()
            self._over = True
            return 0.0
        if self._over and not part:
            return 0.0
        self._over = False
        return part / whole if whole >= self._least else None

    def _is_over(self) -> bool:
        now, part, whole = self._clock.monotonic(), *(read() for read in self._read)
        if part != self._last[1]:
            self._last = (now, part, whole)
        return now - self._last[0] >= self._over_after and whole - self._last[2] >= self._over_with
