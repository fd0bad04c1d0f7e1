"""What is in the database and in Discord, held against the ledger."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from steward.sim import Simulator
from steward.sim.channels.channel import Channel
from steward.sim.channels.message import Message
from tests.chaos.databases import Database
from tests.chaos.ledger import COMING, Absence, EventSheet, Ledger
from tests.chaos.traffic import CANCELLED_TITLE, ENDED_TITLE, Community, title_of

FLUSHED_WITHIN = 7.0  # seconds: counts of messages are written five after they were taken; a busy machine is late
SLACK = 1.5  # seconds between what the ledger and the bot call the same moment
GAP_SLACK = 4.0  # seconds by which a gap that the bot marks may reach beyond the time in which it was cut off
HOURS, DAYS = 1, 2  # levels of a series
LOST, DOUBLED, OVERSOLD, WRONG, BEHIND = "lost", "doubled", "oversold", "wrong", "behind"


@dataclass(frozen=True, slots=True)
class Breach:
    """
    One promise that was not kept.

    Attributes:
        kind: LOST: acknowledged and not kept. DOUBLED: there twice. OVERSOLD: more seats than there are.
            WRONG: anything else that is not so. BEHIND: not done yet; it may come.

    """

    kind: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Answer:
    option: str
    seated: bool


@dataclass(frozen=True, slots=True)
class Occurrence:
    title: str
    state: str


@dataclass(frozen=True, slots=True)
class Kept:
    """
    What one look into the database has found; ids are Discord's, times seconds since 1970.

    Attributes:
        gaps: by guild.
        messages: of the first server, counted by room; `writers`: counted by member.

    """

    answers: dict[tuple[str, int], Answer]
    occurrences: list[Occurrence]
    zones: dict[int, str]
    setup: str | None
    moves: Counter[tuple[str, int]]
    gaps: list[Absence]
    messages: int
    writers: Counter[int]
    outbox: list[tuple[str, str, int | None]]
    damage: list[str]


def look(database: Database, guild_id: int, second_id: int) -> Kept:
    """Read all that is compared."""
    answers = database.rows(
        "SELECT COALESCE(o.details, e.details), a.user_id, a.option_key, a.seated FROM event_answers a "
        "JOIN event_occurrences o ON o.id = a.occurrence_id JOIN events e ON e.id = o.event_id"
    )
    occurrences = database.rows(
        "SELECT COALESCE(o.details, e.details), o.state FROM event_occurrences o JOIN events e ON e.id = o.event_id"
    )
    setup = database.rows(f"SELECT settings FROM guild_settings WHERE guild_id = {second_id} ORDER BY id DESC LIMIT 1")
    moves = database.rows(f"SELECT kind, user_id FROM member_events WHERE guild_id = {guild_id}")
    gaps = database.rows("SELECT began_at, ended_at, guild_id FROM stats_gaps")
    ((messages,),) = database.rows(
        f"SELECT COALESCE(SUM(messages), 0) FROM stats_channels WHERE guild_id = {guild_id} AND level = {HOURS}"
    )
    writers = database.rows(
        f"SELECT user_id, SUM(messages) FROM stats_members WHERE guild_id = {guild_id} AND level = {DAYS} "
        "GROUP BY user_id"
    )
    return Kept(
        {(_title(row[0]), _id(row[1])): Answer(str(row[2]), bool(row[3])) for row in answers},
        [Occurrence(_title(row[0]), str(row[1])) for row in occurrences],
        {_id(row[0]): str(row[1]) for row in database.rows("SELECT user_id, zone FROM member_zones")},
        json.loads(str(setup[0][0]))["zone"] if setup else None,
        Counter((str(kind), _id(user)) for kind, user in moves),
        [Absence(_id(began) / 1000, _id(ended) / 1000, _id(guild)) for began, ended, guild in gaps],
        _id(messages),
        Counter({_id(user): _id(count) for user, count in writers if _id(count)}),
        [(str(row[0]), str(row[1]), _maybe(row[2])) for row in _outbox(database)],
        database.damage(),
    )


def _outbox(database: Database) -> list[tuple[Any, ...]]:
    return database.rows("SELECT message_key, state, message_id FROM outbox")


def _title(details: Any) -> str:
    return str(json.loads(details)["title"])


def _id(cell: Any) -> int:
    return int(cell) if cell is not None else 0


def _maybe(cell: Any) -> int | None:
    return None if cell is None else int(cell)


def breaches(kept: Kept, ledger: Ledger, community: Community, reports_due: float | None = None) -> list[Breach]:
    """
    Return every promise that is not kept.

    Args:
        kept: what the database holds.
        ledger: what was promised, and what happened.
        community: what Discord shows.
        reports_due: when the daily report was due, if it was.

    """
    return [
        *(Breach(WRONG, f"the database is damaged: {damage}") for damage in kept.damage[:3]),
        *_answers(kept, ledger),
        *_seats(kept, ledger),
        *_events(kept, ledger, community.hall),
        *_settings(kept, ledger),
        *_gaps(kept, ledger),
        *_moves(kept, ledger, community.guild.id),
        *_messages(kept, ledger, community.guild.id),
        *_outbox_breaches(kept, community.sim),
        *_nonces(community),
        *_reports(community.reports, reports_due),
        *_reminders(ledger, community.hall),
        *_posts(kept, community),
    ]


def never_given(ledger: Ledger) -> list[Breach]:
    """Return a breach for each kind of promise that nobody was given: where nothing goes wrong there is one of each."""
    return [Breach(WRONG, f"nothing went wrong, and nobody was ever told of {kind}") for kind in ledger.never_told()]


def _answers(kept: Kept, ledger: Ledger) -> Iterator[Breach]:
    for (title, user), wish in ledger.answers.items():
        found = kept.answers.get((title, user))
        option = found.option if found is not None else None
        if not wish.allows(option):
            yield Breach(LOST, f"member {user} was told {wish.told!r} of {title}, kept is {option!r}")
        elif found is not None and option == wish.told and not wish.open and wish.seated and not found.seated:
            yield Breach(LOST, f"member {user} was told of a seat of {title}, and has none")
    for key in kept.answers.keys() - ledger.answers.keys():
        yield Breach(WRONG, f"nobody gave the answer that is kept of {key}")


def _seats(kept: Kept, ledger: Ledger) -> Iterator[Breach]:
    for occurrence in kept.occurrences:
        sheet = ledger.events.get(occurrence.title)
        if sheet is None or sheet.seats is None:
            continue
        coming = [
            answer
            for (title, _), answer in kept.answers.items()
            if title == occurrence.title and answer.option in COMING
        ]
        seated = sum(answer.seated for answer in coming)
        if seated > sheet.seats:
            yield Breach(OVERSOLD, f"{occurrence.title} has {sheet.seats} seats and {seated} who sit")
        elif seated < min(sheet.seats, len(coming)):
            yield Breach(WRONG, f"{occurrence.title} has {sheet.seats} seats, {seated} sit, {len(coming)} come")


def _events(kept: Kept, ledger: Ledger, hall: Channel) -> Iterator[Breach]:
    rows = Counter(occurrence.title for occurrence in kept.occurrences)
    posts = Counter(title_of(message) for message in hall.messages if message.embeds)
    cancelled = {occurrence.title for occurrence in kept.occurrences if occurrence.state == "cancelled"}
    for title in rows.keys() - ledger.events.keys():
        yield Breach(WRONG, f"{title} is kept, and nobody set it")
    for title, sheet in ledger.events.items():
        if sheet.made and not rows[title]:
            yield Breach(LOST, f"{title} was set, and is not kept")
        if sheet.made and rows[title] and not posts[title]:
            yield Breach(BEHIND, f"{title} is kept, and not posted")
        for what, count in (("kept", rows[title]), ("posted", posts[title])):
            if count > 1:
                yield Breach(DOUBLED, f"{title} is {what} {count} times")
        if not sheet.cancelled.allows("cancelled" if title in cancelled else None):
            yield Breach(LOST, f"{title} was {sheet.cancelled.told or 'never'} cancelled, kept is the contrary")


def _settings(kept: Kept, ledger: Ledger) -> Iterator[Breach]:
    for user, wish in ledger.zones.items():
        if not wish.allows(kept.zones.get(user)):
            yield Breach(LOST, f"member {user} set the zone {wish.told}, kept is {kept.zones.get(user)}")
    if not ledger.setup.allows(kept.setup):
        yield Breach(LOST, f"/setup saved the zone {ledger.setup.told}, kept is {kept.setup}")


def _covered(at: float, times: Iterable[Absence], guild_id: int, slack: float = SLACK) -> bool:
    return any(one.began - slack <= at <= one.ended + slack and one.guild_id in (None, guild_id) for one in times)


def _gaps(kept: Kept, ledger: Ledger) -> Iterator[Breach]:
    """Each gap that the bot marks must lie in a time in which it was cut off."""
    for gap in kept.gaps:
        if not any(
            absence.guild_id in (None, gap.guild_id)
            and absence.began - GAP_SLACK <= gap.began <= gap.ended <= absence.ended + GAP_SLACK
            for absence in ledger.absences
        ):
            yield Breach(
                WRONG,
                f"a gap of {gap.ended - gap.began:.1f} s is marked from {gap.began:.1f} on: it was not cut off then",
            )


def _moves(kept: Kept, ledger: Ledger, guild_id: int) -> Iterator[Breach]:
    for kind, moves in ledger.moves.items():
        for user, at in moves.items():
            count = kept.moves[kind, user]
            if count > 1:
                yield Breach(DOUBLED, f"the {kind} of {user} is kept {count} times")
            cut_off = _covered(at, ledger.absences, guild_id)
            if count == 0 and not (cut_off and _covered(at, kept.gaps, guild_id)):
                where = "while it was cut off, and in no gap that is marked" if cut_off else "while it was not cut off"
                yield Breach(BEHIND, f"the {kind} of {user} at {at:.1f} is not kept: it happened {where}")
    known = {(kind, user) for kind, moves in ledger.moves.items() for user in moves}
    for kind, user in kept.moves.keys() - known:
        if user not in ledger.strangers:
            yield Breach(WRONG, f"{kind} of {user} is kept, and did not happen")


def _messages(kept: Kept, ledger: Ledger, guild_id: int) -> Iterator[Breach]:
    """Each is held against the ledger for itself: nobody writes twice."""
    lost_by_kills = list(_untold(ledger))
    for user, at in ledger.messages.items():
        count = kept.writers[user]
        if count > 1:
            yield Breach(DOUBLED, f"the message of {user} is counted {count} times")
        excused = _covered(at, lost_by_kills, guild_id) or (
            _covered(at, ledger.absences, guild_id) and _covered(at, kept.gaps, guild_id)
        )
        if count == 0 and not excused:
            yield Breach(BEHIND, f"the message of {user} at {at:.1f} is not counted")
    for user in kept.writers.keys() - ledger.messages.keys() - ledger.strangers:
        yield Breach(WRONG, f"a message of {user} is counted, who wrote none")
    by_member = sum(kept.writers.values())
    if kept.messages != by_member:
        kind = DOUBLED if kept.messages > len(ledger.messages) else WRONG
        yield Breach(kind, f"{kept.messages} messages are counted by room, {by_member} by member")


def _untold(ledger: Ledger) -> Iterator[Absence]:
    """Yield the times whose messages a kill may have taken along: not written yet, or only just heard."""
    for kill in ledger.kills:
        began = kill - FLUSHED_WITHIN
        heard_late = [one.began for one in ledger.absences if one.began <= kill and one.ended >= began]
        yield Absence(min([began, *heard_late]), kill)


def _outbox_breaches(kept: Kept, sim: Simulator) -> Iterator[Breach]:
    sent = Counter(message for _, state, message in kept.outbox if state == "sent" and message is not None)
    for number, count in sent.items():
        if count > 1:
            yield Breach(DOUBLED, f"{count} promises are said to be the message {number}")
    there = {message.id for channel in sim.world.channels.values() for message in channel.messages}
    for key, state, message in kept.outbox:
        if state == "parked":
            yield Breach(WRONG, f"the message {key} was given up")
        elif state == "waiting":
            yield Breach(BEHIND, f"the message {key} waits")
        elif message not in there:
            yield Breach(LOST, f"the message {key} is said to be sent, and is nowhere")


def _nonces(community: Community) -> Iterator[Breach]:
    bot_id = community.sim.bot.user.id
    for channel in community.sim.world.channels.values():
        used = Counter(one.nonce for one in channel.messages if one.author.id == bot_id and one.nonce is not None)
        for nonce, count in used.items():
            if count > 1:
                yield Breach(DOUBLED, f"{count} messages have the nonce {nonce}")


def _reports(channel: Channel, due: float | None) -> Iterator[Breach]:
    titles = Counter(str(one.embeds[0].get("title")) for one in channel.messages if one.embeds)
    for title, count in titles.items():
        if count > 1:
            yield Breach(DOUBLED, f"{title!r} was posted {count} times")
    daily = sum(title.startswith("Daily report") for title in titles)
    if daily > 1:
        yield Breach(DOUBLED, f"{daily} daily reports were posted in a day")
    if due is not None and not daily:
        yield Breach(BEHIND, "the daily report was due, and is not there")


def _reminders(ledger: Ledger, hall: Channel) -> Iterator[Breach]:
    for sheet in ledger.events.values():
        if sheet.starts_at is None or time.time() < sheet.starts_at:
            continue
        told = Counter(
            user.id
            for message in hall.messages
            if f"**{sheet.title}** begins now" in message.content
            for user in message.mentions
        )
        for user, count in told.items():
            if count > 1:
                yield Breach(DOUBLED, f"member {user} was reminded of {sheet.title} {count} times")
        if sheet.cancelled.told is None and not sheet.cancelled.open:
            for user in _coming(sheet, ledger) - told.keys():
                yield Breach(BEHIND, f"member {user} was not reminded of {sheet.title}")


def _coming(sheet: EventSheet, ledger: Ledger) -> set[int]:
    """Who knows for sure that they have a seat."""
    return {
        user
        for (title, user), wish in ledger.answers.items()
        if title == sheet.title and wish.seated and not wish.open and wish.told in COMING
    }


def _posts(kept: Kept, community: Community) -> Iterator[Breach]:
    posts = {title_of(message): message for message in community.hall.messages if message.embeds}
    for occurrence in kept.occurrences:
        post = posts.get(occurrence.title)
        if post is None:
            if occurrence.state != "cancelled":  # one that is cancelled before it was posted never is
                yield Breach(BEHIND, f"{occurrence.title} is {occurrence.state}, and has no post")
            continue
        title = str(post.embeds[0]["title"])
        match occurrence.state:
            case "posted":
                yield from _headings(occurrence, post, kept)
            case "cancelled" if not title.startswith(CANCELLED_TITLE):
                yield Breach(BEHIND, f"{occurrence.title} is cancelled, its post is headed {title!r}")
            case "over" if not title.endswith(ENDED_TITLE):
                yield Breach(BEHIND, f"{occurrence.title} is over, its post is headed {title!r}")
            case "planned":
                yield Breach(BEHIND, f"{occurrence.title} has a post, and is kept as one that has none yet")


def _headings(occurrence: Occurrence, post: Message, kept: Kept) -> Iterator[Breach]:
    fields: Sequence[dict[str, Any]] = post.embeds[0]["fields"]
    for option, label in (("yes", "Yes"), ("late", "Late")):
        sit = sum(
            answer.seated and answer.option == option
            for (title, _), answer in kept.answers.items()
            if title == occurrence.title
        )
        heading = next((one["name"] for one in fields if label in one["name"]), "")
        if not heading.endswith(f"({sit})"):
            yield Breach(BEHIND, f"the post of {occurrence.title} shows {heading!r}, kept are {sit}")
