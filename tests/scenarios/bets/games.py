"""Games for the scenarios of bets: what feeds would tell, on the bot's own store."""

from tests.bots.bets.fixtures.kept import Kept, one_x_two


def kept_by(steward, clock):
    """Return what stands in for the feeds of a running bot."""
    return Kept(steward.store, clock)


async def derby(steward, clock, **more):
    """Have a feed tell of Arsenal v Chelsea in a day, with prices, and return the game."""
    kept = kept_by(steward, clock)
    markets = (one_x_two("2.10", "3.40", "3.60"),)
    await kept.tell(kept.fixture("derby", **{"markets": markets, **more}))
    await heard(kept)
    return next(game for game in await kept.games() if game.home_name == "Arsenal")


async def heard(kept):
    """Have the feed's games be as fresh as they are now."""

    def work(tx):
        for (league,) in tx.all("SELECT id FROM bet_leagues"):
            key = {"provider": "csv", "league": league, "kind": "fixtures"}
            tx.upsert("bet_feed_calls", key=key, values={"succeeded_at": tx.now_ms})

    await kept.store.write(work)
