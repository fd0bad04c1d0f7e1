"""What whoever runs the bot sees of feeds, and of names, games and results that wait for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from steward.bots.bets.feeds.reports import FeedReport
from steward.bots.bets.fixtures.games import Game
from steward.bots.bets.fixtures.ladder import ToldResult
from steward.bots.bets.fixtures.matching import WaitReason
from steward.bots.bets.fixtures.unmatched import Unmatched
from steward.bots.bets.grading.typed import maybe_score, read_score
from steward.bots.bets.queue.deciding import DecidedGame, TypedScores
from steward.bots.bets.queue.decisions import ItemChoice, ItemDecision
from steward.bots.bets.queue.listing import TeamChoice, WaitingPage
from steward.bots.bets.views import actions
from steward.bots.bets.views.games import label, team, versus
from steward.bots.bets.views.rulings import score_fields
from steward.bots.bets.views.settlements import named
from steward.bots.bets.views.words import provider_name
from steward.client.components import Style, button, option, row, select, text_input, turns
from steward.client.components.builders import LONGEST_OPTION
from steward.client.embeds import AMBER, BLUE, FIELD_LENGTH, GREEN, Message, at, field, plain
from steward.client.panels.form import ModalForm
from steward.client.payloads import Payload
from steward.runtime.wall_time import wall_of
from steward.store import from_millis
from steward.text.clock_times import wall_label
from steward.text.cutting import cut_label, cut_list
from steward.text.plurals import counted

MOST_OPTIONS = 25
LONGEST_FEEDS, LONGEST_WAITING = 2000, 3500
"""Discord takes 6,000 characters in the embeds of a message."""
LONGEST_TYPED = 100
FOR_GOOD = "You can't take it back."
REASONS = {
    WaitReason.SWAPPED: "home and away are the other way round",
    WaitReason.TWO_GAMES: "it may be either of two",
    WaitReason.LISTED_ANEW: "the feed lists it again under another id",
    WaitReason.OTHER_TEAMS: "the feed had other teams under its id",
}


def feeds_view(reports: Sequence[FeedReport], page: WaitingPage, note: str) -> Message:
    """Show how feeds are, and a page of what waits."""
    lines = [line for report in reports for line in _report(report)]
    is_well = not any(report.problems for report in reports)
    feeds = {
        "title": "Feeds",
        "description": cut_list(lines, LONGEST_FEEDS) or "No feed is set up.",
        "color": GREEN if is_well and reports else AMBER,
    }
    rows = turns(page.number, page.has_more, actions.FEEDS_PAGE.id)
    embeds = [feeds]
    if page.total:
        waiting = [_result_line(game) for game in page.results] + [_item_line(item) for item in page.items]
        title = f"{counted(page.total, 'thing')} {'waits' if page.total == 1 else 'wait'} for you"
        embeds.append({"title": title, "description": cut_list(waiting, LONGEST_WAITING), "color": AMBER})
        options = [option(label(game), str(game.id), description="which result counts") for game in page.results]
        options += [option(_asked(item), f"{item.id}:{item.since_ms}", description=_told(item)) for item in page.items]
        rows = [row(select(actions.FEEDS_PICK.id(), options, placeholder="Decide about …")), *rows]
    else:
        embeds.append({"description": "Nothing waits for you.", "color": GREEN})
    return {"content": note, "embeds": embeds, "components": rows}


def item_view(item: Unmatched, league: str, choices: Sequence[Payload], *, of: int) -> Message:
    """
    Ask what a name or a game is.

    Args:
        choices: options of a menu, see `team_options` and `game_options`.
        of: how many there are in all.

    """
    key = item.id, item.since_ms
    said = (
        f"{provider_name(item.provider)} told of {_versus(item)}, {at(from_millis(item.starts_ms))} ({plain(league)})."
    )
    is_team = bool(item.name)
    if not is_team:
        said += f" It waits because {REASONS.get(item.reason, 'it is not certain')}."
    if len(choices) > MOST_OPTIONS:
        said += f" The menu has the first {MOST_OPTIONS} of {len(choices):,}."
    rows = []
    if choices:
        placeholder, shown = "Same team as …" if is_team else "It is …", choices[:MOST_OPTIONS]
        menu = select(actions.FEEDS_CHOOSE.id(*key), shown, placeholder=placeholder)
        rows.append(row(menu))
    buttons = [
        button("New team" if is_team else "New game", actions.FEEDS_ASK.id(*key, ItemChoice.NEW)),
        button("Ignore", actions.FEEDS_ASK.id(*key, ItemChoice.IGNORED)),
    ]
    if is_team and of > MOST_OPTIONS:
        buttons.append(button("Find a team", actions.FEEDS_FIND.id(*key)))
    rows.append(row(*buttons, button("Back", actions.FEEDS_PAGE.id(0))))
    embed = {"title": plain(_asked(item)), "description": said, "color": BLUE}
    return {"content": "", "embeds": [embed], "components": rows}


def team_options(teams: Sequence[TeamChoice]) -> list[Payload]:
    return [option(one.name, f"{ItemChoice.TEAM}:{one.id}") for one in teams]


def game_options(games: Sequence[Game], zone: ZoneInfo) -> list[Payload]:
    """Offer games as they are, and with their sides swapped."""
    options = []
    for game in games:
        start = _start(game, zone)
        for choice, more in ((ItemChoice.GAME, ""), (ItemChoice.SWAPPED, ", sides swapped")):
            name = cut_label(label(game), LONGEST_OPTION - len(more))
            options.append(option(f"{name}{more}", f"{choice}:{game.id}", description=start))
    return options


def sure_view(item: Unmatched, decision: ItemDecision, named_as: str) -> Message:
    """
    Ask once more about a decision.

    Args:
        named_as: the team or game that it is.

    """
    key = item.id, item.since_ms
    buttons = row(
        button("Decide", actions.FEEDS_DECIDE.id(*key, *decision), style=Style.RED),
        button("Back", actions.FEEDS_ITEM.id(*key)),
    )
    said = f"**{decided_said(item, decision, named_as)}** {FOR_GOOD}"
    return {"content": said, "embeds": [], "components": [buttons]}


def decided_said(item: Unmatched, decision: ItemDecision, named_as: str) -> str:
    """Say what was decided, in a sentence."""
    what = f"“{team(item.name)}”" if item.name else f"{_versus(item)} of {provider_name(item.provider)}"
    match decision.choice:
        case ItemChoice.IGNORED:
            return f"{what} isn't asked about for two weeks."
        case ItemChoice.NEW:
            return f"{what} is a {'team' if item.name else 'game'} that is new here."
        case ItemChoice.SWAPPED:
            return f"{what} is {named_as}, with home and away the other way round."
    return f"{what} is {named_as}."


def find_form() -> ModalForm:
    """Ask which team is looked for."""
    return ModalForm("Find a team", (text_input("Its name, or the beginning", "team", most=LONGEST_TYPED), str))


def result_view(game: Game, told: Sequence[ToldResult]) -> Message:
    """Ask which result of a game counts."""
    lines = [
        f"{provider_name(one.provider)}:"
        f" {'not over, or it took its result back' if one.result is None else named(one.result)}"
        f"{f' ({one.doubt})' if one.doubt else ''}"
        for one in told
    ]
    embed = {
        "title": versus(game),
        "description": f"{at(from_millis(game.starts_ms))}. {game.note}",
        "color": BLUE,
        "fields": [field("What is told", cut_list(lines, FIELD_LENGTH) or "nothing", inline=False)],
    }
    buttons = row(
        button("Write the result", actions.FEEDS_WRITE.id(game.id), style=Style.BLUE),
        button("Void", actions.FEEDS_VOID.id(game.id)),
        button("Back", actions.FEEDS_PAGE.id(0)),
    )
    return {"content": "", "embeds": [embed], "components": [buttons]}


def result_form() -> ModalForm:
    """Ask how a game ended."""
    return ModalForm("How it ended", *score_fields())


def sure_result_view(stated: DecidedGame, scores: TypedScores | None) -> Message:
    """Ask once more about a result."""
    buttons = row(
        button("Decide", actions.FEEDS_SETTLE.id(stated.game.id, *_words(scores)), style=Style.RED),
        button("Back", actions.FEEDS_GAME.id(stated.game.id)),
    )
    said = f"**{decided_result_said(stated)}** {FOR_GOOD}"
    return {"content": said, "embeds": [], "components": [buttons]}


def scores_in(words: Sequence[str]) -> TypedScores | None:
    """
    Return the scores in a custom id; None if the game is void.

    Raises:
        BetsError: they are none.

    """
    regular, after, half, shootout = words
    if not regular:
        return None
    return TypedScores(read_score(regular), maybe_score(after), maybe_score(half), shootout)


def decided_result_said(decided: DecidedGame) -> str:
    """Say what was decided about a game."""
    return (
        f"{versus(decided.game)}: {named(decided.result)}. Bets are settled by that in every server, whatever feeds"
        " tell; where they were settled more than a day ago, once its bet managers confirm it."
    )


def _report(report: FeedReport) -> Iterator[str]:
    state = report.state
    heard = "never answered" if state.succeeded_ms is None else f"answered {at(from_millis(state.succeeded_ms), 'R')}"
    parts = [heard]
    if report.budget.per_day is not None:
        parts.append(f"{report.spent:,} of {counted(report.budget.per_day, 'request')} today")
    if state.remaining is not None:
        parts.append(f"{state.remaining:,} left by its own count")
    yield f"{'🔴' if report.problems else '🟢'} **{report.title}** {', '.join(parts)}"
    yield from (f"- {plain(problem)}" for problem in report.problems)


def _result_line(game: Game) -> str:
    return f"**{versus(game)}**, {at(from_millis(game.starts_ms), 'f')}: {game.note}"


def _item_line(item: Unmatched) -> str:
    said = f"{_versus(item)}, {at(from_millis(item.starts_ms), 'f')}, {provider_name(item.provider)}"
    if item.name:
        return f"**Which team is “{team(item.name)}”?** {said}"
    return f"**Which game is it?** {said}: {REASONS.get(item.reason, 'it is not certain')}"


def _asked(item: Unmatched) -> str:
    """Ask about an item where nothing is markdown."""
    return f"Which team is “{item.name}”?" if item.name else f"Which game is {item.home} v {item.away}?"


def _told(item: Unmatched) -> str:
    return f"{item.home} v {item.away}, {provider_name(item.provider)}"


def _versus(item: Unmatched) -> str:
    return f"{team(item.home)} v {team(item.away)}"


def _start(game: Game, zone: ZoneInfo) -> str:
    return wall_label(wall_of(from_millis(game.starts_ms), zone))


def _words(scores: TypedScores | None) -> Sequence[str]:
    """Return scores as a custom id has them: as they are typed, all empty if the game is void."""
    if scores is None:
        return "", "", "", ""
    regular, after, half, shootout = scores
    return *("" if one is None else f"{one[0]}-{one[1]}" for one in (regular, after, half)), shootout
