from __future__ import annotations

import re
from pathlib import Path

import pytest

from steward.bots.settings import OF_OURS, settings_table
from tests.settings.reference import reference

PAGE = Path(__file__).resolve().parents[2] / "docs" / "settings.md"


def test_the_reference_page_is_up_to_date():
    assert PAGE.read_text() == reference(OF_OURS), "run: python -m tests.settings.reference > docs/settings.md"


@pytest.mark.parametrize("item", settings_table(), ids=lambda item: item.field)
def test_every_setting_is_on_the_page_with_all_its_names(item):
    page = PAGE.read_text()
    assert f"### `{item.name}`" in page
    assert all(f"`{name}`" in page for name in item.names)
    assert item.doc in page


@pytest.mark.parametrize("item", settings_table(), ids=lambda item: item.field)
def test_a_default_stands_there_as_one_writes_it(item):
    entry = PAGE.read_text().partition(f"### `{item.name}`\n")[2].partition("\n### ")[0]
    shown = re.search(r"^- Default: `(.+)`$", entry, re.MULTILINE)
    if shown is not None:
        assert item.kind.read(shown[1]) == item.default


def test_settings_without_effect_are_listed_as_such():
    working, _, planned = PAGE.read_text().partition("## Accepted, no effect yet")
    for item in settings_table():
        assert (f"### `{item.name}`" in planned) == bool(item.planned)
        assert (f"### `{item.name}`" in working) != item.planned
