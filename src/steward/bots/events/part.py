"""The events bot, put together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from steward.bots.bot import Part
from steward.bots.events.attendance.measured import Attendance
from steward.bots.events.attendance.reports import AttendanceReports
from steward.bots.events.commands.attendance import events_setup
from steward.bots.events.commands.offering import offer_commands
from steward.bots.events.editing.service import EventService
from steward.bots.events.model.lookups import Lookups
from steward.bots.events.model.occurrences import DisplayKind
from steward.bots.events.native.events import NativeEvents
from steward.bots.events.native.wishes import NativeWishes
from steward.bots.events.polls.store import POLL, post_of_poll
from steward.bots.events.posts.occurrence_posts import LeftPosts, event_post
from steward.bots.events.posts.promises import Effect, Promises, Refusals
from steward.bots.events.posts.threads import Threads
from steward.bots.events.privacy.forgetting import Forgetting
from steward.bots.events.roles.mentions import RoleMentions
from steward.bots.events.roles.roles import RoleGrants
from steward.bots.events.rsvp.clicks import Clicks
from steward.bots.events.rsvp.memberships import EventMemberships
from steward.bots.events.rsvp.service import RsvpService
from steward.bots.events.schedule.effects import event_kinds
from steward.bots.events.schedule.retention import old_events
from steward.bots.events.section import EventsSection, adopt_reports
from steward.bots.events.settings import EventsSettings
from steward.client.members.absent_members import AbsentMembers
from steward.client.posts.desired_state import DesiredKind, DesiredState
from steward.client.posts.messages import Messages
from steward.guilds.host import Host
from steward.guilds.privacy.kept import Kept
from steward.guilds.retention import Retention
from steward.runtime.tasks import Work
from steward.store.due.work import DueWork
from steward.store.export.personal import PersonalData
from steward.text.plurals import counted


class EventsPart(Part):
    """Events with answers, in every guild."""

    def __init__(self, host: Host) -> None:
        self._host = host

        promises = Promises(host.access)
        refusals = Refusals(host.store, promises)
        said = partial(refusals.explain, effect=Effect.POST)
        rest = host.client.rest
        failed = "The post of an event can't be shown"
        posts = Messages(host.store, rest, DisplayKind.POST, event_post, failed=failed, said=said)
        native = NativeEvents(rest, host.clock, refusals)
        shown: dict[str, DesiredKind[Any]] = {
            "edit event posts": posts,
            "edit event posts left behind": LeftPosts(rest),
            "give event roles": RoleGrants(host.store, rest, refusals),
            "open event threads": Threads(rest, refusals),
            "keep Discord's events in step": native,
            "edit polls": Messages(host.store, rest, POLL, post_of_poll, failed="A poll can't be shown"),
        }
        self._shown = {work: DesiredState(host.store, host.clock, kind) for work, kind in shown.items()}
        self._attendance = Attendance(host.store, host.clock, counts=host.guilds.opt_outs.may_track)
        host.voice.on_sat(self._attendance.sat)
        self._memberships = members = EventMemberships(host, AbsentMembers(host.client))
        self._mentions = RoleMentions(host.store, promises, refusals)
        kinds = event_kinds(before_reminding=members.before_reminding, role_reaches=self._mentions.reach)
        self._due = DueWork(host.store, host.clock, kinds)
        self.answering = RsvpService(host.store, members.before_moving_up)
        self.organising = EventService(host.store, posts.is_there, members.before_moving_up)
        self.lookups = Lookups(host.store)
        self._wishes = NativeWishes(rest, host.gateway, host.store, self.answering, self.organising, native)
        Clicks(host.interactions, self.answering)
        self._voice = host.voice
        self.section = host.guilds.settings.section("events", EventsSection())
        self._reports = AttendanceReports(host, self.section, flush=self.flush)
        offer_commands(
            host, self.answering, self.organising, self.lookups, self._reports, promises, members, flush=self.flush
        )
        forgetting = Forgetting(host.store, self.answering, self.flush)
        keep_days = host.settings.of(EventsSettings).keep_past_events_days
        until = f"what's over is deleted after {counted(keep_days, 'day')}" if keep_days else ""
        loss = "your spots at upcoming events"
        self.kept = Kept("Events", _events_data, self.flush, forgetting.forget, until, loss=loss)
        self.reports = self._reports.scheduled
        self.setup = events_setup(host, self.section, self._reports.scheduled)
        keep = timedelta(days=keep_days) if keep_days else None
        self.retention = Retention(host.store, host.clock, lambda _: old_events(keep))

    async def load(self) -> None:
        """Take over what an earlier version has kept elsewhere."""
        await adopt_reports(self._host.store, self.section)

    async def flush(self) -> None:
        self._voice.count()
        await self._attendance.flush()

    @property
    def problems(self) -> list[str]:
        shown = [problem for one in self._shown.values() for problem in one.problems]
        others = (self._wishes, self._due, self._memberships, self._mentions)
        return [
            *shown,
            *(problem for one in others for problem in one.problems),
            *self._reports.scheduled.problems.values(),
        ]

    def work(self) -> Iterator[tuple[str, Work]]:
        """Yield the background work that begins once the bot is logged in: by then it knows what time it is."""
        yield "run events", self._due.run
        yield "follow attendance", self._attendance.run
        for work, shown in self._shown.items():
            yield work, shown.run
        yield "hear of Discord's events", self._wishes.run
        yield "take out members who left", self._memberships.run


def _events_data() -> Sequence[PersonalData]:
    from steward.bots.events.privacy.personal import EVENTS_DATA

    return EVENTS_DATA
