"""Routes of messages by webhooks and by interaction tokens, which share paths."""

from __future__ import annotations

from steward.sim.channels.channel import FORUM, Channel
from steward.sim.channels.message import Message
from steward.sim.rest.call import Body, Call, Handler, RestAnswer, Route
from steward.sim.rest.channels.webhooks import by_token
from steward.sim.rest.errors import or_refuse, refuse_if
from steward.sim.rest.interactions import followups
from steward.sim.rest.messages import draft
from steward.sim.rest.messages.messages import refuse_archived

_LONGEST_NAME = 80


def execute(call: Call) -> Body:
    """Post a message through a webhook; return it if `wait`, else 204."""
    webhook = by_token(call)
    channel = channel_of(call, webhook.channel)
    form = call.form()
    name = form.text("username", shortest=1, longest=_LONGEST_NAME)
    wanted = draft.read(call, form)
    refuse_if(channel.kind == FORUM, 220001)
    author = webhook.author(name)
    sent = Message(call.world.snowflakes.next(), channel.id, author, webhook_id=webhook.id, tts=wanted.tts)
    wanted.write_to(call, channel, sent)
    channel.post(sent)
    return sent.payload() if call.flag("wait") else None


def read(call: Call) -> Body:
    return _message(call)[1].payload()


def edit(call: Call) -> Body:
    channel, message = _message(call)
    refuse_archived(channel)
    draft.edit(call, channel, message)
    return message.payload()


def delete(call: Call) -> None:
    channel, message = _message(call)
    refuse_archived(channel)
    channel.remove_message(message)


def channel_of(call: Call, home: Channel) -> Channel:
    """Return the webhook's channel, or the thread in it given by the query."""
    thread_id = call.cursor("thread_id")
    if thread_id is None:
        return home
    thread = or_refuse(call.world.channels.get(thread_id), 10003)
    refuse_if(thread.parent_id != home.id, 10003)
    return thread


def _message(call: Call) -> tuple[Channel, Message]:
    webhook = by_token(call)
    channel = channel_of(call, webhook.channel)
    message = or_refuse(channel.message(call.id("message_id")) if "message_id" in call.path else None, 10008)
    refuse_if(message.webhook_id != webhook.id, 10008)
    return channel, message


def _by_owner(of_interaction: Handler, of_webhook: Handler) -> Handler:
    def answer(call: Call) -> Body | RestAnswer:
        return (of_interaction if call.id("webhook_id") in call.world.bots else of_webhook)(call)

    return answer


_WITH_TOKEN = "/webhooks/{webhook_id}/{webhook_token}"  # noqa: S105 - a path
_MESSAGE, _ORIGINAL = f"{_WITH_TOKEN}/messages/{{message_id}}", f"{_WITH_TOKEN}/messages/@original"
_ACTS: tuple[tuple[str, Handler, Handler], ...] = (
    ("GET", followups.read, read),
    ("PATCH", followups.edit, edit),
    ("DELETE", followups.delete, delete),
)
ROUTES = (
    Route("POST", _WITH_TOKEN, _by_owner(followups.send, execute), by_token=True),
    *(
        Route(method, path, _by_owner(own, other), by_token=True)
        for method, own, other in _ACTS
        for path in (_ORIGINAL, _MESSAGE)
    ),
)
