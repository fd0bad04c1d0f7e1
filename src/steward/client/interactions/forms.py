"""A form that was refused can be opened again as it was filled in: nobody types a long text twice."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import discord

from steward.client.components.actions import Action, number
from steward.client.components.builders import Style, button, row
from steward.client.components.reply import Reply
from steward.client.interactions.router import Use, inputs
from steward.client.payloads import Payload
from steward.errors import StewardError
from steward.runtime.bounded_dict import BoundedDict

OPEN_AGAIN = Action("steward", "open_again", args=(number,))  # the interaction that sent the form
KEPT = 100  # forms of each kind; older ones are forgotten
LABEL = "Edit and try again"

_TEXT_INPUT, _STRING_SELECT = 4, 3
_ENTITIES = {5: "user", 6: "role", 8: "channel"}  # selects by type, and what their default values are called


class Forms:
    """Remembers in memory the forms that members have open, and those that were refused."""

    def __init__(self) -> None:
        self._opened = BoundedDict[tuple[int, str], Payload](KEPT)
        self._refused = BoundedDict[int, Payload](KEPT)

    def opened(self, interaction: discord.Interaction, reply: Reply | None) -> None:
        """Remember the form that a reply opens, if it does."""
        if reply is not None and reply.modal is not None:
            self._opened[interaction.user.id, reply.modal["custom_id"]] = reply.modal

    def refused(self, use: Use) -> list[Payload]:
        """Return the components that open a form again which was not taken; none where it is not remembered."""
        data: dict[str, Any] = dict(use.interaction.data or {})
        form = self._opened.get((use.interaction.user.id, data["custom_id"]))
        if form is None or not (use.fields or use.chosen):
            return []
        self._refused[use.interaction.id] = _filled(form, use)
        return [row(button(LABEL, OPEN_AGAIN.id(use.interaction.id), style=Style.BLUE))]

    async def open_again(self, use: Use) -> Reply:
        """
        Open a form as it was filled in.

        Raises:
            StewardError: it is not remembered.

        """
        form = self._refused.get(int(use.args[0]))
        if form is None:
            raise StewardError("I don't remember that form any more.", remedy="Use the command again.")
        return Reply(modal=form)


def _filled(form: Payload, use: Use) -> Payload:
    filled: Payload = deepcopy(form)
    for field in inputs(filled["components"]):
        name, kind = field["custom_id"], field["type"]
        chosen = use.chosen.get(name, ())
        if kind == _TEXT_INPUT:
            field.pop("value", None)  # what was emptied stays empty
            if text := use.fields.get(name):
                field["value"] = text
        elif kind == _STRING_SELECT:
            for option in field["options"]:
                option["default"] = option["value"] in chosen
        elif kind in _ENTITIES:
            field["default_values"] = [{"id": one, "type": _ENTITIES[kind]} for one in chosen]
    return filled
