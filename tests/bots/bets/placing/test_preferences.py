"""What members choose is kept for each of them, on each engine."""

from steward.bots.bets.odds.prices import OddsFormat
from steward.bots.bets.placing.preferences import BetPreferences, forget_preferences, prefer, preferences_of
from steward.bots.bets.section import BetsSection
from tests.bots.bets.fixtures.kept import keeping
from tests.bots.bets.ledger.book import ADA, BEN, GUILD


async def test_a_choice_holds_for_its_member_until_it_is_changed_or_forgotten(clock, database):
    async with keeping(clock, database) as kept:
        usual = await kept.read(preferences_of, GUILD, ADA)
        assert usual == BetPreferences(None, takes_better=True)
        await kept.write(prefer, GUILD, ADA, odds_format=OddsFormat.FRACTIONAL)
        now = await kept.write(prefer, GUILD, ADA, takes_better=False)
        assert now == await kept.read(preferences_of, GUILD, ADA) == BetPreferences(OddsFormat.FRACTIONAL, False)
        assert await kept.read(preferences_of, GUILD, BEN) == await kept.read(preferences_of, GUILD + 1, ADA) == usual
        american = BetsSection(odds_format=OddsFormat.AMERICAN)
        assert (now.reads(american), usual.reads(american)) == (OddsFormat.FRACTIONAL, OddsFormat.AMERICAN)
        await kept.write(prefer, GUILD, ADA, odds_format="")
        assert await kept.read(preferences_of, GUILD, ADA) == BetPreferences(None, False), "as the server has them"
        await kept.write(forget_preferences, GUILD, ADA)
        assert await kept.read(preferences_of, GUILD, ADA) == usual
