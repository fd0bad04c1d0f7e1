"""Random charts for property tests, and invariants of every drawing."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from steward.charts.chart import (
    BarChart,
    ChartGap,
    ChartSeries,
    CohortRow,
    Cohorts,
    Heatmap,
    LineChart,
    Ranking,
    RankingEntry,
)

SVG = "{http://www.w3.org/2000/svg}"
TAGS = {"svg", "rect", "line", "polyline", "polygon", "circle", "text", "linearGradient", "stop"}
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Asia/Beirut")

hostile = st.sampled_from(
    [
        "</text><script>alert(1)</script>",
        "\"&<>'",
        "\x00\x1b[31m\u202eevil",
        "Z\u0300" * 80,
        "👩‍👩‍👧 家族 عربي",
        "\ud800",
        "\ufffe",
    ]
)
words = st.one_of(st.text(max_size=60), hostile)
levels = st.one_of(st.none(), st.floats(-1e100, 1e100), st.integers(-1000, 10**7), st.just(1e-300))
amounts = st.one_of(st.none(), st.floats(0, 1e100), st.integers(0, 5000))
zones = st.sampled_from(ZONES).map(ZoneInfo)
steps = st.sampled_from([timedelta(minutes=5), timedelta(hours=1), timedelta(days=1), timedelta(days=30)])
begins = st.integers(0, 90 * 365 * 86_400).map(
    lambda seconds: datetime(2001, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


def _rows(size, values, most):
    row = st.lists(values, min_size=size, max_size=size)
    return st.lists(st.builds(ChartSeries, words, row), max_size=most)


@st.composite
def lines(draw):
    size = draw(st.integers(0, 40))
    begin, step = draw(begins), draw(steps)
    return LineChart(
        draw(words),
        [begin + step * index for index in range(size)],
        draw(_rows(size, levels, 6)),
        zone=draw(zones),
        subtitle=draw(words),
        unit=draw(st.sampled_from(["", "%", "min"])),
        gaps=draw(gaps(begin, step)),
        goal=draw(st.one_of(st.none(), st.floats(-1e100, 1e100))),
    )


@st.composite
def bars(draw):
    size = draw(st.integers(0, 40))
    begin, step = draw(begins), draw(steps)
    times = [begin + step * index for index in range(size)]
    up, down = draw(_rows(size, amounts, 3)), draw(_rows(size, amounts, 2))
    return BarChart(draw(words), times, up, zone=draw(zones), down=down, gaps=draw(gaps(begin, step)))


@st.composite
def gaps(draw, begin, step):
    spans = draw(st.lists(st.tuples(st.integers(-5, 45), st.integers(1, 9), words), max_size=4))
    return [ChartGap(begin + step * first, begin + step * (first + long), label) for first, long, label in spans]


@st.composite
def cohorts(draw):
    joined = draw(st.integers(0, 10**6))
    stayed = st.lists(st.one_of(st.none(), st.integers(0, joined)), max_size=14)
    return CohortRow(draw(words), joined, draw(stayed))


heatmaps = st.builds(Heatmap, words, st.lists(st.lists(amounts, min_size=24, max_size=24), min_size=7, max_size=7))
grids = st.builds(Cohorts, words, st.lists(cohorts(), max_size=10), words)
rankings = st.builds(
    Ranking, words, st.lists(st.builds(RankingEntry, words, st.floats(-1e100, 1e100)), max_size=20), words
)
charts = st.one_of(lines(), bars(), heatmaps, grids, rankings)


def check(drawn: str) -> ET.Element:
    """Assert that a drawing is well-formed, of known elements, and wholly inside its view box; return its root."""
    drawn.encode()
    root = ET.fromstring(drawn)  # noqa: S314 - our own
    assert {element.tag for element in root.iter()} <= {SVG + tag for tag in TAGS}
    _inside(root, 0, 0)
    return root


def _inside(parent: ET.Element, left: float, top: float) -> None:
    for element in parent:
        tag, attributes = element.tag.removeprefix(SVG), element.attrib
        assert not [name for name in attributes if name.lower().startswith("on") or "href" in name]
        if tag in ("linearGradient", "stop"):
            continue
        points = [(left + x, top + y) for x, y in _points(tag, attributes)]
        assert points
        for x, y in points:
            assert math.isfinite(x) and math.isfinite(y)
            assert -0.2 <= x <= 1003 and -0.2 <= y <= 560.2, (tag, attributes)
        if tag == "svg":
            _inside(element, left + float(attributes["x"]), top + float(attributes["y"]))


def _points(tag, of):
    number = {name: float(value) for name, value in of.items() if re.fullmatch(r"-?[\d.]+", value)}
    if tag in ("rect", "svg"):
        x, y, wide, tall = number["x"], number["y"], number["width"], number["height"]
        assert wide >= 0
        assert tall >= 0
        return [(x, y), (x + wide, y + tall)]
    if tag == "line":
        return [(number["x1"], number["y1"]), (number["x2"], number["y2"])]
    if tag == "circle":
        return [(number["cx"], number["cy"])]
    if tag == "text":
        return [(number["x"], number["y"])]
    return [tuple(map(float, point.split(","))) for point in of["points"].split()]


def written(root: ET.Element) -> list[str]:
    """Return every text of a drawing."""
    return [element.text or "" for element in root.iter(SVG + "text")]
