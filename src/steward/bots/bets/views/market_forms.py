"""The forms in which members write a market of their own, and bet in one."""

from __future__ import annotations

from steward.bots.bets.ledger.amounts import LONGEST_AMOUNT
from steward.bots.bets.markets.draft import MarketDraft
from steward.bots.bets.markets.market import MarketOutcome
from steward.bots.bets.markets.written import (
    LONGEST_QUESTION,
    LONGEST_SOURCE,
    LONGEST_VOID_REASON,
    read_line,
    read_outcomes,
)
from steward.bots.bets.section import BetsSection
from steward.client.components import text_input
from steward.client.panels.form import ModalForm

LONGEST_TYPED = 1500
LONGEST_TIME = 100


def market_form(draft: MarketDraft) -> ModalForm:
    """Ask what a market is about."""
    return ModalForm(
        "A market of your own",
        (
            text_input(
                "Question", "question", value=draft.question, most=LONGEST_QUESTION, placeholder="Who wins the quiz?"
            ),
            lambda typed: read_line(typed, "The question", "Write what people bet on."),
        ),
        (
            text_input(
                "Outcomes: 2 to 10, one a line",
                "outcomes",
                value=draft.outcomes,
                most=LONGEST_TYPED,
                paragraph=True,
                placeholder="Bet managers can write odds: Yes @ 2.50",
            ),
            _outcomes,
        ),
        (
            text_input("What decides it", "source", value=draft.source, most=LONGEST_SOURCE, placeholder="The scorer"),
            lambda typed: read_line(typed, "What decides it", "Write where everybody can look it up."),
        ),
        (
            text_input(
                "When it closes",
                "closes",
                value="" if draft.closes is None else draft.closes.text,
                most=LONGEST_TIME,
                placeholder="friday 8pm",
            ),
            str,
        ),
    )


def bet_form(outcome: MarketOutcome, section: BetsSection) -> ModalForm:
    """Ask how much a member bets on an outcome."""
    asked = f"How many {section.currency}"
    amount = text_input(asked, "amount", most=LONGEST_AMOUNT, placeholder="A number, half or all")
    return ModalForm(f"Bet on {outcome.label}", (amount, str))


def void_form() -> ModalForm:
    """Ask why a market is void."""
    why = text_input("Why, for all to see", "reason", most=LONGEST_VOID_REASON)
    return ModalForm("Why it's void", (why, lambda typed: read_line(typed, "The reason", "Write in a few words why.")))


def _outcomes(typed: str) -> str:
    read_outcomes(typed)
    return typed
