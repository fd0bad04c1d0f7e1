"""What could be better about a running bot, by the figures on its metrics page."""

from __future__ import annotations

import http.client
from collections.abc import Iterator, Mapping
from contextlib import closing

from steward.store.weakness import NOTABLE, WEIGHTY, Weakness

WITHIN = 3.0
LOOKUPS, FOUND = 100, 0.8
MEMORY_SHARE, MEMORY_GROWTH = 0.7, 1 << 20  # of the budget; bytes an hour
LAG = 0.1
REFUSED_SHARE = 0.01
SLOW_SHARE = 0.001

Figures = Mapping[tuple[str, str], float]
"""By the metric's name and the value of its label, empty if it has none."""


class NotRunning(Exception):
    """No bot shows its figures there; the message says why."""


def page(host: str, port: int, path: str) -> str:
    """
    Return one of a running bot's pages.

    Raises:
        OSError, http.client.HTTPException: it could not be read.

    """
    address = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - a request needs an actual address
    with closing(http.client.HTTPConnection(address, port, timeout=WITHIN)) as connection:
        connection.request("GET", path)
        return connection.getresponse().read().decode(errors="replace")


def read_figures(host: str, port: int) -> dict[tuple[str, str], float]:
    """Read the figures of a running bot; `NotRunning` if nobody answers there, or another program does."""
    if port == 0:
        raise NotRunning("its health pages are switched off (STEWARD_HEALTH_PORT is 0)")
    try:
        text = page(host, port, "/metrics")
    except (OSError, http.client.HTTPException) as error:
        raise NotRunning(f"nobody answers at {host}:{port} ({error})") from error
    figures = parse(text)
    if ("steward_uptime_seconds", "") not in figures:
        raise NotRunning(f"what answers at {host}:{port} isn't Steward")
    return figures


def parse(text: str) -> dict[tuple[str, str], float]:
    """Parse Prometheus' text format; the name of a histogram's bucket includes its upper bound."""
    from prometheus_client.parser import text_string_to_metric_families  # 1.5 MB, for this command only

    figures: dict[tuple[str, str], float] = {}
    try:
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                labels = dict(sample.labels)
                end = labels.pop("le", "")
                figures[f"{sample.name}:{end}" if end else sample.name, ",".join(labels.values())] = sample.value
    except ValueError:  # another program's page
        return {}
    return figures


def weaknesses(figures: Figures) -> Iterator[Weakness]:
    """Yield what could be better, by the figures of a running bot."""
    yield from _memory(figures)
    yield from _loop(figures)
    yield from _queries(figures)
    yield from _limits(figures)
    yield from _caches(figures)


def _memory(figures: Figures) -> Iterator[Weakness]:
    used, limit = figures.get(("steward_memory_resident_bytes", "")), figures.get(("steward_memory_limit_bytes", ""))
    if used and limit and used >= MEMORY_SHARE * limit:
        figure = f"{used / 2**20:.1f} of {limit / 2**20:.1f} MiB are taken ({used / limit:.0%})"
        advice = "Raise MEMORY_BUDGET or the container's limit, or lower CACHE_MAX_SIZE."
        yield Weakness("Scarce memory", figure, advice, WEIGHTY * used / limit)
    growth = figures.get(("steward_memory_growth_bytes_per_hour", ""), 0.0)
    if growth >= MEMORY_GROWTH:
        figure = f"memory grows by {growth / 2**20:.1f} MiB an hour"
        if used and limit and limit > used:
            figure += f"; the budget lasts {(limit - used) / growth:.0f} hours"
        yield Weakness("Growing memory", figure, "It looks like a leak: please report it.", WEIGHTY)


def _loop(figures: Figures) -> Iterator[Weakness]:
    lag = quantile(figures, "steward_loop_lag_seconds", "", 0.95)
    if lag is not None and lag >= LAG:
        figure = f"the event loop is up to {lag:.2f} s late, 95 times of 100"
        yield Weakness("Late event loop", figure, "Use a faster processor, or run less beside it.", WEIGHTY * lag)
    blocks = figures.get(("steward_loop_blocks_total", ""), 0.0)
    if blocks:
        figure = f"the event loop was blocked {blocks:.0f} times in {_hours(figures)}"
        yield Weakness("Blocked event loop", figure, "The log says by what (loop_blocked).", NOTABLE * min(blocks, 4))


def _queries(figures: Figures) -> Iterator[Weakness]:
    queries, slow = (
        figures.get(("steward_queries_total", ""), 0.0),
        figures.get(("steward_slow_queries_total", ""), 0.0),
    )
    if queries and slow >= SLOW_SHARE * queries:
        mean = figures.get(("steward_query_seconds_total", ""), 0.0) / queries
        figure = f"{slow:.0f} of {queries:,.0f} statements were slow; {mean * 1000:.1f} ms on average"
        advice = "The log names them (slow_query); look at the disk, and at missing indexes here."
        yield Weakness("Slow queries", figure, advice, NOTABLE * (1 + slow / queries))


def _limits(figures: Figures) -> Iterator[Weakness]:
    requests, refused = _happened(figures, "discord.requests"), _happened(figures, "discord.limited")
    if refused:
        figure = f"Discord refused {refused:.0f} of {requests:,.0f} requests as too many (429)"
        advice = "Another program may use the same token, or another bot the same address."
        yield Weakness("Refused requests", figure, advice, WEIGHTY * (refused / requests if requests else 1))
    commands = figures.get(("steward_operation_seconds_count", "interaction"), 0.0)
    too_many = figures.get(("steward_commands_refused_total", ""), 0.0)
    if too_many and too_many >= REFUSED_SHARE * (commands + too_many):
        figure = f"{too_many:.0f} commands were refused as too many, {commands:.0f} were answered"
        advice = "If those were just people having fun, raise BURST_LIMIT or MAX_REQUESTS_PER_MINUTE."
        yield Weakness("Refused commands", figure, advice, NOTABLE * too_many / (commands + too_many))


def _caches(figures: Figures) -> Iterator[Weakness]:
    found = {what.removeprefix("cache.hits").removeprefix(".") for _, what in figures if what.startswith("cache.hits")}
    for name in sorted(found - {""} or found):  # with categories, the total says nothing more
        suffix = f".{name}" if name else ""
        hits, misses = _happened(figures, f"cache.hits{suffix}"), _happened(figures, f"cache.misses{suffix}")
        lookups = hits + misses
        if lookups >= LOOKUPS and hits < FOUND * lookups:
            figure = f"{name or 'all categories'}: {hits / lookups:.0%} of {lookups:,.0f} lookups were found"
            advice = "Raise CACHE_MAX_SIZE or the time to live, if there is memory."
            yield Weakness("Cold cache", figure, advice, NOTABLE * (1 - hits / lookups))


def quantile(figures: Figures, name: str, label: str, part: float) -> float | None:
    """Return the upper bound of the bucket that holds a quantile; None if nothing was counted."""
    prefix = f"{name}_bucket:"
    counts = {key.removeprefix(prefix): n for (key, of), n in figures.items() if of == label and key.startswith(prefix)}
    buckets = sorted((float(end), count) for end, count in counts.items())
    if not buckets or not buckets[-1][1]:
        return None
    reached = next(bound for bound, count in buckets if count >= part * buckets[-1][1])
    finite = [bound for bound, _ in buckets if bound != float("inf")]
    return min(reached, max(finite, default=reached))


def _happened(figures: Figures, what: str) -> float:
    return figures.get(("steward_happened_total", what), 0.0)


def _hours(figures: Figures) -> str:
    return f"{figures.get(('steward_uptime_seconds', ''), 0.0) / 3600:.1f} hours"
