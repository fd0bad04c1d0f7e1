"""A bounded run of `make chaos`, and that its checker finds what is wrong in a database (docs/reliability.md)."""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
import time
from collections import Counter
from contextlib import closing
from random import Random
from types import SimpleNamespace

import pytest

from steward.runtime.clock import SystemClock
from steward.sim import Simulator
from steward.sim.interactions.reply import ShownReply
from tests.chaos.__main__ import main
from tests.chaos.attacks.attack import CALM_FOR, Calm
from tests.chaos.checker import (
    BEHIND,
    DOUBLED,
    LOST,
    OVERSOLD,
    WRONG,
    Kept,
    _gaps,
    _messages,
    _moves,
    breaches,
    look,
    never_given,
)
from tests.chaos.databases import SqliteFile
from tests.chaos.ledger import KINDS, SETUP, Absence, Ledger
from tests.chaos.line import EVERY, Line
from tests.chaos.report import table
from tests.chaos.rounds import Round
from tests.chaos.traffic import CANCELLED_TITLE, Community, title_of

pytestmark = [pytest.mark.real_time, pytest.mark.timeout(300)]


async def test_killed_locked_out_and_without_answers_it_has_all_that_members_were_told(tmp_path):
    """Three bots at once, each a process of its own with its own Discord."""
    rounds = []
    for seed, attack in ((11, "sigkill"), (1, "locked"), (2, "lost-answers")):
        (tmp_path / attack).mkdir()
        rounds.append(Round(seed, attack, tmp_path / attack, longest=3.0, calm=1.0, due=False))
    results = await asyncio.gather(*(one.play() for one in rounds))
    assert [(result.attack, result.broken) for result in results if result.broken] == []
    assert sum(result.told for result in results) > 30
    assert "| **all** | 3 |" in table([result.data() for result in results])


GUILD = 7
GAP = (
    "INSERT INTO stats_gaps (guild_id, began_at, ended_at, reason, net, filled) "
    "VALUES ({guild}, 0, 4102444800000, 'not connected', NULL, 1)"
)
TAMPERED_ROWS = {
    "an answer that was acknowledged is missing": (
        "DELETE FROM event_answers WHERE user_id = {user} AND occurrence_id = {occurrence}",
        LOST,
    ),
    "an older answer has won": (
        "UPDATE event_answers SET option_key = 'maybe' WHERE user_id = {user} AND occurrence_id = {occurrence}",
        LOST,
    ),
    "whoever was told of the waitlist is on none": (
        "DELETE FROM event_answers WHERE user_id = {waiting} AND occurrence_id = {full}",
        LOST,
    ),
    "a seat is empty while somebody waits": (
        (
            "UPDATE event_answers SET seated = 0 WHERE occurrence_id = {full} AND user_id = "
            "(SELECT MIN(user_id) FROM event_answers WHERE occurrence_id = {full} AND seated = 1 "
            "AND option_key != 'no')"
        ),
        WRONG,
    ),
    "an event is there twice": (
        (
            "INSERT INTO event_occurrences (event_id, guild_id, original_wall, starts_at, ends_at, state, channel_id) "
            "SELECT event_id, guild_id, 'again', starts_at, ends_at, 'planned', channel_id FROM event_occurrences "
            "WHERE id = {occurrence}"
        ),
        DOUBLED,
    ),
    "an event is gone": ("DELETE FROM event_occurrences WHERE id = {occurrence}", LOST),
    "a cancelled event takes place": ("UPDATE event_occurrences SET state = 'posted' WHERE state = 'cancelled'", LOST),
    "an event is kept as not posted": ("UPDATE event_occurrences SET state = 'planned' WHERE id = {full}", BEHIND),
    "more sit than there are seats": (
        (
            "INSERT INTO event_answers (occurrence_id, user_id, name, option_key, arrival, seated, answered_at, "
            "answered_by) SELECT o.id, 1000 + j.id, 'x', 'yes', 99, 1, 0, 0 FROM event_occurrences o, member_events j"
        ),
        OVERSOLD,
    ),
    "a join is missing": ("DELETE FROM member_events WHERE id = {join}", BEHIND),
    "a join is missing, and a gap is marked over all": (GAP + "; DELETE FROM member_events WHERE id = {join}", BEHIND),
    "a gap is marked in which nothing was cut off": (GAP, WRONG),
    "a join is there twice": (
        (
            "INSERT INTO member_events (guild_id, kind, user_id, name, at, origin) "
            "SELECT guild_id, kind, user_id, name, at, 'again' FROM member_events LIMIT 1"
        ),
        DOUBLED,
    ),
    "messages are counted twice": ("UPDATE stats_channels SET messages = 2 * messages + 1", DOUBLED),
    "a message is lost, and another is counted twice": (
        (
            "UPDATE stats_members SET messages = 0 WHERE user_id = {writers[0]}; "
            "UPDATE stats_members SET messages = 2 WHERE user_id = {writers[1]}"
        ),
        BEHIND,
    ),
    "a message is counted twice, and another is lost": (
        (
            "UPDATE stats_members SET messages = 0 WHERE user_id = {writers[0]}; "
            "UPDATE stats_members SET messages = 2 WHERE user_id = {writers[1]}"
        ),
        DOUBLED,
    ),
    "a message is missing from its room": (
        "UPDATE stats_channels SET messages = messages - 1 WHERE messages > 0",
        WRONG,
    ),
    "a saved time zone is gone": ("DELETE FROM member_zones", LOST),
    "what /setup saved is gone": ("DELETE FROM guild_settings", LOST),
    "a post that is said to be sent is nowhere": ("UPDATE outbox SET message_id = 1", LOST),
    "a message waits for ever": ("UPDATE outbox SET state = 'waiting', message_id = NULL", BEHIND),
}


class CalmUntilSeatsAreTaken(Calm):
    """
    Calm until somebody has a seat and somebody waits for one, in events that stay; then members begin nothing more.

    What they were told last is then what is kept: they might answer anew otherwise, or the event be cancelled. Events
    to come have one seat each, for by chance none of the others may ever be full.
    """

    async def strike(self, scene):
        scene.community.seats = (1,)
        await super().strike(scene)
        async with asyncio.timeout(CALM_FOR):
            while not (holding(scene, seated=True) and holding(scene, seated=False)):
                await asyncio.sleep(0.1)
        scene.community.rest()


def holding(scene, *, seated):
    """Return event and member of each who was last told that they have a seat, or wait for one, of an open event."""
    ledger = scene.ledger
    return [
        (title, user)
        for (title, user), wish in ledger.answers.items()
        if wish.seated is seated
        and not wish.open
        and is_open(scene, title)
        and not ledger.events[title].cancelled.asked
    ]


@pytest.fixture(scope="module")
def calm_round(tmp_path_factory):
    """A round in which nothing goes wrong; its result, and what the tests below found while its parts were there."""
    found = {}

    def tamper(scene):
        found["rows"] = {name: kinds(scene, sql) for name, sql in {"nothing": "SELECT 1", **sqls()}.items()}
        found["shown"] = dict(shown_wrongly(scene))
        found["absences"] = scene.ledger.absences

    folder = tmp_path_factory.mktemp("calm")
    result = asyncio.run(Round(7, CalmUntilSeatsAreTaken, folder, calm=1.0, due=False, rest=tamper).play())
    return result, found


def sqls():
    return {name: sql for name, (sql, _) in TAMPERED_ROWS.items()}


def kinds(scene, sql):
    """Return the kinds of breaches that the checker finds in a copy of the database that was changed."""
    community, ledger = scene.community, scene.ledger
    title, user = next(key for key, wish in ledger.answers.items() if wish.told and not wish.open)
    full, waiting = holding(scene, seated=False)[0]
    folder = scene.folder / "tampered"
    folder.mkdir(exist_ok=True)
    copy = SqliteFile(folder)
    shutil.copy(scene.database.path, copy.path)
    with closing(sqlite3.connect(copy.path)) as database:
        rows = database.execute("SELECT o.id, e.details FROM event_occurrences o JOIN events e ON e.id = o.event_id")
        numbers = {json.loads(details)["title"]: number for number, details in rows}
        (join,) = database.execute("SELECT MIN(id) FROM member_events WHERE kind = 'join'").fetchone()
        database.executescript(
            sql.format(
                user=user,
                occurrence=numbers[title],
                waiting=waiting,
                full=numbers[full],
                join=join,
                guild=community.guild.id,
                writers=list(ledger.messages),
            )
        )
        database.commit()
    kept = look(copy, community.guild.id, community.second.id)
    return {breach.kind for breach in breaches(kept, ledger, community)}


def is_open(scene, title):
    return title in {title_of(post) for post in scene.community.posts()}


def shown_wrongly(scene):
    """Yield what the checker says when Discord shows something else than it should, or not what is due."""
    community, ledger = scene.community, scene.ledger
    kept = look(scene.database, community.guild.id, community.second.id)

    def said(reports_due=None):
        return " ".join(breach.sentence for breach in breaches(kept, ledger, community, reports_due))

    post = community.posts()[0]
    fields = post.embeds[0]["fields"]
    heading = next(one for one in fields if "Yes" in one["name"])
    right, heading["name"] = heading["name"], "Yes (99)"
    yield "the heading of a post is wrong", said()
    heading["name"] = right
    embeds, post.embeds = post.embeds, []
    yield "a post is gone", said()
    post.embeds = embeds
    headed = next(one for one in community.hall.messages if one.embeds and CANCELLED_TITLE in one.embeds[0]["title"])
    right = headed.embeds[0]["title"]
    headed.embeds[0]["title"] = right.removeprefix(CANCELLED_TITLE)
    yield "the post of a cancelled event does not say so", said()
    headed.embeds[0]["title"] = right
    yield "a report is due", said(reports_due=time.time() - 1)
    title, _ = holding(scene, seated=True)[0]
    ledger.events[title].starts_at = time.time() - 1
    yield "a reminder is due", said()
    ledger.events[title].starts_at = None
    yield "nothing", said()


def test_a_round_in_which_nothing_goes_wrong_has_promises_of_each_kind_and_breaks_none(calm_round):
    result, found = calm_round
    assert result.broken == []
    assert set(result.kinds) == set(KINDS)
    assert found["absences"] == []
    assert found["rows"]["nothing"] == set()
    assert found["shown"]["nothing"] == ""


@pytest.mark.parametrize("name", TAMPERED_ROWS)
def test_the_checker_finds_whatever_is_wrong_in_a_database(calm_round, name):
    _, found = calm_round
    assert TAMPERED_ROWS[name][1] in found["rows"][name]


def test_the_checker_finds_whatever_discord_shows_wrongly_or_not_at_all(calm_round):
    said = calm_round[1]["shown"]
    assert "shows 'Yes (99)'" in said["the heading of a post is wrong"]
    assert "and has no post" in said["a post is gone"]
    assert "is cancelled, its post is headed" in said["the post of a cancelled event does not say so"]
    assert "the daily report was due, and is not there" in said["a report is due"]
    assert "was not reminded of" in said["a reminder is due"]


def test_only_what_happened_while_it_was_cut_off_and_in_a_gap_that_is_marked_may_be_missing():
    ledger = Ledger()
    ledger.moves["join"] = {1: 95.0, 2: 103.0, 3: 108.0}
    ledger.messages = {4: 60.0, 5: 103.0}
    ledger.absences = [Absence(100.0, 110.0)]
    kept = Kept({}, [], {}, None, Counter(), [Absence(99.0, 105.0, GUILD)], 0, Counter(), [], [])
    said = [breach.sentence for breach in (*_gaps(kept, ledger), *_moves(kept, ledger, GUILD))]
    assert said == [
        "the join of 1 at 95.0 is not kept: it happened while it was not cut off",
        "the join of 3 at 108.0 is not kept: it happened while it was cut off, and in no gap that is marked",
    ]
    assert [breach.sentence for breach in _messages(kept, ledger, GUILD)] == ["the message of 4 at 60.0 is not counted"]
    ledger.kills = [62.0]
    assert list(_messages(kept, ledger, GUILD)) == []


async def test_a_member_who_is_told_a_path_in_an_embed_of_a_follow_up_is_noticed():
    class Shown(ShownReply):
        followups = (SimpleNamespace(content="", embeds=[{"description": "see /srv/bot/console.log"}], components=[]),)
        message = modal = error = None

        def __init__(self):
            self.interaction = SimpleNamespace(callback=4)

    async def act():
        return Shown()

    ledger = Ledger(places=("/srv/bot",))
    async with Simulator(clock=SystemClock()) as sim:
        await Community(sim, ledger, Random(1))._heard(act())
    assert len(ledger.leaks) == 1


def test_what_was_broken_ends_the_run_with_1_and_is_said_with_how_to_play_the_round_again(
    tmp_path, monkeypatch, capsys
):
    async def play(self):
        self.result.broken.append((LOST, "member 1 was told 'yes' of Raid 1, kept is None"))
        return self.result

    monkeypatch.setattr(Round, "play", play)
    words = ["--rounds", "2", "--seed", "3", "--attack", "sigterm", "--longest", "1", "--json"]
    assert main([*words, str(tmp_path / "rounds")]) == 1
    said = capsys.readouterr().out
    assert "BROKEN lost: member 1 was told 'yes' of Raid 1, kept is None" in said
    assert '"--rounds 1 --seed 4 --attack sigterm --longest 1"' in said
    assert main(["--table", str(tmp_path / "rounds")]) == 0
    assert "| `sigterm` | 2 | 0 | 2 | 0 |" in capsys.readouterr().out


def test_where_nothing_goes_wrong_each_kind_of_promise_must_have_been_given():
    ledger = Ledger(told=Counter(dict.fromkeys(KINDS, 1)))
    assert never_given(ledger) == []
    del ledger.told[SETUP]
    assert [breach.sentence for breach in never_given(ledger)] == [
        "nothing went wrong, and nobody was ever told of a setup"
    ]


async def test_the_ledger_notes_each_cut_of_the_line_and_each_change_of_the_connection():
    ledger = Ledger()
    sim = SimpleNamespace(sessions=[SimpleNamespace(connection=object())])
    bot = SimpleNamespace(pid=1)
    watch = asyncio.create_task(Line(sim, bot, ledger).watch())
    await turns()
    assert ledger.absences == []
    bot.pid = None
    await turns()
    bot.pid = 2
    await turns()
    assert len(ledger.absences) == 1
    sim.sessions[0].connection = object()
    await turns()
    assert len(ledger.absences) == 2
    watch.cancel()


async def turns():
    await asyncio.sleep(EVERY * 5)
