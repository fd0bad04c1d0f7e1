"""
Alerts: each raised once and cleared once, to whoever listens.

    slow = Rule("queries", Rise(lambda: timer.slow_count, clock, 300), {Severity.WARNING: 3}, "{:.0f} slow queries.")
    alerts = Alerts([slow], clock)
    alerts.tell("log", log_alert)
    tasks.start("watch for trouble", alerts.run)

Guarantees: nothing is raised on fewer than `samples` readings in a row; what is raised is told once, and again only
when it becomes more severe; it is cleared once, when it has been clear of its threshold, by the slack, as many times in
a row; while a number is not known, nothing changes. A listener that fails costs itself only.
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
    """How bad it is; they compare."""

    WARNING = 1
    SERIOUS = 2
    CRITICAL = 3


@dataclass(frozen=True, slots=True)
class AlertRule:
    """
    When something is wrong.

    Args:
        name: of the alert, such as `memory`.
        read: returns the number that is judged; None while it is not known.
        thresholds: from where on it is how bad; further off for what is worse.
        sentence: what to tell, with `{}` for the number, as `str.format` takes it; or what makes it of the number.
        below: it is bad when it is less, not more.
        samples: so many readings in a row decide.
        slack: the part of a threshold by which a number must be clear of it to count as good again.

    """

    name: str
    read: Read
    thresholds: Mapping[Severity, float]
    sentence: str | Callable[[float], str]
    below: bool = False
    samples: int = 2
    slack: float = 0.05

    def say(self, value: float) -> str:
        """Return the sentence on a value."""
        return self.sentence.format(value) if isinstance(self.sentence, str) else self.sentence(value)

    def severity(self, value: float, *, slack: float = 0.0) -> Severity | None:
        """Return how bad a value is, with thresholds that are nearer to the good by the part `slack` of themselves."""
        found = [
            severity
            for severity, threshold in self.thresholds.items()
            if (value < threshold * (1 + slack) if self.below else value >= threshold * (1 - slack))
        ]
        return max(found, default=None)


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that is wrong since a moment, or, `cleared`, no longer is."""

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
        self._worst: dict[str, Severity] = {}  # that has been told since it was raised
        self._active: dict[str, Alert] = {}
        self._isolation = Isolation("watch for trouble", of="rule")
        for rule in rules:
            self.watch(rule)

    def watch(self, rule: AlertRule) -> None:
        """
        Check one more rule from now on.

        Raises:
            ValueError: its name is taken.

        """
        if rule.name in self._rules:
            raise ValueError(f"There is a rule named {rule.name!r} already.")
        self._rules[rule.name] = rule

    def tell(self, name: str, listener: Listener) -> None:
        """Have `listener`, plain or `async def`, called with each alert that is raised, worse, or cleared."""
        self._listeners.append((name, listener))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all rules."""
        return tuple(self._rules)

    @property
    def active(self) -> tuple[Alert, ...]:
        """What is wrong now, the worst first."""
        return tuple(sorted(self._active.values(), key=lambda alert: -alert.severity))

    async def check(self) -> None:
        """Read every number once, and tell what has changed."""
        for rule in self._rules.values():
            with self._isolation.of(rule.name):
                changed = self._judge(rule)
                if changed is not None:
                    await self._tell(changed)

    async def run(self, interval: float = 15.0) -> None:
        """Check every `interval` seconds, for ever."""
        while True:
            await self.check()
            await asyncio.sleep(interval)

    def _judge(self, rule: AlertRule) -> Alert | None:
        """Return the alert that is to be told."""
        value = rule.read()
        if value is None:
            return None
        alert = self._active.get(rule.name)
        now = rule.severity(value)
        if alert is None:
            return self._raise(rule, value, now) if self._often(rule, "bad" if now is not None else "") else None
        if now is not None and now > self._worst[rule.name]:
            return self._raise(rule, value, now) if self._often(rule, "worse") else None
        lenient = rule.severity(value, slack=rule.slack)
        if lenient is None:
            return self._clear(rule, alert, value) if self._often(rule, "good") else None
        self._often(rule, "")
        severity = min(self._worst[rule.name], lenient)
        self._active[rule.name] = replace(alert, severity=severity, sentence=rule.say(value))
        return None

    def _often(self, rule: AlertRule, verdict: str) -> bool:
        """Count readings of one verdict in a row, and return whether they are enough; then the count begins anew."""
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

    async def _tell(self, alert: Alert) -> None:
        for name, listener in self._listeners:
            try:
                result = listener(alert)
                if inspect.isawaitable(result):
                    await result
            except Exception as error:
                log.error("alert_not_told", alert=alert.name, listener=name, exc_info=error)


def log_alert(alert: Alert) -> None:
    """Tell the log."""
    if alert.cleared:
        log.info("alert_cleared", alert=alert.name, sentence=alert.sentence, since=alert.since.isoformat())
    elif alert.severity is Severity.CRITICAL:
        log.error("alert_critical", alert=alert.name, sentence=alert.sentence)
    else:
        log.warning("alert_raised", alert=alert.name, severity=alert.severity.name.lower(), sentence=alert.sentence)


class Rise:
    """
    By how much a number that only grows has risen lately; asked at least once in each `window`.

    Args:
        read: returns the number.
        window: seconds that are looked back on.

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
        """Begin anew: it has not risen since now."""
        self._seen.clear()
        self()


class RatioOf:
    """
    Which part of what happened lately was of one kind, 0 to 1; None while too little has happened.

    When nothing of that kind has happened for a while, and enough of the others, it is over: 0, whatever was before.

    Args:
        part: returns how many of that kind there have ever been.
        whole: returns how many there have ever been.
        window: seconds that are looked back on.
        least: so many must have happened.
        over_after: the seconds without that kind after which it is over; None: when the window has passed.
        over_with: so many others must have happened meanwhile.

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
        self._last = (-inf, 0.0, 0.0)  # when it was last of that kind, and how many there were then, of it and of all
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
