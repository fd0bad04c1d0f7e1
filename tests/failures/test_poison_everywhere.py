"""
One row that can't be read is planted under each part of the bot that works on rows; everything else goes on (F61).

Each background task stands in one of the two tables below: a new one that stands in none fails the test.
"""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing

import pytest

from steward.store import to_millis
from tests.scenarios.events.crowd import event, posted, posts
from tests.stage import EVERY_BOT, stage, until, until_midnight

ABSURD = 10**17
"""Milliseconds: the year 3,170,843."""
UNKNOWN = 987654321

JOB = (
    "INSERT INTO job_occurrences (job, occurrence, due_at, state) VALUES ('stats.retention', 'x', :absurd_past, 'due')"
)
MESSAGE = (
    "INSERT INTO outbox (message_key, channel_id, payload, state, created_at, retry_at)"
    " VALUES ('poison', :reports, '{', 'waiting', 0, 0)"
)
MEMBER_EVENT = (
    "INSERT INTO member_events (guild_id, kind, user_id, name, at, origin)"
    " VALUES (:guild, 'dance', 1, '', :now, 'a'), (:guild, 'join', 2, '', :absurd, 'b'),"
    " (:guild, 'join', 3, '', :absurd_past, 'c')"
)
MOMENT = (
    "INSERT INTO due (kind, number, name, guild_id, at, try_at)"
    " SELECT 'event_dance', id, '', guild_id, 0, 0 FROM event_occurrences"
    " UNION ALL SELECT 'event_post', id, 'x', guild_id, :absurd_past, :absurd_past FROM event_occurrences"
    " UNION ALL SELECT 'event_start', 0, 'x', :guild, 0, 0"
)
GAP = (
    "INSERT INTO stats_gaps (guild_id, began_at, ended_at, reason, net, filled)"
    " VALUES (:guild, :absurd, :absurd, 'outage', 0, 0), (:guild, :now, :now, 'dance', 0, 0)"
)
SETTINGS = "INSERT INTO guild_settings (guild_id, at, changed_by, settings) VALUES (5, 0, 0, '{')"
RENAME = "INSERT INTO channel_renames (channel_id, at) VALUES (:reports, :absurd), (:reports, :absurd_past)"
LOGIN = "INSERT INTO identifies (at) VALUES (:absurd)"
UNREADABLE_OCCURRENCE = "UPDATE event_occurrences SET details = '{' WHERE id = (SELECT MAX(id) FROM event_occurrences)"
MARKET = (
    "INSERT INTO due (kind, number, name, guild_id, at, try_at)"
    " VALUES ('bet_market', :unknown, '', :guild, :absurd_past, :absurd_past), ('bet_dance', 1, '', :guild, 0, 0)"
)
MARKET_POST = (
    "INSERT INTO desired (kind, number, name, guild_id, lane, revision, shown, dirty)"
    " VALUES ('bet_market', :unknown, '', :guild, :reports, 1, 0, 1)"
)
BOARD_POST = MARKET_POST.replace("bet_market", "bet_board")
DAY_BOARD = "INSERT INTO bet_boards (guild_id, league, day) SELECT :guild, id, 3000000 FROM bet_leagues"
CHANGED_DAY = "INSERT INTO bet_changed_days (league, day, at) VALUES (80, -5, :absurd), (99, 3000000, -5)"
PRICED = (
    "INSERT INTO bet_game_refs (provider, league, ref, game, swapped, starts_at, status, priced_at)"
    " VALUES ('csv', 80, 'x', 79, 0, :absurd, 'dance', :now - 5000000)"
)
SETTLEMENT = (
    "INSERT INTO due (kind, number, name, guild_id, at, try_at)"
    " VALUES ('bet_settle', 77, 'x', :guild, :absurd_past, :absurd_past), ('bet_review', 78, 'x', :guild, 0, 0),"
    " ('bet_void', :unknown, 'x', :guild, 0, 0)"
)
MUSIC = (
    "INSERT INTO due (kind, number, name, guild_id, at, try_at)"
    " VALUES ('music_import', :unknown, '', :guild, :absurd_past, :absurd_past), ('music_dance', 1, '', :guild, 0, 0)"
)
GRADING = "INSERT INTO bet_gradings (guild_id, game, number, body, at) VALUES (:guild, 77, 1, '{', :absurd)"
REVIEW = "INSERT INTO bet_reviews (guild_id, game, number, kind, opened_at) VALUES (:guild, 78, 1, 'dance', :absurd)"
LEG = (
    "INSERT INTO bet_legs (bet, number, game, market, period, selection, numerator, denominator, received, listed_at)"
    " SELECT id, 1, 79, 'dance', '', '', 0, 0, '', :absurd_past FROM bet_bets"
)
BET = (
    "INSERT INTO bet_bets (guild_id, place_key, mode, stake, returned, placed_at, changed_at)"
    " VALUES (:guild, 'x', 'units', 1, 1, :absurd, :absurd)"
)
GAME = (
    "INSERT INTO bet_games (id, league, home, away, number, listed_at, starts_at, status, stage_at)"
    " VALUES (79, 80, 81, 82, 1, 0, :absurd, 'dance', 0)"
)
LEAGUE = "INSERT INTO bet_leagues (id, league_key, sport, name, zone) VALUES (80, 'x', 'dance', '', 'Nowhere')"

POISON = {
    "write member events": (MEMBER_EVENT, LOGIN),
    "sum up events": (MEMBER_EVENT,),
    "fill gaps": (GAP,),
    "run jobs": (JOB,),
    "send messages": (MESSAGE,),
    "rename counters": (RENAME,),
    "beat": (SETTINGS,),
    "take censuses": (SETTINGS,),
    "announce goals": (SETTINGS,),
    "run events": (MOMENT,),
    "follow attendance": (UNREADABLE_OCCURRENCE,),
    "edit event posts": (UNREADABLE_OCCURRENCE,),
    "keep Discord's events in step": (UNREADABLE_OCCURRENCE,),
    "hear of Discord's events": (UNREADABLE_OCCURRENCE,),
    "give event roles": (UNREADABLE_OCCURRENCE,),
    "open event threads": (UNREADABLE_OCCURRENCE,),
    "edit event posts left behind": (UNREADABLE_OCCURRENCE,),
    "take out members who left": (UNREADABLE_OCCURRENCE,),
    "close and settle markets": (MARKET,),
    "edit markets": (MARKET_POST,),
    "edit boards of bets": (BOARD_POST,),
    "bring boards of bets up to date": (LEAGUE, GAME, DAY_BOARD, CHANGED_DAY, PRICED),
    "import music": (MUSIC,),
    "settle bets": (SETTLEMENT, GRADING, REVIEW, LEAGUE, GAME, BET, LEG),
}
ELSEWHERE = {
    "write activity": "tests/bots/stats/test_poison.py: it reads no rows",
    "edit polls": "tests/scenarios/events/test_isolation.py",
    "poll counts": "reads Discord's answers, writes by batched writers: tests/store/writing/test_skipper.py",
    "count bans": "reads Discord's answers",
    "count time in voice": "reads nothing",
    "turn presence": "reads nothing",
    "watch for silence": "reads nothing",
    "register commands": "reads nothing of anybody",
    "follow channels of bets": "reads nothing",
    "music services": "asks others, reads no rows",
    "measure": "reads nothing",
    "sweep": "reads nothing",
    "log measurements": "reads nothing",
    "sweep caches": "reads nothing",
    "watch the token": "writes one value of its own",
    "check who is in voice": "reads Discord's answers",
    "watch for raids": "reads payloads: test_payload_fuzz.py",
}


def plant(scene, names, clock):
    now = to_millis(clock.now())
    known = {"guild": scene.guild.id, "reports": scene.reports.id, "absurd": ABSURD, "absurd_past": -ABSURD, "now": now}
    known["unknown"] = UNKNOWN
    with closing(sqlite3.connect(scene.folder / "steward.sqlite3")) as database, database:
        for sql in dict.fromkeys(sql for name in names for sql in POISON[name]):
            database.execute(sql, known)


@pytest.mark.evening
async def test_f61_one_row_that_cannot_be_read_under_each_task_costs_itself_only(clock, tmp_path):
    async with stage(clock, tmp_path, **EVERY_BOT) as scene:
        hall = scene.guild.add_text_channel("hall")
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            await event(scene, steward, hall, title="Sound")
            await event(scene, steward, hall, title="Poisoned")
            await posted(hall, 2)
        plant(scene, POISON, clock)
        for start in (1, 2):
            async with scene.steward() as steward:
                await until(lambda: steward.health.ready, within=300)
                names = {state.name for state in steward.tasks.states}
                assert names == names & (POISON.keys() | ELSEWHERE.keys()), "a new task: plant something under it"
                ada = scene.guild.join(f"ada{start}")
                if start == 1:  # afterwards it is over
                    await ada.click(posts(hall)[0], "Yes")
                reports = len(scene.reports.messages)
                await asyncio.sleep(until_midnight(clock) + 600 if start == 1 else 300)
                assert not [(one.name, one.last_error) for one in steward.tasks.states if one.failures]
                assert len(scene.reports.messages) == reports + (start == 1)
                assert sum_of(tmp_path, "SELECT COUNT(*) FROM member_events WHERE user_id = ?", ada.id) == 1
                assert sum_of(tmp_path, "SELECT SUM(joins) FROM stats_series WHERE level = 2") == start
                if start > 1:
                    assert not steward.store.skipper.counts.keys() - {"settings"}, "it came back"


def sum_of(folder, sql, *values):
    with closing(sqlite3.connect(f"file:{folder}/steward.sqlite3?mode=ro", uri=True)) as database:
        return database.execute(sql, values).fetchone()[0]
