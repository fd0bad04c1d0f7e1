"""The channels of boards follow what guilds choose, a hundred guilds at a time, and again where the database fails."""

import asyncio
from types import SimpleNamespace

import pytest

from steward.bots.bets.boards import board_channels
from steward.bots.bets.boards.board_channels import DayBoards
from steward.bots.bets.section import BetsSection
from steward.bots.installed import MIGRATIONS
from steward.store import open_store


class Told:
    """The settings of guilds, as far as somebody watches them."""

    def watch(self, tell):
        self.tell = tell


async def kept(store):
    return dict(
        await store.read(
            lambda tx: [tuple(row) for row in tx.all("SELECT guild_id, channel_id FROM bet_board_channels")]
        )
    )


async def test_channels_are_written_down_some_guilds_at_a_time_and_again_where_that_fails(clock, tmp_path, monkeypatch):
    monkeypatch.setattr(board_channels, "AT_ONCE", 2)
    async with open_store(f"sqlite:///{tmp_path}/db", clock, migrations=MIGRATIONS) as store:
        sizes, writes = [], store.write

        async def write(work):
            sizes.append(len(work.__defaults__[0]))
            if len(sizes) == 2:
                raise OSError("the disk is full")
            return await writes(work)

        told = Told()
        host = SimpleNamespace(store=store, clock=clock, client=SimpleNamespace(rest=None))
        boards = DayBoards(host, told)
        follow = dict(boards.work())["follow channels of bets"]
        for guild_id in range(1, 6):
            told.tell(guild_id, BetsSection(bets_channel_id=guild_id * 10))
        monkeypatch.setattr(store, "write", write)
        with pytest.raises(OSError, match="full"):
            await follow()
        assert await kept(store) == {1: 10, 2: 20}
        told.tell(2, BetsSection())
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(60):
                await follow()
        assert await kept(store) == {1: 10, 3: 30, 4: 40, 5: 50}
        assert max(sizes) == 2
