"""Validation of polls. Source: discord-api-docs, developers/resources/poll.mdx, "Poll Create Request"."""

from __future__ import annotations

from datetime import timedelta

from steward.sim.channels.poll import DEFAULT_LAYOUT, MessagePoll
from steward.sim.people.user import Json
from steward.sim.rest.call import Call
from steward.sim.rest.errors import or_refuse
from steward.sim.rest.form import NOT_OBJECT, REQUIRED, Form, as_whole
from steward.sim.rest.messages.component_parts import emoji

LONGEST_QUESTION, LONGEST_ANSWER, MAX_ANSWERS = 300, 55, 10
HOURS, MAX_HOURS = 24, 32 * 24


def read(call: Call, form: Form) -> MessagePoll | None:
    """Return the poll in a form, or None; its emoji must be ones that the bot may use (520004)."""
    asked = form.body.get("poll")
    if not isinstance(asked, dict):
        if asked is not None:
            form.refuse("poll", *NOT_OBJECT)
        return None
    part = form.part("poll", asked)
    question = _media(call, part, "question", part.body.get("question"), LONGEST_QUESTION)
    listed = part.parts("answers", most=MAX_ANSWERS)
    if not listed:
        part.refuse_length("answers", 1, MAX_ANSWERS)
    answers = {
        number: _media(call, answer, "poll_media", answer.body.get("poll_media"), LONGEST_ANSWER)
        for number, answer in enumerate(listed, 1)
    }
    part.whole("layout_type", DEFAULT_LAYOUT, DEFAULT_LAYOUT)
    hours = part.whole("duration", 1, MAX_HOURS, default=HOURS) or HOURS
    multiselect = part.flag("allow_multiselect")
    form.check()
    ends_at = call.world.clock.now() + timedelta(hours=hours)
    return MessagePoll(question["text"], answers, ends_at, multiselect)


def _media(call: Call, form: Form, path: str, asked: object, longest: int) -> Json:
    """Return Discord's poll media object."""
    if not isinstance(asked, dict):
        form.refuse(path, *REQUIRED)
        return {"text": ""}
    part = form.part(path, asked)
    part.required("text")
    found: Json = {"text": part.text("text", shortest=1, longest=longest)}
    if held := emoji(form, path, asked):
        found["emoji"] = {"id": None} | held["emoji"]
        _need_known(call, found["emoji"])
    return found


def _need_known(call: Call, found: Json) -> None:
    """Require a Unicode emoji or one of the bot's guilds, and set its name."""
    if found["id"] is None:
        return
    number = as_whole(found["id"]) or 0
    known = (guild.emojis[number] for guild in call.world.guilds_of(call.bot) if number in guild.emojis)
    kept = or_refuse(next(known, None), 520004)
    found |= {"id": kept["id"], "name": kept["name"]}
