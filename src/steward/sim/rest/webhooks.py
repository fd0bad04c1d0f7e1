"""Webhooks. The token of an interaction is one too, under the application's id."""

from __future__ import annotations

from collections.abc import Callable

from steward.sim.rest import followups
from steward.sim.rest.call import Answer, Call, Handler, Route
from steward.sim.rest.errors import Refused


def _by_owner(of_interaction: Handler) -> Handler:
    def answer(call: Call) -> Answer:
        if call.id("webhook_id") in call.world.bots:
            return of_interaction(call)
        raise Refused.by_code(10015)

    return answer


_WITH_TOKEN = "/webhooks/{webhook_id}/{webhook_token}"  # noqa: S105 - a path
_MESSAGE, _ORIGINAL = f"{_WITH_TOKEN}/messages/{{message_id}}", f"{_WITH_TOKEN}/messages/@original"
_ACTS: tuple[tuple[str, Callable[[Call], Answer]], ...] = (
    ("GET", followups.read),
    ("PATCH", followups.edit),
    ("DELETE", followups.delete),
)
ROUTES = (
    Route("POST", _WITH_TOKEN, _by_owner(followups.send), by_token=True),
    *(Route(method, path, _by_owner(act), by_token=True) for method, act in _ACTS for path in (_ORIGINAL, _MESSAGE)),
)
