"""
A modal form. Each field is declared once, with its initial value and its reader; all errors are reported at once.

    def bet_form(slip):
        return ModalForm("Your bet", (text_input("Stake", "stake", value=str(slip.stake)), read_stake))

    panel.form(BET_SENT, bet_form, self._bet, opens=BET)  # of a panel: `_bet(use, slip, values)` returns the slip
    Reply(modal=bet_form(slip).modal(BET_SENT.id()))  # by itself
    values, errors = bet_form(slip).read(use)  # {"stake": 5}
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from steward.client.components import modal
from steward.client.interactions import Use
from steward.client.interactions.router import ModalParts
from steward.client.payloads import Payload
from steward.errors import StewardErrors

FormField = tuple[Payload, Callable[[Any], Any]]
"""A `text_input` or `labelled` select, and what reads its text or chosen values, or raises a `StewardError`."""


class ModalForm:
    """
    A modal form.

    Args:
        title: up to 45 characters.
        fields: one to five.

    """

    def __init__(self, title: str, *fields: FormField) -> None:
        self._title = title
        self._fields = fields

    def modal(self, custom_id: str, refused: Mapping[str, str] | None = None) -> Payload:
        """Return the modal's payload; texts that were refused before replace the initial values."""
        return modal(self._title, custom_id, *(_drawn(field, refused or {}) for field, _ in self._fields))

    def read(self, use: Use) -> tuple[dict[str, Any], StewardErrors]:
        """
        Return the values by field name, and the errors of the fields that have none.

        Raises:
            Unknown: a field is missing, so another form was sent.

        """
        sent: ModalParts[Any] = ModalParts({**use.fields, **use.chosen})
        values: dict[str, Any] = {}
        errors = StewardErrors()
        for field, read in self._fields:
            name = field["component"]["custom_id"]
            given = sent[name]
            with errors:
                values[name] = read(given)
        return values, errors


def one_id(chosen: Sequence[str]) -> int | None:
    """Read the only chosen role, channel or member; None if nothing was chosen."""
    return int(chosen[0]) if chosen else None


def _drawn(field: Payload, refused: Mapping[str, str]) -> Payload:
    text = refused.get(field["component"]["custom_id"])
    return field if text is None else {**field, "component": {**field["component"], "value": text}}
