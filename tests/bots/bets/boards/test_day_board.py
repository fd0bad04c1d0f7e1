"""What a board of a day shows, on each engine."""

from dataclasses import replace

from steward.bots.bets.boards.board_changes import bets_changed, changed_boards, follow_feeds, result_changed
from steward.bots.bets.boards.board_channels import keep_channel
from steward.bots.bets.boards.board_retention import old_boards
from steward.bots.bets.boards.day_board import board
from steward.bots.bets.fixtures.fixture import FeedPrice, PricedMarket
from steward.bots.bets.kinds import BOARD
from steward.bots.bets.odds.prices import OddsFormat, read_odds
from steward.bots.bets.placing.bets import cancel
from steward.store.desired import desired
from tests.bots.bets.boards.bets import ADA, GUILD, on, placed
from tests.bots.bets.fixtures.kept import DAY, HOUR, MINUTE, keeping, one_x_two


def boards(tx):
    return [tuple(row) for row in tx.all("SELECT id, guild_id FROM bet_boards ORDER BY id")]


def lines(tx, number):
    return board(tx, number)["embeds"][0]["description"].splitlines()


async def test_a_board_is_put_up_by_the_first_bet_of_a_leagues_day(clock, database):
    async with keeping(clock, database) as kept:
        prices = (one_x_two("2.40", "3.40", "3.60"),)
        await kept.tell(kept.fixture("a", markets=prices), kept.fixture("b", "Leeds", "Burnley", DAY + HOUR))
        await kept.tell(kept.fixture("c", "Lakers", "Kings", 3 * DAY), league="nba")
        await kept.write(keep_channel, GUILD, 77)
        arsenal, leeds, lakers = sorted(await kept.games(), key=lambda game: game.starts_ms)

        def bet(tx):
            made = [placed(tx, ADA, on(arsenal)), placed(tx, ADA, on(arsenal), on(leeds))]
            placed(tx, ADA, on(arsenal), guild_id=GUILD + 1)
            cancel(tx, GUILD, ADA, made[0].id)

        await kept.store.write(bet)
        ((number, guild_id),) = await kept.read(boards)
        assert guild_id == GUILD
        shown = await kept.read(lines, number)
        assert shown[0].endswith("**Arsenal v Chelsea** · 2.40 / 3.40 / 3.60 · 1 bet")
        assert shown[1].endswith("**Leeds v Burnley** · 1 bet")
        await kept.store.write(lambda tx: placed(tx, ADA, on(lakers)))
        assert len(await kept.read(boards)) == 2
        await kept.write(keep_channel, GUILD, None)
        await kept.write(bets_changed, GUILD, {arsenal.id})
        assert len(await kept.read(boards)) == 2


async def test_a_board_has_odds_as_its_server_writes_them_and_follows_a_change(clock, database):
    async with keeping(clock, database) as kept:
        await kept.tell(kept.fixture("a", markets=(one_x_two("2.40", "3.40", "3.60"),)))
        game = await kept.game()
        for guild_id, style in ((GUILD, OddsFormat.AMERICAN), (GUILD + 1, OddsFormat.FRACTIONAL)):
            await kept.write(keep_channel, guild_id, 77, style)
            await kept.store.write(lambda tx, guild_id=guild_id: placed(tx, ADA, on(game), guild_id=guild_id))
        (first, _), (second, _) = await kept.read(boards)
        assert "+140 / +240 / +260" in (await kept.read(lines, first))[0]
        assert "7/5 / 12/5 / 13/5" in (await kept.read(lines, second))[0]

        def revision(tx):
            return desired.find(tx, BOARD, first).revision

        before = await kept.read(revision)
        await kept.write(keep_channel, GUILD, 78, OddsFormat.AMERICAN)
        assert await kept.read(revision) == before, "the odds are as they were"
        await kept.write(keep_channel, GUILD, 78, OddsFormat.DECIMAL)
        assert await kept.read(revision) == before + 1
        assert "2.40 / 3.40 / 3.60" in (await kept.read(lines, first))[0]


async def test_a_result_marks_the_boards_of_all_guilds(clock, database):
    async with keeping(clock, database) as kept:
        await kept.tell(kept.fixture("a"))
        game = await kept.game()
        for guild_id in (GUILD, GUILD + 1):
            await kept.write(keep_channel, guild_id, 70 + guild_id)
            await kept.store.write(lambda tx, guild_id=guild_id: placed(tx, ADA, on(game), guild_id=guild_id))
        numbers = [number for number, _ in await kept.read(boards)]

        def revisions(tx):
            return [desired.find(tx, BOARD, number).revision for number in numbers]

        before = await kept.read(revisions)
        await kept.write(result_changed, game.id)
        assert await kept.read(revisions) == [one + 1 for one in before]


async def put_up(kept, *guilds):
    """Have guilds bet on every game that is known, and return the numbers of their boards."""
    games = await kept.games()

    def work(tx):
        for guild_id in guilds:
            keep_channel(tx, guild_id, 70 + guild_id)
            for game in games:
                placed(tx, ADA, on(game), guild_id=guild_id)
        follow_feeds(tx, ())

    await kept.store.write(work)
    return [number for number, _ in await kept.read(boards)]


async def marked(kept, numbers, since_ms=None):
    """Return which boards are marked once it is looked what feeds and the clock have changed, and how often."""

    def work(tx):
        before = [desired.find(tx, BOARD, number).revision for number in numbers]
        follow_feeds(tx, changed_boards(tx, kept.now if since_ms is None else since_ms))
        return [desired.find(tx, BOARD, number).revision - one for number, one in zip(numbers, before, strict=True)]

    return await kept.store.write(work)


def prices(*odds, **more):
    return (one_x_two(*odds, **more),)


async def test_odds_that_move_mark_the_boards_of_their_day_once_in_all_guilds(clock, database):
    async with keeping(clock, database) as kept:
        first = [kept.fixture(ref, ref, f"{ref} II", markets=prices("2.40", "3.40", "3.60")) for ref in ("a", "b")]
        later = kept.fixture("c", "Leeds", "Burnley", 3 * DAY, markets=prices("2.00", "3.40", "3.60"))
        await kept.tell(*first, later)
        numbers = await put_up(kept, GUILD, GUILD + 1)
        assert await marked(kept, numbers) == [0, 0, 0, 0]
        await kept.tell(*first, later)
        assert await marked(kept, numbers) == [0, 0, 0, 0]
        moved = [replace(one, markets=prices("2.30", "3.40", "3.80")) for one in first]
        for _ in range(2):  # two answers, of two games each
            await kept.tell(*moved, later)
        assert await marked(kept, numbers) == [1, 0, 1, 0]
        assert await marked(kept, numbers) == [0, 0, 0, 0]
        total = PricedMarket(
            "total", (FeedPrice("over", read_odds("1.90"), 10), FeedPrice("under", read_odds("1.90"), 10))
        )
        await kept.tell(*(replace(one, markets=(*one.markets, total)) for one in moved), later)
        assert await marked(kept, numbers) == [0, 0, 0, 0]  # a board has no totals
        await kept.tell(*moved, replace(later, markets=None), prices=True)
        assert await marked(kept, numbers) == [0, 1, 0, 1]
        assert (await kept.read(lines, numbers[1]))[0].endswith("**Leeds v Burnley** · 1 bet")


async def test_a_game_that_is_moved_to_another_day_or_put_off_or_new_marks_both_days(clock, database):
    async with keeping(clock, database) as kept:
        told, later = kept.fixture("a"), kept.fixture("b", "Leeds", "Burnley", 3 * DAY)
        await kept.tell(told, later)
        numbers = await put_up(kept, GUILD)
        await kept.tell(replace(told, starts_ms=later.starts_ms), later)
        assert await marked(kept, numbers) == [1, 1]
        assert (await kept.read(lines, numbers[0])) == ["No games that day any more."]
        await kept.tell(replace(told, starts_ms=later.starts_ms, status="PST"), later)
        assert await marked(kept, numbers) == [0, 1]
        await kept.tell(
            replace(told, starts_ms=later.starts_ms, status="PST"), later, kept.fixture("c", "Fulham", "Hull")
        )
        assert await marked(kept, numbers) == [1, 0]


async def test_a_board_hides_odds_once_the_game_begins_or_they_are_too_old_or_cannot_be_right(clock, database):
    async with keeping(clock, database) as kept:
        told = kept.fixture("a", markets=prices("2.40", "3.40", "3.60"))
        await kept.tell(told)
        (number,) = await put_up(kept, GUILD)

        async def odds():
            return (await kept.read(lines, number))[0].rpartition("**")[2]

        async def passed(millis):
            """Let time pass, and return whether that marks the board."""
            kept.pass_by(millis)
            return await marked(kept, [number], kept.now - millis)

        assert await odds() == " · 2.40 / 3.40 / 3.60 · 1 bet"
        assert (await passed(7 * HOUR), await odds()) == ([0], " · 2.40 / 3.40 / 3.60 · 1 bet")
        assert (await passed(2 * HOUR), await odds()) == ([1], " · 1 bet")  # half of the time that was left
        assert await passed(HOUR) == [0]
        await kept.tell(told, unchanged=True)
        assert (await marked(kept, [number]), await odds()) == ([1], " · 2.40 / 3.40 / 3.60 · 1 bet")
        await kept.tell(replace(told, markets=prices("9.00", "9.00", "9.00")))
        assert (await marked(kept, [number]), await odds()) == ([1], " · 1 bet")
        await kept.tell(told)
        await kept.tell(replace(told, markets=prices("2.40", "3.40", "3.60", is_disputed=True)))
        assert await odds() == " · 1 bet"
        await kept.tell(told)
        assert (await marked(kept, [number]), await odds()) == ([1], " · 2.40 / 3.40 / 3.60 · 1 bet")
        kept.pass_by(13 * HOUR + 50 * MINUTE)
        await kept.tell(told)
        assert await marked(kept, [number]) == [1]
        assert (await passed(5 * MINUTE), await odds()) == ([0], " · 2.40 / 3.40 / 3.60 · 1 bet")
        assert (await passed(5 * MINUTE), await odds()) == ([1], " · 1 bet")  # it has begun
        assert await passed(5 * MINUTE) == [0]


async def test_a_board_is_forgotten_sixty_days_after_its_day_and_never_put_up_again(clock, database):
    async with keeping(clock, database) as kept:
        await kept.tell(kept.fixture("a"), kept.fixture("b", "Leeds", "Burnley", 3 * DAY))
        await kept.write(keep_channel, GUILD, 77)
        first, second = sorted(await kept.games(), key=lambda game: game.starts_ms)
        bets = await kept.store.write(lambda tx: [placed(tx, ADA, on(game)) for game in (first, second)])
        (gone, _), left = await kept.read(boards)
        for days, shown in ((60, [(gone, GUILD), left]), (2, [left])):
            kept.pass_by(days * DAY)
            await old_boards().prune(kept.store, kept.clock.now())
            assert await kept.read(boards) == shown
        assert await kept.read(desired.find, BOARD, gone) is None
        assert await kept.read(desired.find, BOARD, left[0]) is not None
        await kept.write(cancel, GUILD, ADA, bets[0].id)  # as late as that
        await kept.write(result_changed, first.id)
        assert await kept.read(boards) == [left]
