"""Every table that knows members is shown, exported and forgotten, also one that is made later."""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from zoneinfo import ZoneInfo

from steward.bots.bets.privacy.personal import BETS_DATA
from steward.bots.events.model.details import Details
from steward.bots.events.privacy.personal import EVENTS_DATA
from steward.bots.installed import MIGRATIONS
from steward.bots.music.privacy.personal import MUSIC_DATA
from steward.bots.stats.privacy.personal import STATS_DATA
from steward.guilds.guilds import GUILD_DATA
from steward.guilds.settings_book import SettingsBook
from steward.guilds.zones.zones import ZONE_DATA, MemberZones
from steward.store import open_store
from steward.store.outbox import outbox
from steward.store.queries.cache import QueryCache
from tests.databases import table_names
from tests.stage import EVERY_BOT, admin, download, stage

NOT_OF_MEMBERS = {
    "guild_id", "channel_id", "instead_channel_id", "message_id", "role_id", "event_id", "occurrence_id", "poll_id",
    "discord_id", "account_id", "transaction_id",
}  # fmt: skip
KINDS = {"bet_accounts": "wallet", "bet_limits": "stake", "bet_reviews": "dispute"}
PERIODS = {"bet_limits": "day"}
STATES = {"outbox": "sent", "event_polls": "closed", "event_occurrences": "over", "job_occurrences": "done"}
MODES = {"bet_bets": "units"}
STATUSES = {"bet_markets": "settled"}
OWN_IDS = {
    "event_polls",
    "bet_markets",
    "bet_market_stakes",
    "bet_manual_slips",
}  # elsewhere the database numbers the rows
ONE_A_GUILD = {"event_reports"}
EVERYWHERE = {"member_zones", "music_members", "music_sharing"}  # of a user, forgotten in whichever server they ask
KNOWN_EVERYWHERE = {"time_zone", "music_member"}
NOW = 1_767_571_200_000


def columns(tx):
    return {table: [tuple(row) for row in tx.all(f"PRAGMA table_info({table})")] for table in table_names(tx)}


def of_members(tx):
    """Return each column that holds a member's id, by its name: `…_id` or `…_by`, unless it is of something else."""
    return {
        f"{table}.{name}"
        for table, found in columns(tx).items()
        for _, name, *_ in found
        if name.endswith(("_id", "_by")) and name not in NOT_OF_MEMBERS
    }


@dataclass
class Filler:
    """Puts rows into any table: ids of what is around it as given, everything else made up."""

    guild: int
    parent: int
    count: int = 0

    def row(self, tx, table, **given):
        made = {}
        for _, name, kind, notnull, default, _ in columns(tx)[table]:
            self.count += 1
            known = {
                "guild_id": self.guild,
                "event_id": self.parent,
                "occurrence_id": self.parent,
                "poll_id": self.parent,
                "state": STATES.get(table),
                "status": STATUSES.get(table),
                "details": DETAILS,
                "settings": '{"zone": "UTC"}',
                "message_key": f"event:{self.parent}:{self.count}",
                "payload": '{"content": "hello"}',
                "told": '{"user_id": 1, "what": "it", "remedy": "so"}',
                "zone": "UTC",
                "kind": KINDS.get(table, "join"),
                "mode": MODES.get(table),
                "period": PERIODS.get(table),
                "level": 2,
                "at": NOW + self.count,
            }
            if name in given or known.get(name) is not None:
                made[name] = given.get(name, known.get(name))
            elif notnull and default is None and not (name == "id" and table not in OWN_IDS):
                made[name] = (
                    f"x{self.parent}.{self.count}"
                    if "CHAR" in kind or "TEXT" in kind
                    else 1000 * self.parent + self.count
                )
        names = ", ".join(made)
        tx.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(made))})", tuple(made.values()))


DETAILS = Details("Raid night").encoded()


def surroundings(tx, filler, organiser):
    """Make the event, its time and the poll that rows about members belong to."""
    filler.row(tx, "events", id=filler.parent, organiser_id=organiser, ended_at=NOW)
    filler.row(tx, "event_occurrences", id=filler.parent)
    filler.row(tx, "event_polls", id=filler.parent, organiser_id=organiser)


async def test_each_column_with_members_ids_is_declared_by_a_bot(clock, tmp_path):
    """Whoever adds a table says what is shown of it: in `STATS_DATA` and the like, or that of a bot of its own."""
    async with stage(clock, tmp_path, **EVERY_BOT) as scene, scene.steward() as steward:
        declared = set().union(*(data.holds for data in steward.privacy.data))
        assert declared == await steward.store.read(of_members)


async def test_what_any_table_holds_of_a_member_is_counted_exported_and_forgotten(clock, tmp_path):
    async with stage(clock, tmp_path, **EVERY_BOT) as scene, scene.steward() as steward:
        await admin(scene, steward)
        ada, ben = scene.guild.join("ada"), scene.guild.join("ben")
        here, elsewhere = Filler(scene.guild.id, 901), Filler(77, 902)
        for filler in (here, elsewhere):
            await steward.store.write(partial(surroundings, filler=filler, organiser=5))
        privacy = steward.privacy

        async def records(guild_id, user_id):
            return {found.data.name: len(found.records) for found in await privacy.about(guild_id, user_id)}

        for data in privacy.data:
            for column in sorted(data.holds):
                table, name = column.split(".")
                for filler, member in ((here, ada), (elsewhere, ada), (here, ben)):
                    if (table in ONE_A_GUILD and member is ben) or (table in EVERYWHERE and filler is elsewhere):
                        continue
                    before = (await records(filler.guild, member.id)).get(data.name, 0)
                    await steward.store.write(partial(filler.row, table=table, **{name: member.id}))
                    assert (await records(filler.guild, member.id)).get(data.name, 0) == before + 1, column

        holding = {data.name for data in privacy.data if data.holds}
        reply = await ada.run("/privacy export")
        (attachment,) = reply.message.attachments
        exported = json.loads(await download(attachment["url"]))
        assert holding <= {name for bot in exported["data"].values() for name in bot}
        elsewhere_kept = {
            name: number for name, number in (await records(77, ada.id)).items() if name not in KNOWN_EVERYWHERE
        }
        others = (elsewhere_kept, await records(scene.guild.id, ben.id))

        shown = await pages_of(ada)
        for found in await privacy.about(scene.guild.id, ada.id):
            assert found.data.stays or found.data.say(found.records) in shown

        question = await ada.run("/privacy forget-me")
        assert (await ada.click(question, "Cancel")).content == "Okay, I've deleted nothing."
        assert (await records(scene.guild.id, ada.id)).keys() >= holding
        done = await ada.click(await ada.run("/privacy forget-me"), "Delete")
        assert "I've deleted what I stored about you" in done.content
        await asyncio.sleep(120)
        left = {found.data.name for found in await privacy.about(scene.guild.id, ada.id)}
        assert left == {data.name for data in privacy.data if data.stays and data.holds}
        assert "I've stored nothing about you in this server." in (await ada.run("/privacy show")).content
        assert (await records(77, ada.id), await records(scene.guild.id, ben.id)) == others


async def pages_of(member):
    """Return all pages of what is kept about a member, as one text."""
    page = await member.run("/privacy show")
    pages = [page.content]
    with suppress(LookupError):  # the button is disabled on the last one
        while True:
            page = await member.click(page, "Later")
            pages.append(page.content)
    assert len(pages) > 1
    assert all("__" in one and len(one) <= 2000 for one in pages)
    return "\n".join(pages)


async def test_each_engine_reads_what_is_declared(clock, database):
    async with open_store(database, clock, migrations=MIGRATIONS) as store:
        data = (*ZONE_DATA, *GUILD_DATA, *STATS_DATA, *EVENTS_DATA, *BETS_DATA, *MUSIC_DATA)
        assert not await store.read(lambda tx: [row for one in data for row in one.read(tx, 1, 2)])
        await SettingsBook(store, zone="UTC").change(1, 2, lambda kept: kept)
        await store.write(lambda tx: outbox.put_direct(tx, key="answer:1:5", user_id=2, payload={"content": "hello"}))
        await MemberZones(store, QueryCache(store, monotonic=clock.monotonic)).set(2, ZoneInfo("Europe/Berlin"))
        found = await store.read(
            lambda tx: {one.name: one.say(one.read(tx, 1, 2)) for one in data if one.read(tx, 1, 2)}
        )
        assert found == {
            "time_zone": "your time zone, Europe/Berlin, from `/timezone set`",
            "changes_of_settings": "1 change of this server's settings that you made",
            "direct_messages": "1 direct message to you, sent lately or waiting",
        }
