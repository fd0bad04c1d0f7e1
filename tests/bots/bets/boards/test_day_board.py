"""What a board of a day shows, on each engine."""

from steward.bots.bets.boards.board_channels import keep_channel
from steward.bots.bets.boards.board_retention import old_boards
from steward.bots.bets.boards.day_board import bets_changed, board, result_changed
from steward.bots.bets.kinds import BOARD
from steward.bots.bets.placing.bets import cancel
from steward.store.desired import desired
from tests.bots.bets.boards.bets import ADA, GUILD, on, placed
from tests.bots.bets.fixtures.kept import DAY, HOUR, keeping, one_x_two


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
