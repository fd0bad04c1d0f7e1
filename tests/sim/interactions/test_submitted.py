"""A modal is sent as Discord's client sends it."""

import pytest

from steward.sim.interactions.resolved import Resolved
from steward.sim.interactions.submitted import submitted

SELECT, RADIO, LABEL = 3, 21, 18


def modal(kind, *, chosen, required=True):
    options = [{"label": value, "value": value, "default": value in chosen} for value in ("tea", "milk", "water")]
    field = {"type": kind, "id": 2, "custom_id": "drinks", "options": options, "required": required, "max_values": 3}
    return {"custom_id": "order", "components": [{"type": LABEL, "id": 1, "label": "Drinks", "component": field}]}


def sent(modal, **values):
    return submitted(modal, values, Resolved(None, None))["components"][0]["component"]


def test_a_field_left_as_it_opened_is_sent_with_what_was_chosen_at_first():
    assert sent(modal(SELECT, chosen=("tea", "water")))["values"] == ["tea", "water"]
    assert sent(modal(RADIO, chosen=("milk",)))["value"] == "milk"


def test_a_field_emptied_is_sent_empty_unless_it_is_required():
    assert sent(modal(SELECT, chosen=("tea",), required=False), drinks=[])["values"] == []
    with pytest.raises(ValueError, match="required"):
        sent(modal(SELECT, chosen=("tea",)), drinks=[])
