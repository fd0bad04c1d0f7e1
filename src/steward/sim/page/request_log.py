"""The newest requests of bots, as rows of the page's log."""

from __future__ import annotations

from collections import deque
from itertools import takewhile

from steward.sim.people.user import Json
from steward.sim.recorder import Recorder, Request

MAX_ROWS = 1000
AT_ONCE = 200


class RequestLog:
    """
    Numbers the requests and keeps the newest rows.

    Attributes:
        last: the number of the newest row.
        end: stops recording.

    """

    def __init__(self, recorder: Recorder) -> None:
        stored = recorder.requests()
        self.last = recorder.count() - len(stored)
        self._rows: deque[tuple[int, Request]] = deque(maxlen=MAX_ROWS)
        self._limited = recorder.count(status=429)
        for request in stored:
            self._append(request)
        self.end = recorder.subscribe(self._add)

    def _add(self, request: Request) -> None:
        self._limited += request.status == 429  # noqa: PLR2004 - Too Many Requests
        self._append(request)

    def _append(self, request: Request) -> None:
        self.last += 1
        self._rows.append((self.last, request))

    @property
    def totals(self) -> Json:
        """The numbers of requests and of those refused by a limit."""
        return {"requests": self.last, "limited": self._limited}

    def since(self, number: int) -> list[Json]:
        """Return the rows after a number, 0 for all, at most the newest two hundred, oldest first."""
        newer = takewhile(lambda row: row[0] > max(number, self.last - AT_ONCE), reversed(self._rows))
        return [_row(*row) for row in newer][::-1]

    def bodies(self, number: int) -> Json:
        """
        Return the bodies of a row's request and response.

        Raises:
            LookupError: the row is no longer stored.

        """
        request = next((request for row, request in self._rows if row == number), None)
        if request is None:
            raise LookupError("That request is too old; only the newest are stored.")
        return {"body": request.body, "result": request.result}


def _row(number: int, request: Request) -> Json:
    return {
        "row": number,
        "at": request.at.isoformat(),
        "method": request.method,
        "route": request.route,
        "path": request.path,
        "status": request.status,
        "ms": round(request.seconds * 1e3, 1),
        "bucket": request.bucket,
        "remaining": request.remaining,
        "reset_after": request.reset_after,
        "scope": request.scope,
        "hidden": request.hidden_limit,
        "fault": request.fault,
        "bot": str(request.bot_id) if request.bot_id is not None else None,
    }
