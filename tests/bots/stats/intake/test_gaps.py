"""Gaps are kept until they are filled."""

from datetime import timedelta

from steward.bots.stats.intake.gaps import Gap, Reason
from tests.bots.stats.book import DAY, GUILD, HOUR, MINUTE, MONDAY, book_of


def gap(guild_id=GUILD, begin=MONDAY, length=HOUR):
    return Gap(guild_id, begin, begin + length, Reason.NOT_CONNECTED, None)


async def test_what_is_filled_is_asked_for_no_more_and_other_guilds_and_gaps_are(clock, database):
    first, second, others = gap(), gap(begin=MONDAY + DAY), gap(GUILD + 1)
    async with book_of(clock, database) as book:
        await book.events.mark_gaps([second, first, others])
        assert await book.events.unfilled_gaps(GUILD, MONDAY) == [first, second]
        await book.events.gaps_filled([first])
        assert await book.events.unfilled_gaps(GUILD, MONDAY) == [second]
        assert sorted(await book.events.guilds_with_unfilled_gaps(MONDAY)) == [GUILD, GUILD + 1]
        await book.events.gaps_filled([second])
        assert await book.events.guilds_with_unfilled_gaps(MONDAY) == [GUILD + 1]


async def test_a_gap_before_what_discord_remembers_is_not_asked_for(clock, database):
    async with book_of(clock, database) as book:
        await book.events.mark_gaps([gap()])
        later = MONDAY + timedelta(milliseconds=1)
        assert await book.events.unfilled_gaps(GUILD, later) == await book.events.guilds_with_unfilled_gaps(later) == []


async def test_a_filled_gap_that_turns_out_longer_is_filled_again(clock, database):
    """A process that is killed right after its start leaves the next one the same begin."""
    longer = gap(length=HOUR + MINUTE)
    async with book_of(clock, database) as book:
        await book.events.mark_gaps([gap()])
        await book.events.gaps_filled([gap()])
        await book.events.mark_gaps([longer])
        assert await book.events.unfilled_gaps(GUILD, MONDAY) == [longer]
