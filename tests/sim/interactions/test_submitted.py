"""The data of a submitted modal."""

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


def test_an_unchanged_field_is_sent_with_its_default():
    assert sent(modal(SELECT, chosen=("tea", "water")))["values"] == ["tea", "water"]
    assert sent(modal(RADIO, chosen=("milk",)))["value"] == "milk"


def test_an_emptied_field_is_sent_empty_unless_required():
    assert sent(modal(SELECT, chosen=("tea",), required=False), drinks=[])["values"] == []
    with pytest.raises(ValueError, match="required"):
        sent(modal(SELECT, chosen=("tea",)), drinks=[])
