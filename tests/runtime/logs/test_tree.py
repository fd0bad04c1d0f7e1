from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from steward.runtime.logs.tree import TreeRenderer, one_line

EVENT = {
    "timestamp": "2026-11-21T01:57:56.451Z",
    "level": "info",
    "logger": "steward.x",
    "event": "counter_renamed",
    "channel": 7,
    "names": {"old": "Members: 1", "new": "Members: 2"},
    "note": "first\nsecond",
}


def render(event=EVENT, *, colours=False, tracebacks=False):
    return TreeRenderer(colours=colours, tracebacks=tracebacks)(None, "info", dict(event))


def test_fields_are_branches_under_the_event():
    assert render().splitlines() == [
        "01:57:56 INFO     counter_renamed",
        "         ├─ channel=7",
        "         ├─ names",
        "         │  ├─ old=Members: 1",
        "         │  └─ new=Members: 2",
        "         └─ note=first",
        "              second",
    ]


def test_colours_are_used_when_asked_for():
    assert "\x1b[32mINFO" in render(colours=True)
    assert "\x1b" not in render()


def test_a_traceback_is_shown_only_when_asked_for():
    event = EVENT | {"exception": "Traceback\n  File x"}
    assert "File x" not in render(event)
    assert "File x" in render(event, tracebacks=True)


def test_a_name_cannot_colour_the_terminal():
    assert "\\x1b[31m" in render(EVENT | {"user": "\x1b[31mred"})


def test_the_heartbeat_gets_one_line():
    assert one_line(None, "info", dict(EVENT)).startswith("01:57:56 INFO counter_renamed channel=7 ")
    assert "\n" not in one_line(None, "info", dict(EVENT))


@given(
    st.dictionaries(
        st.text(max_size=5),
        st.recursive(st.text() | st.none(), lambda inner: st.dictionaries(st.text(), inner)),
        max_size=4,
    )
)
def test_no_event_crashes_a_renderer_or_moves_the_cursor(fields):
    assert render(fields).replace("\n", "").isprintable()
    assert one_line(None, "info", dict(fields)).isprintable()
