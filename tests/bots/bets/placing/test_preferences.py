"""What members choose is kept for each of them, on each engine."""

from steward.bots.bets.odds.prices import OddsFormat
from steward.bots.bets.placing.preferences import BetPreferences, forget_preferences, prefer, preferences_of
from tests.bots.bets.fixtures.kept import keeping
from tests.bots.bets.ledger.book import ADA, BEN, GUILD


async def test_a_choice_holds_for_its_member_until_it_is_changed_or_forgotten(clock, database):
    async with keeping(clock, database) as kept:
        usual = await kept.read(preferences_of, GUILD, ADA)
        assert usual == BetPreferences(OddsFormat.DECIMAL, takes_better=True)
        await kept.write(prefer, GUILD, ADA, odds_format=OddsFormat.FRACTIONAL)
        now = await kept.write(prefer, GUILD, ADA, takes_better=False)
        assert now == await kept.read(preferences_of, GUILD, ADA) == BetPreferences(OddsFormat.FRACTIONAL, False)
        assert await kept.read(preferences_of, GUILD, BEN) == await kept.read(preferences_of, GUILD + 1, ADA) == usual
        await kept.write(forget_preferences, GUILD, ADA)
        assert await kept.read(preferences_of, GUILD, ADA) == usual
