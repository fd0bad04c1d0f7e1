"""Games with bets on them, as rows, and the work of settling done at once."""

from functools import partial

from steward.bots.bets.fixtures.fixture import FeedFixture
from steward.bots.bets.fixtures.games import keep_game
from steward.bots.bets.fixtures.leagues import CATALOGUE, keep_leagues
from steward.bots.bets.grading.picks import BetPick
from steward.bots.bets.grading.results import GameResult
from steward.bots.bets.kinds import REVIEW, SETTLE, VOID_BETS, WAITS
from steward.bots.bets.ledger.accounts import ISSUANCE, AccountKind, wallet
from steward.bots.bets.ledger.posting import Movement, post
from steward.bots.bets.odds.prices import Odds
from steward.bots.bets.placing.bets import BetLeg, find_bets, place
from steward.bots.bets.section import BetsMode, BetsSection
from steward.bots.bets.settling import steps
from steward.bots.bets.settling.finals import expired, result_is_ready
from steward.store import to_millis
from steward.store.due import due
from steward.store.json_values import to_json
from tests.bots.bets.ledger.book import GUILD, balances
from tests.runtime.hand_clock import START

HOUR = 3_600_000
KICK_OFF = to_millis(START) + 24 * HOUR
HOME, DRAW, AWAY = (BetPick("1x2", side) for side in ("home", "draw", "away"))
EVENS = Odds(2, 1, "2.00")
CHANNEL = 77
SECTION = BetsSection(bets_channel_id=CHANNEL)


def score(home, away, **more):
    return GameResult(regulation=(home, away), **more)


def make_game(tx, home="Arsenal", away="Chelsea", *, league="epl", starts_ms=KICK_OFF, status="NS", number=1):
    """Keep a game and return its number."""
    kept = keep_leagues(tx, [CATALOGUE[league]])[league]
    teams = tuple(_team(tx, kept, name) for name in (home, away))
    told = FeedFixture("ref", home, away, starts_ms, status)
    return keep_game(tx, kept, teams, told, number)


def heard(tx, game, *, unbegun_ms=None, gone_ms=None):
    """Have a feed list a game: when it last told after the start that it hasn't begun, and when it listed it last."""
    values = {"league": 1, "game": game, "swapped": 0, "starts_at": KICK_OFF, "status": "NS"}
    times = {"unbegun_at": unbegun_ms, "gone_at": gone_ms}
    tx.upsert("bet_game_refs", key={"provider": "csv", "ref": f"ref {game}"}, values={**values, **times})


def _team(tx, league, name):
    tx.insert_new("bet_teams", {"league": league, "name": name})
    return tx.value("SELECT id FROM bet_teams WHERE league = ? AND name = ?", (league, name))


def give(tx, members, points, guild_id=GUILD):
    movements = [Movement(f"give:{one}", "grant", {ISSUANCE: -points, wallet(one): points}) for one in members]
    post(tx, guild_id, movements)


def leg(game, pick=HOME, odds=EVENS, listed_ms=KICK_OFF):
    return BetLeg(game, pick, odds, listed_ms)


def bet(tx, user, *legs, stake=10, mode=BetsMode.HOUSE, guild_id=GUILD, key=None):
    """LegPlace a bet and return its number."""
    key = key or f"place:{tx.value('SELECT COUNT(*) FROM bet_bets')}"
    placed, _ = place(tx, guild_id, user, stake, legs, mode=mode, key=key)
    return placed.id


def tell(tx, game, result):
    """Have another result of a game be ready; return its version."""
    version = 1 + (tx.value("SELECT MAX(version) FROM bet_results WHERE game = ?", (game,)) or 0)
    sql = "INSERT INTO bet_results (game, version, body, at, by_person) VALUES (?, ?, ?, ?, 0)"
    tx.execute(sql, (game, version, to_json(result), tx.now_ms))
    tx.execute("UPDATE bet_games SET stage = 'ready', status = 'FT' WHERE id = ?", (game,))
    result_is_ready(tx, game, version)
    return version


EFFECTS = {
    SETTLE: steps.settle,
    VOID_BETS: steps.void,
    REVIEW: lambda tx, item, section, _: steps.review(tx, item, section),
    WAITS: lambda tx, item, section, _: steps.waits(tx, item, section),
}


def next_work(tx):
    """Return what is to be settled or refunded next."""
    guilds, _ = due.guilds(tx, EFFECTS)
    return due.first(tx, EFFECTS, guilds[0]) if guilds else None


def one_step(tx, section=SECTION, most=500):
    """Do one unit of what is due, and return whether there was something to do."""
    item = next_work(tx)
    if item is None:
        return False
    due.drop(tx, item)
    EFFECTS[item.kind](tx, item, section, most)
    return True


def settle_all(run, section=SECTION, most=500):
    """Do all that is due, each unit of work in a transaction."""
    while run(partial(one_step, section=section, most=most)):
        pass


def sweep(run, section=SECTION):
    """Have refunded what waits no longer."""
    run(lambda tx: steps.sweep(tx, sorted(expired(tx, lambda _: section.settlement_rows))))
    settle_all(run, section)


def one_bet(run, number):
    return run(lambda tx: find_bets(tx, [number]))[number]


def wallets(tx, guild_id=GUILD):
    """Return what is in each wallet that isn't empty, by member."""
    return {
        account.owner_id: amount
        for account, amount in balances(tx, guild_id).items()
        if account.kind is AccountKind.WALLET
    }


def posts(tx):
    """Return the messages in the outbox, by key."""
    return dict(map(tuple, tx.all("SELECT message_key, payload FROM outbox ORDER BY id")))
