"""What components do, by their custom ids: known from the start, while messages are drawn once somebody asks."""

from __future__ import annotations

from typing import NamedTuple

from steward.bots.bets.markets.draft import MOST_OUTCOMES
from steward.client.components import Action
from steward.client.components.actions import number, page, up_to

OWN_CANCEL = Action("bets", "own_cancel")
OWN_CANCEL_SURE = Action("bets", "own_cancel_sure", args=(number,))
OWN_CANCEL_NOT = Action("bets", "own_cancel_not")
CANCEL_BET = Action("bets", "cancel_bet", args=(number,))


class SlipActions(NamedTuple):
    """What the components of a slip do; each with the slip's id, `confirm` and `remove` with its revision too."""

    confirm: Action
    stake: Action
    stake_set: Action
    discard: Action
    remove: Action


def actions_of(kind: str) -> SlipActions:
    """Return the actions of a kind of slip."""
    slip, shown = (number,), (number, number)
    return SlipActions(
        Action("bets", f"{kind}_confirm", args=shown),
        Action("bets", f"{kind}_stake", args=slip),
        Action("bets", f"{kind}_stake_set", args=slip),
        Action("bets", f"{kind}_discard", args=slip),
        Action("bets", f"{kind}_remove", args=shown),
    )


SINGLE, PARLAY = actions_of("slip"), actions_of("parlay")

MARKET_WRITE = Action("bets", "market_write", args=(number,))  # draft
MARKET_WRITTEN = Action("bets", "market_written", args=(number,))
MARKET_MEANT = Action("bets", "market_meant", args=(number, up_to(5)))  # draft, reading
MARKET_POST = Action("bets", "market_post", args=(number,))
MARKET_DISCARD = Action("bets", "market_discard", args=(number,))
MARKET_BET = Action("bets", "market_bet", args=(number, up_to(MOST_OUTCOMES)))  # market, outcome
MARKET_BET_SENT = Action("bets", "market_bet_sent", args=(number, up_to(MOST_OUTCOMES), number))  # and press
MARKET_BACK = Action("bets", "market_back", args=(number,))
MARKET_PROPOSE = Action("bets", "market_propose", args=(number,))
MARKET_CONFIRM = Action("bets", "market_confirm", args=(number, up_to(MOST_OUTCOMES)))  # market, answer
MARKET_OBJECT = Action("bets", "market_object", args=(number,))
MARKET_OBJECTION = Action("bets", "market_objection", args=(number,))
MARKET_NO_OBJECTION = Action("bets", "market_no_objection")
MARKET_DECIDE = Action("bets", "market_decide", args=(number,))
MARKETS_LIST = Action("bets", "markets", args=(page,))

RULING_PICK = Action("bets", "ruling_pick")
RULING_CHOOSE = Action("bets", "ruling_choose", args=(number,))  # draft
RULING_WRITE = Action("bets", "ruling_write", args=(number,))
RULING_WRITTEN = Action("bets", "ruling_written", args=(number,))
RULING_REASON = Action("bets", "ruling_reason", args=(number,))
RULING_REASONED = Action("bets", "ruling_reasoned", args=(number,))
RULING_CONFIRM = Action("bets", "ruling_confirm", args=(number,))
RULING_DISCARD = Action("bets", "ruling_discard", args=(number,))
