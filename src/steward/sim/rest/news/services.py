"""
Routes of webhooks in Slack's and GitHub's formats, which become messages.

Source: discord-api-docs, resources/webhook.mdx, "Execute Slack-Compatible Webhook" and the next section. Events of
GitHub whose fields Discord's OpenAPI document lists are shown; others are accepted and ignored.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import orjson

from steward.sim.channels.message import Message
from steward.sim.guilds.webhook import Webhook
from steward.sim.people.user import Json
from steward.sim.rest.call import Body, Call, Route
from steward.sim.rest.channels.webhooks import by_token
from steward.sim.rest.errors import RestRefused, refuse_if
from steward.sim.rest.form import REQUIRED, Form, invalid_field
from steward.sim.rest.messages.webhook_messages import channel_of

_LONGEST_TEXT, _LONGEST_NAME, _LONGEST_TITLE, _MAX_EMBEDS, _MAX_COMMITS = 2000, 80, 256, 10, 10


def slack(call: Call) -> Body:
    webhook = by_token(call)
    form = _slack_form(call)
    text = form.text("text", longest=_LONGEST_TEXT) or ""
    name = form.text("username", longest=_LONGEST_NAME)
    embeds = [_slack_embed(part.body) for part in form.parts("attachments", most=_MAX_EMBEDS)]
    form.check()
    _post(call, webhook, text, [embed for embed in embeds if len(embed) > 1], name)
    return "ok"


def _slack_form(call: Call) -> Form:
    """Return the request, which Slack's clients send as JSON in the form field `payload`."""
    form = call.form()
    payload = form.body.get("payload")
    if not isinstance(payload, str):
        return form
    try:
        return Form(orjson.loads(payload.encode()))
    except orjson.JSONDecodeError:
        raise RestRefused.by_code(50109) from None


def _slack_embed(item: Json) -> Json:
    names = {"title": "title", "title_link": "url", "text": "description"}
    texts = {shown: item[name] for name, shown in names.items() if isinstance(item.get(name), str) and item[name]}
    return {"type": "rich"} | texts


def github(call: Call) -> None:
    webhook = by_token(call)
    form = call.form()
    sender = form.body.get("sender")
    if not isinstance(sender, dict) or not isinstance(sender.get("login"), str):
        raise invalid_field("sender", *REQUIRED)
    show = next((show for name, show in _GITHUB.items() if form.body.get(name) is not None), None)
    embed = show(form.body) if show is not None else None
    if embed is not None:
        author = {"name": str(sender["login"])[:_LONGEST_TITLE]}
        embed["title"] = embed["title"][:_LONGEST_TITLE]
        _post(call, webhook, "", [{"type": "rich", "author": author} | embed], "GitHub")


def _where(body: Json) -> str:
    repository = _object(body, "repository")
    return f"[{repository.get('full_name', '')}] " if repository is not None else ""


def _object(body: Json, name: str) -> Json | None:
    """Return a field if it is an object; anyone with the token may send anything."""
    found = body.get(name)
    return found if isinstance(found, dict) else None


def _pushed(body: Json) -> Json | None:
    listed = body["commits"]
    commits = [found for found in listed if isinstance(found, dict)] if isinstance(listed, list) else []
    if not commits:
        return None
    lines = [f"`{str(found.get('id', ''))[:7]}` {found.get('message', '')}" for found in commits[:_MAX_COMMITS]]
    number = "1 new commit" if len(commits) == 1 else f"{len(commits)} new commits"
    return {"title": f"{_where(body)}{number}", "description": "\n".join(lines)[:_LONGEST_TEXT]}


def _titled(kind: str, label: str) -> Callable[[Json], Json | None]:
    def show(body: Json) -> Json | None:
        found, action = _object(body, kind), body.get("action") or "changed"
        if found is None:
            return None
        title = found.get("title") or found.get("name") or found.get("tag_name") or ""
        number = f" #{found['number']}" if isinstance(found.get("number"), int) else ""
        return {"title": f"{_where(body)}{label} {action}{number}: {title}"}

    return show


def _commented(body: Json) -> Json | None:
    comment = _object(body, "comment")
    if comment is None:
        return None
    title = (_object(body, "issue") or _object(body, "pull_request") or {}).get("title", "")
    return {
        "title": f"{_where(body)}New comment: {title}",
        "description": str(comment.get("body") or "")[:_LONGEST_TEXT],
    }


_GITHUB: Mapping[str, Callable[[Json], Json | None]] = {
    "comment": _commented,
    "review": _titled("pull_request", "Review of pull request"),
    "release": _titled("release", "Release"),
    "pull_request": _titled("pull_request", "Pull request"),
    "issue": _titled("issue", "Issue"),
    "commits": _pushed,
}


def _post(call: Call, webhook: Webhook, text: str, embeds: list[Json], name: str | None) -> None:
    channel = channel_of(call, webhook.channel)
    refuse_if(not text and not embeds, 50006)
    sent = Message(call.world.snowflakes.next(), channel.id, webhook.author(name), text, webhook_id=webhook.id)
    sent.embeds = embeds
    channel.post(sent)


_WITH_TOKEN = "/webhooks/{webhook_id}/{webhook_token}"  # noqa: S105 - a path
ROUTES = (
    Route("POST", f"{_WITH_TOKEN}/slack", slack, by_token=True),
    Route("POST", f"{_WITH_TOKEN}/github", github, by_token=True),
)
