"""A naive model of a limit: keeps and counts all uses."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import strategies as st

from steward.runtime.limits import Rule

QUARTERS = 0.25  # seconds; exact in binary, so that nobody rounds


@dataclass
class Model:
    """Windows by key, without bounds."""

    allowed: dict[str, list[float]] = field(default_factory=dict)

    def wait(self, key: str, rule: Rule, now: float) -> float:
        """The shortest wait after which it would be allowed."""
        times = self.allowed.get(key, [])
        ends = [at + span - now for at in times for span in (rule.per, rule.burst_per)]
        candidates = sorted({0.0, *(end for end in ends if end > 0)})
        return next(wait for wait in candidates if self._fits(times, rule, now + wait))

    def _fits(self, times: list[float], rule: Rule, at: float) -> bool:
        in_window = sum(at - rule.per < time for time in times)
        in_burst = sum(at - rule.burst_per < time for time in times)
        return in_window < rule.rate and in_burst < rule.burst

    def take_all(self, asked: list[tuple[str, Rule]], now: float) -> tuple[int, float]:
        waits = [self.wait(key, rule, now) for key, rule in asked]
        longest = max(waits)
        if longest > 0:
            return waits.index(longest), longest
        for key, _ in asked:
            self.allowed.setdefault(key, []).append(now)
        return -1, 0.0


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    count = draw(st.integers(1, 6))
    seconds = draw(st.integers(1, 40)) * QUARTERS
    burst_per = draw(st.integers(1, round(seconds / QUARTERS))) * QUARTERS
    return Rule(count, seconds, burst=draw(st.integers(1, count)), burst_per=burst_per)


KEYS = ["user:1", "user:2", "guild:1"]
stories = st.lists(
    st.tuples(st.integers(0, 12), st.lists(st.sampled_from(KEYS), min_size=1, max_size=3, unique=True)), max_size=40
)
rulebooks = st.fixed_dictionaries({key: rules() for key in KEYS})
