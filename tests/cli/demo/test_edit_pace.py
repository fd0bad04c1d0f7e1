from datetime import UTC, datetime, timedelta

from steward.cli.demo.edit_pace import DemoEditPace
from steward.sim.recorder import Request

ROUTE = "/channels/{channel_id}/messages/{message_id}"
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def edit(path, seconds, *, method="PATCH", route=ROUTE):
    return Request(NOON + timedelta(seconds=seconds), method, route, path, 200)


def test_edits_of_the_channel_are_counted_and_those_of_one_message_within_a_second_are_hasty():
    pace = DemoEditPace(7)
    for request in (
        edit("/channels/7/messages/1", 0),
        edit("/channels/7/messages/2", 0.5),  # of another message
        edit("/channels/7/messages/1", 1.0),
        edit("/channels/7/messages/1", 1.9),
        edit("/channels/77/messages/1", 2),  # of another channel
        edit("/channels/7/messages/1", 2, method="DELETE"),
        edit("/channels/7", 2, route="/channels/{channel_id}"),
    ):
        pace.note(request)
    assert (pace.edits, pace.hasty) == (4, 1)
