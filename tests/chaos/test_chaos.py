"""A bounded run of `make chaos`, and that its checker finds what is wrong in a database (docs/reliability.md)."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from contextlib import closing

import pytest

from tests.chaos.__main__ import main
from tests.chaos.attacks.attack import Calm
from tests.chaos.checker import BEHIND, DOUBLED, LOST, OVERSOLD, breaches, look
from tests.chaos.databases import SqliteFile
from tests.chaos.report import table
from tests.chaos.rounds import Round

pytestmark = [pytest.mark.real_time, pytest.mark.timeout(300)]


async def test_killed_locked_out_and_without_answers_it_has_all_that_members_were_told(tmp_path):
    """Three bots at once, each a process of its own with its own Discord."""
    rounds = []
    for seed, attack in enumerate(("sigkill", "locked", "lost-answers")):
        (tmp_path / attack).mkdir()
        rounds.append(Round(seed, attack, tmp_path / attack, longest=3.0))
    results = await asyncio.gather(*(one.play() for one in rounds))
    assert [(result.attack, result.broken) for result in results if result.broken] == []
    assert sum(result.told for result in results) > 30
    assert "| **all** | 3 |" in table([result.data() for result in results])


TAMPERED = {
    "an answer that was acknowledged is missing": (
        "DELETE FROM event_answers WHERE user_id = {user} AND occurrence_id = {occurrence}",
        LOST,
    ),
    "an older answer has won": (
        "UPDATE event_answers SET option_key = 'maybe' WHERE user_id = {user} AND occurrence_id = {occurrence}",
        LOST,
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
    "more sit than there are seats": (
        (
            "INSERT INTO event_answers (occurrence_id, user_id, name, option_key, arrival, seated, answered_at, "
            "answered_by) SELECT o.id, 1000 + j.id, 'x', 'yes', 99, 1, 0, 0 FROM event_occurrences o, member_events j"
        ),
        OVERSOLD,
    ),
    "a join is missing": ("DELETE FROM member_events WHERE id = (SELECT MIN(id) FROM member_events)", BEHIND),
    "a join is there twice": (
        (
            "INSERT INTO member_events (guild_id, kind, user_id, name, at, origin) "
            "SELECT guild_id, kind, user_id, name, at, 'again' FROM member_events LIMIT 1"
        ),
        DOUBLED,
    ),
    "messages are counted twice": ("UPDATE stats_channels SET messages = 2 * messages + 1", DOUBLED),
    "a saved time zone is gone": ("DELETE FROM member_zones", LOST),
    "what /setup saved is gone": ("DELETE FROM stats_settings", LOST),
    "a post that is said to be sent is nowhere": ("UPDATE outbox SET message_id = 1", LOST),
    "a message waits for ever": ("UPDATE outbox SET state = 'waiting', message_id = NULL", BEHIND),
}


async def test_the_checker_finds_whatever_is_wrong_in_a_database(tmp_path):
    found = {}

    def tamper(scene):
        community, ledger = scene.community, scene.ledger
        answers = {key: wish for key, wish in ledger.answers.items() if wish.told and not wish.open}
        title, user = next(iter(answers))
        with closing(sqlite3.connect(scene.database.path)) as database:
            titles = "SELECT o.id, e.details FROM event_occurrences o JOIN events e ON e.id = o.event_id"
            occurrence = next(number for number, details in database.execute(titles) if f'"{title}"' in details)
        for name, (sql, _) in {"nothing": ("SELECT 1", ""), **TAMPERED}.items():
            folder = scene.folder / "tampered"
            folder.mkdir(exist_ok=True)
            copy = SqliteFile(folder)
            shutil.copy(scene.database.path, copy.path)
            with closing(sqlite3.connect(copy.path)) as database:
                database.execute(sql.format(user=user, occurrence=occurrence))
                database.commit()
            kept = look(copy, community.guild.id, community.second.id)
            found[name] = {breach.kind for breach in breaches(kept, ledger, community)}

    result = await Round(7, Calm, tmp_path, calm=3.0, rest=tamper).play()
    assert result.broken == []
    assert found.pop("nothing") == set()
    assert {name: kind for name, (_, kind) in TAMPERED.items() if kind not in found[name]} == {}


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
