"""How often the bot edits the messages of one channel."""

from __future__ import annotations

from datetime import datetime, timedelta

from steward.sim.recorder import Request

EVERY = timedelta(seconds=1)
MESSAGE = "/channels/{channel_id}/messages/{message_id}"


class DemoEditPace:
    """Counts edits in a channel, and edits within a second of another of the same message."""

    def __init__(self, channel_id: int) -> None:
        self.edits = 0
        self.hasty = 0
        self._within = f"/channels/{channel_id}/messages/"
        self._last: dict[str, datetime] = {}

    def note(self, request: Request) -> None:
        """Count a request if it is an edit in the channel."""
        if request.method != "PATCH" or request.route != MESSAGE or self._within not in request.path:
            return
        last = self._last.get(request.path)
        self._last[request.path] = request.at
        self.edits += 1
        self.hasty += last is not None and request.at - last < EVERY
