"""What bet managers see of games that wait for them, and what everybody sees of who decided what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from steward.bots.bets.fixtures.games import Game
from steward.bots.bets.grading.results import GameResult
from steward.bots.bets.grading.typed import HOW, LONGEST_SCORE, VOID_RESULT, maybe_score, read_score
from steward.bots.bets.markets.written import read_line
from steward.bots.bets.settling.draft import LONGEST_REASON, RulingDraft
from steward.bots.bets.settling.gradings import Grading
from steward.bots.bets.settling.reviews import GameReview
from steward.bots.bets.settling.rulings import PendingGame, Ruled
from steward.bots.bets.views import actions
from steward.bots.bets.views.games import label, versus
from steward.bots.bets.views.settlements import decided_by, named, score_line
from steward.bots.bets.views.words import provider_name
from steward.client.components import Style, button, labelled, option, row, select, text_input
from steward.client.embeds import AMBER, BLUE, FIELD_LENGTH, Message, at, field, plain
from steward.client.panels.form import FormField, ModalForm
from steward.store import from_millis
from steward.text.cutting import cut_label, cut_list

NO_SHOOTOUT = "none"
SHOWN = 15
UNASKED = "Choose a `game` in `/result rule` to decide about any other one that has begun and has bets."


class RulingChoice(NamedTuple):
    """What can be ruled without typing: its name, whose word it is, and the result."""

    label: str
    said: str
    result: GameResult


def choices(pending: PendingGame) -> list[RulingChoice]:
    """Return what a bet manager can choose from, each result once."""
    found: list[RulingChoice] = []
    review = pending.review
    if review is not None and review.proposed is not None:
        found.append(RulingChoice(f"Confirm: {named(review.proposed)}", "what is proposed", review.proposed))
    if pending.current is not None and pending.waits:
        result = pending.current.result
        found.append(RulingChoice(f"It stands: {named(result)}", "as bets are settled now", result))
    if pending.newer is not None:
        by = "what whoever runs the bot says" if pending.by_operator else "the newest result"
        found.append(RulingChoice(named(pending.newer), by, pending.newer))
    found += [
        RulingChoice(named(told.result), f"as reported by {provider_name(told.provider)}", told.result)
        for told in pending.told
        if told.result is not None
    ]
    found.append(RulingChoice("Void: all stakes go back", "also of bets that were lost", VOID_RESULT))
    seen: list[GameResult] = []
    once: list[RulingChoice] = []
    for one in found:
        if one.result not in seen:
            seen.append(one.result)
            once.append(one)
    return once


def waiting_view(pending: Sequence[PendingGame]) -> Message:
    """List what waits for a bet manager."""
    if not pending:
        return {"content": f"Nothing waits for a bet manager now. {UNASKED}", "embeds": [], "components": []}
    lines = [f"**{versus(one.game)}** {_why(one)}" for one in pending]
    options = [option(label(one.game), str(one.game.id), description=one.why) for one in pending]
    embed = {"title": "What waits for a bet manager", "description": cut_list(lines, 4000), "color": AMBER}
    menu = select(actions.RULING_PICK.id(), options, placeholder="Decide about …")
    return {"content": UNASKED, "embeds": [embed], "components": [row(menu)]}


def ruling_view(draft: RulingDraft, pending: PendingGame, chosen: GameResult | None, note: str) -> Message:
    """Show what there is to rule about a game, and what was chosen."""
    review, current = pending.review, pending.current
    fields = [field("How it stands", _why(pending), inline=False)]
    if current is not None:
        fields.append(field("Bets are settled by", score_line(pending.game, current.result), inline=False))
    told = [
        f"{provider_name(one.provider)}:"
        f" {'not over, or it took its result back' if one.result is None else named(one.result)}"
        f"{f' ({one.doubt})' if one.doubt else ''}"
        for one in pending.told
    ]
    fields.append(field("Reported", cut_list(told, FIELD_LENGTH) or "nothing", inline=False))
    if review is not None and review.proposed is not None:
        by = "A former member" if review.proposer_id is None else f"<@{review.proposer_id}>"
        said = f"{by}: **{named(review.proposed)}**, {plain(review.proposal)}"
        fields.append(field("Proposed", said, inline=False))
    if chosen is not None:
        fields.append(field("You choose", f"**{named(chosen)}**", inline=False))
    if draft.reason:
        fields.append(field("Because", plain(draft.reason), inline=False))
    options = [
        option(cut_label(one.label, 100), str(at_), description=one.said, chosen=one.result == chosen)
        for at_, one in enumerate(choices(pending))
    ]
    embed = {"title": versus(pending.game), "color": BLUE, "fields": fields}
    confirm = button(
        "Decide", actions.RULING_CONFIRM.id(draft.id), style=Style.RED, disabled=chosen is None or not draft.reason
    )
    buttons = row(
        confirm,
        button("Another score", actions.RULING_WRITE.id(draft.id)),
        button("Why", actions.RULING_REASON.id(draft.id)),
        button("Leave it", actions.RULING_DISCARD.id(draft.id)),
    )
    told_first = f"⚠️ {note}" if note else "It counts for this server only. Choose what happened, and say why."
    menu = select(actions.RULING_CHOOSE.id(draft.id), options, placeholder="What happened")
    return {"content": told_first, "embeds": [embed], "components": [row(menu), buttons]}


def score_form(draft: RulingDraft) -> ModalForm:
    """Ask for another score, and why."""
    return ModalForm("Another score", *score_fields(), _reason_field(draft))


def score_fields() -> tuple[FormField, ...]:
    """Ask how a game ended, as `typed_result` takes it."""
    shootout = [
        option(label, value, chosen=value == NO_SHOOTOUT)
        for label, value in (("There was none", NO_SHOOTOUT), ("Home side", "home"), ("Away side", "away"))
    ]
    return (
        (text_input("After regular time", "regular", most=LONGEST_SCORE, placeholder=HOW), read_score),
        (text_input("After overtime, if there was any", "after", most=LONGEST_SCORE, required=False), maybe_score),
        (text_input("At half-time, if you know it", "half", most=LONGEST_SCORE, required=False), maybe_score),
        (
            labelled("Who won the shoot-out", select("shootout", shootout)),
            lambda chosen: "" if chosen[0] == NO_SHOOTOUT else str(chosen[0]),
        ),
    )


def reason_form(draft: RulingDraft) -> ModalForm:
    """Ask why somebody rules so."""
    return ModalForm("Why", _reason_field(draft))


def ruled_said(ruled: Ruled, game: Game) -> str:
    """Tell who ruled what became of it."""
    if ruled.grading is None:
        return f"You proposed it for {versus(game)}. A second bet manager without a bet on it has to confirm."
    if ruled.stands:
        return f"{score_line(game, ruled.grading.result)}: it stands."
    return f"{score_line(game, ruled.grading.result)}: bets are settled by that now."


def log_view(game: Game, gradings: Sequence[Grading], disputes: Sequence[GameReview]) -> Message:
    """Show by what the bets on a game were settled, who decided it, and what was disputed."""
    told: list[tuple[int, str]] = []
    for one in gradings:
        who = "by the feeds" if one.version is not None else decided_by(one)
        told.append((one.at_ms, f"**{named(one.result)}** {who}"))
    told += [(one.opened_ms, f"disputed by a bettor: {plain(one.reason)}") for one in disputes]
    lines = [f"{at(from_millis(ms), 'f')} {said}" for ms, said in sorted(told, reverse=True)[:SHOWN]]
    embed = {"title": f"Log of {versus(game)}", "description": cut_list(lines, 4000) or "Nothing.", "color": BLUE}
    return {"embeds": [embed]}


def read_reason(typed: str) -> str:
    """
    Read why somebody disputes or decides something.

    Raises:
        BetsError: it is empty.

    """
    return read_line(typed, "The reason", "Write in a few words why.")


def _reason_field(draft: RulingDraft) -> FormField:
    return text_input("Why, for all to see", "reason", value=draft.reason, most=LONGEST_REASON), read_reason


def _why(pending: PendingGame) -> str:
    review = pending.review
    if review is None:
        return pending.why
    until = "" if review.until_ms is None else f" It stands {at(from_millis(review.until_ms), 'R')} unless you decide."
    proposed = " A proposal waits for a second bet manager." if review.proposed is not None else ""
    reason = f" “{plain(review.reason)}”" if review.reason else ""
    return f"{pending.why}{reason}{until}{proposed}"
