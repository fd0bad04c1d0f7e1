"""F58: whoever asks to be forgotten is in no table any more, whichever tables there are."""

from dataclasses import replace

from steward.bots.stats.counts.facts import EventKind, MemberEvent
from steward.bots.stats.history.series import Measure
from tests.bots.stats.book import DAY, GUILD, MINUTE, MONDAY, book_of
from tests.bots.stats.sections import stats_section
from tests.databases import table_names

WHO, NAME, OTHER = 987654321987654321, "ada of the penguins", 123456789123456789


async def tables_with(book, *traces):
    """Walk through the schema and return each table and column that holds one of `traces`, also within a text."""

    def work(tx):
        found = set()
        for table in table_names(tx):
            for row in tx.all(f"SELECT * FROM {table}"):
                found |= {
                    f"{table}.{column}"
                    for column in row.keys()  # noqa: SIM118 - a row, not a dict
                    if any(trace in str(row[column]) for trace in traces)
                }
        return found

    return await book.store.read(work)


async def live(book, user, name):
    """Leave a trace in every table that knows members."""
    for number, kind in enumerate(EventKind):
        at = MONDAY + number * MINUTE
        await book.events.record([MemberEvent(GUILD, kind, user, name, at, f"join:{GUILD}:{user}:{number}")])
    book.says(MONDAY, user=user)
    book.sits(MONDAY, MONDAY + MINUTE, user=user)
    settings = stats_section(book.store)
    await settings.change(GUILD, user, lambda old: replace(old, zone="Asia/Tokyo" if user == WHO else "UTC"))
    await book.write()


async def test_f58_whoever_asks_to_be_forgotten_is_in_no_table_any_more(clock, database):
    async with book_of(clock, database) as book:
        await live(book, WHO, NAME)
        await live(book, OTHER, "bob")
        traces = await tables_with(book, str(WHO), NAME)
        assert traces == {
            "member_events.user_id",
            "member_events.name",
            "member_events.origin",
            "stats_members.user_id",
            "guild_settings.changed_by",
        }
        assert await tables_with(book, str(OTHER)) == traces - {"member_events.name"}
        await book.forget(WHO)
        assert await tables_with(book, str(WHO), NAME) == set()
        assert await tables_with(book, str(OTHER)) == traces - {"member_events.name"}


async def test_the_numbers_stay(clock, database):
    async with book_of(clock, database) as book:
        await live(book, WHO, NAME)
        await book.forget(WHO)
        await book.write()
        for measure in (Measure.JOINS, Measure.LEAVES, Measure.MESSAGES):
            assert await book.values(measure, MONDAY, DAY) == [1, *[None] * 23]
        (cohort,) = await book.history.cohorts(GUILD, now=MONDAY + DAY, weeks=1)
        assert cohort.joined == 1


async def test_what_is_tallied_but_not_written_is_forgotten_too(clock, database):
    async with book_of(clock, database) as book:
        book.says(MONDAY, user=WHO)
        await book.forget(WHO)
        await book.write()
        assert await tables_with(book, str(WHO)) == set()


async def test_only_the_wish_not_to_be_counted_is_kept(clock, database):
    async with book_of(clock, database) as book:
        await live(book, WHO, NAME)
        await book.opt_outs.add(GUILD, WHO)
        await book.forget(WHO)
        book.says(MONDAY, user=WHO)
        await book.write()
        assert await tables_with(book, str(WHO), NAME) == {"opt_outs.user_id"}
