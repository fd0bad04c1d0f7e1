"""What `/setup` asks about bets, beside the table of docs/bets.md."""

from pathlib import Path

from steward.bots.bets.section import BetsSection
from steward.bots.bets.views import setup
from steward.guilds.setup.draft import SectionDraft

PAGE = Path(__file__).resolve().parents[4] / "docs" / "bets.md"
FORMS = {
    "Betting": setup.betting_form,
    "Play money": setup.money_form,
    "Gifts and markets": setup.gifts_form,
    "Settlement rules": setup.rules_form,
    "Limits": setup.limits_form,
}


def test_the_page_has_each_field_of_the_forms_with_its_default():
    asked = [
        (button, field["label"], default_of(field["component"]))
        for button, form in FORMS.items()
        for field in form(SectionDraft.of(BetsSection())).modal("")["components"]
    ]
    table = PAGE.read_text().partition("\n| button | field | default |\n")[2].partition("\n\n")[0]
    shown, button = [], ""
    for row in table.splitlines()[1:]:
        named, label, default = (cell.strip(" *") for cell in row.split("|")[1:-1])
        button = named or button
        shown.append((button, label, default))
    assert shown == asked


def default_of(component):
    """Return what a field holds before anything was chosen."""
    chosen = [option["label"] for option in component.get("options", ()) if option["default"]]
    return component.get("value", "") or ", ".join(chosen)
