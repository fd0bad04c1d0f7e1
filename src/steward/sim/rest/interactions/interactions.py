"""
The first response to an interaction.

Source: discord-api-docs, developers/interactions/receiving-and-responding.mdx.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from steward.sim.channels.message import EPHEMERAL, LOADING, Message
from steward.sim.interactions import payload
from steward.sim.interactions.interaction import (
    AUTOCOMPLETE,
    CHOICES,
    COMMAND,
    COMPONENT,
    DEFERRED,
    DEFERRED_UPDATE,
    MESSAGE,
    MODAL,
    SUBMIT,
    UPDATE,
    Interaction,
)
from steward.sim.people.user import Json
from steward.sim.rest.call import Body, Call, Route
from steward.sim.rest.errors import or_refuse, refuse_if
from steward.sim.rest.form import Form, as_whole, invalid_field
from steward.sim.rest.interactions import command_rules
from steward.sim.rest.messages import components, draft
from steward.sim.rest.messages.media import Media

_MAX_CHOICES, _LONGEST_CHOICE = 25, 100
_LONGEST_TITLE, _LONGEST_CUSTOM_ID = 45, 100
_REPLY, _CHAT_COMMAND, _CONTEXT_COMMAND = 19, 20, 23  # types of messages
_ALLOWED: Mapping[int, tuple[int, ...]] = {
    COMMAND: (MESSAGE, DEFERRED, MODAL),
    COMPONENT: (MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, MODAL),
    AUTOCOMPLETE: (CHOICES,),
    SUBMIT: (MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE),
}


def callback(call: Call) -> Body:
    interaction = _interaction(call)
    form = call.form()
    form.required("type")
    form.check()
    kind = as_whole(form.body["type"])
    allowed = _ALLOWED[interaction.kind]
    if interaction.message is None:
        allowed = tuple(found for found in allowed if found not in (UPDATE, DEFERRED_UPDATE))
    if kind not in allowed:
        raise invalid_field("type", "BASE_TYPE_CHOICES", f"Value must be one of {{{', '.join(map(str, allowed))}}}.")
    asked = form.body.get("data")
    _CALLBACKS[kind](call, interaction, Form({} if asked is None else asked, "data"))
    interaction.answered(kind)
    return _described(interaction, kind) if call.flag("with_response") else None


def _interaction(call: Call) -> Interaction:
    interaction = or_refuse(call.world.interactions.with_token(call.path["interaction_token"]), 10062)
    refuse_if(interaction.id != call.id("interaction_id"), 10062)
    refuse_if(interaction.callback is not None, 40060)
    refuse_if(not interaction.answerable, 10062)
    return interaction


def _message(call: Call, interaction: Interaction, form: Form) -> None:
    wanted = draft.read(call, form, ephemeral=True)
    sent = new_message(interaction, wanted.flags & EPHEMERAL)
    wanted.write_to(call, interaction.channel, sent)
    sent.tts = wanted.tts
    interaction.show(sent)


def _defer(call: Call, interaction: Interaction, form: Form) -> None:
    """Show the bot as thinking; only the flag EPHEMERAL is used."""
    flags = form.whole("flags", 0, 2**31 - 1) or 0
    form.check()
    interaction.show(new_message(interaction, LOADING | flags & EPHEMERAL))


def _defer_update(call: Call, interaction: Interaction, form: Form) -> None:
    interaction.original = interaction.message


def _update(call: Call, interaction: Interaction, form: Form) -> None:
    message = interaction.message
    assert message is not None  # noqa: S101 - callback() has checked
    draft.read(call, form, message).write_to(call, interaction.channel, message)
    interaction.original = message
    interaction.edited(message)


def _set_choices(call: Call, interaction: Interaction, form: Form) -> None:
    focused = _focused(interaction.data["options"])
    choices = form.parts("choices", most=_MAX_CHOICES)
    for choice in choices:
        choice.required("name", "value")
        choice.text("name", shortest=1, longest=_LONGEST_CHOICE)
        command_rules.check_value(choice, focused["type"])
    form.check()
    interaction.choices = [choice.body for choice in choices]


def _open_modal(call: Call, interaction: Interaction, form: Form) -> None:
    form.required("custom_id", "title", "components")
    custom_id = form.text("custom_id", shortest=1, longest=_LONGEST_CUSTOM_ID)
    title = form.text("title", shortest=1, longest=_LONGEST_TITLE)
    read = components.read_modal(form, Media(call.world.snowflakes, []))
    form.check()
    interaction.modal = {"custom_id": custom_id, "title": title, "components": read}


_CALLBACKS: Mapping[int | None, Callable[[Call, Interaction, Form], None]] = {
    MESSAGE: _message,
    DEFERRED: _defer,
    DEFERRED_UPDATE: _defer_update,
    UPDATE: _update,
    CHOICES: _set_choices,
    MODAL: _open_modal,
}


def new_message(interaction: Interaction, flags: int) -> Message:
    """Return an empty response message."""
    kinds = {COMMAND: _CHAT_COMMAND if interaction.data.get("type") == 1 else _CONTEXT_COMMAND, COMPONENT: _REPLY}
    source = interaction.message if interaction.kind == COMPONENT else None
    return Message(
        interaction.world.snowflakes.next(),
        interaction.channel.id,
        interaction.bot.user,
        kind=kinds.get(interaction.kind, 0),
        flags=flags,
        webhook_id=interaction.bot.application_id,
        application_id=interaction.bot.application_id,
        interaction=payload.metadata(interaction),
        reference=interaction.channel.reference_to(source.id) if source is not None else None,
    )


def _focused(options: list[Json]) -> Json:
    for option in options:
        if option.get("focused"):
            return option
        if (inner := option.get("options")) and (found := _focused(inner)):
            return found
    return {}


def _described(interaction: Interaction, kind: int) -> Json:
    """Return the interaction callback object; only new and updated messages have a resource."""
    message = interaction.original
    found: Json = {"id": str(interaction.id), "type": interaction.kind} | interaction.channel.ids
    if message is not None:
        found |= {
            "response_message_id": str(message.id),
            "response_message_loading": interaction.loading,
            "response_message_ephemeral": bool(message.flags & EPHEMERAL),
        }
    answer: Json = {"interaction": found}
    if kind in (MESSAGE, UPDATE) and message is not None:
        answer["resource"] = {"type": kind, "message": message.payload(interaction.bot.id)}
    return answer


_CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"
ROUTES = (Route("POST", _CALLBACK, callback, by_token=True, unlimited=True),)
