"""The house never loses more by a game than it was told."""

from hypothesis import given
from hypothesis import strategies as st

from steward.bots.bets.boards.exposure import OpenStakes, book_balance, exposures, worst_case
from steward.bots.bets.grading.picks import BetPick
from steward.bots.bets.grading.results import GameResult
from steward.bots.bets.ledger.accounts import BOOK, ISSUANCE, wallet
from steward.bots.bets.ledger.posting import Movement, post
from steward.bots.bets.section import BetsMode
from tests.bots.bets.boards.bets import ADA, BEN, GUILD, on, placed
from tests.bots.bets.fixtures.kept import keeping
from tests.bots.bets.grading.paid import SingleBet, settle

PICKS = [
    *(BetPick("1x2", side) for side in ("home", "draw", "away")),
    *(BetPick("double_chance", side) for side in ("1x", "12", "x2")),
    *(BetPick("draw_no_bet", side) for side in ("home", "away")),
    *(BetPick("asian_handicap", side, line) for side in ("home", "away") for line in (-5, -2, 0, 1, 4)),
    *(BetPick("european_handicap", side, -4) for side in ("home", "draw", "away")),
    *(BetPick("total", side, line) for side in ("over", "under") for line in (8, 9, 10)),
    *(BetPick("btts", side) for side in ("yes", "no")),
    *(BetPick("correct_score", score) for score in ("0-0", "1-0", "2-1")),
]
BETS = st.lists(st.tuples(st.sampled_from(PICKS), st.integers(1, 1000), st.integers(101, 2000)), max_size=12)


@given(BETS, st.tuples(st.integers(0, 4), st.integers(0, 4)))
def test_no_score_costs_more_than_the_worst_case(bets, score):
    singles = [SingleBet(pick, stake, odds, 100) for pick, stake, odds in bets]
    paid = sum(payout for _, payout in settle("soccer", GameResult(regulation=score), singles))
    stakes = [
        OpenStakes(1, pick.market, pick.period, "", pick.selection, pick.line, False, 1, stake, stake * odds // 100)
        for pick, stake, odds in bets
    ]
    assert paid - sum(stake for _, stake, _ in bets) <= worst_case(merged(stakes))


def merged(stakes):
    """Return stakes as the database groups them."""
    groups = {}
    for one in stakes:
        key = one[:7]
        before = groups.get(key, (0, 0, 0))
        groups[key] = tuple(map(sum, zip(before, one[7:], strict=True)))
    return [OpenStakes(*key, *sums) for key, sums in groups.items()]


async def test_exposure_is_by_game_the_worst_first(clock, database):
    async with keeping(clock, database) as kept:
        await kept.tell(kept.fixture("a"), kept.fixture("b", "Leeds", "Burnley"))
        arsenal, leeds = sorted(await kept.games(), key=lambda game: game.home_name)

        def work(tx):
            start = {ISSUANCE: -20_000, wallet(ADA): 10_000, wallet(BEN): 10_000}
            post(tx, GUILD, [Movement("grant:1", "grant", start)])
            post(tx, GUILD, [Movement("lost:1", "settle", {wallet(BEN): -70, BOOK: 70})])

            def put(user_id, stake, *legs):
                placed(tx, user_id, *legs, stake=stake, mode=BetsMode.HOUSE)

            put(ADA, 100, on(arsenal, odds="2.50"))
            put(BEN, 300, on(arsenal, "away", odds="3.00"))
            put(ADA, 10, on(leeds, odds="2"), on(arsenal, odds="2"))
            placed(tx, ADA, on(leeds), stake=500)  # in units

        await kept.store.write(work)
        assert [one[1:] for one in await kept.read(exposures, GUILD, 10)] == [(900 - 400 + 30, 3, 410), (30, 1, 10)]
        assert len(await kept.read(exposures, GUILD, 1)) == 1
        assert await kept.read(exposures, GUILD + 1, 10) == []
        assert (await kept.read(book_balance, GUILD), await kept.read(book_balance, GUILD + 1)) == (70, 0)
