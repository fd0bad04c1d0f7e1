"""The events bot, put together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from steward.bots.bot import Part
from steward.bots.events.attendance.measured import Attendance
from steward.bots.events.attendance.reports import AttendanceReports
from steward.bots.events.commands.offering import offer_commands
from steward.bots.events.commands.poll import PollCommands
from steward.bots.events.commands.setup import events_setup
from steward.bots.events.drafts.times import TimeReader
from steward.bots.events.editing.service import EventService
from steward.bots.events.model.lookups import Lookups
from steward.bots.events.native.events import NativeEvents
from steward.bots.events.native.threads import Threads
from steward.bots.events.native.wishes import NativeWishes
from steward.bots.events.polls.posts import POLL_POSTS
from steward.bots.events.posts.left import LeftPosts
from steward.bots.events.posts.of_occurrences import OCCURRENCE_POSTS
from steward.bots.events.posts.posts import Posts
from steward.bots.events.posts.promises import Effect, Promises
from steward.bots.events.posts.refusals import Refusals
from steward.bots.events.privacy.forgetting import Forgetting
from steward.bots.events.privacy.personal import EVENTS_DATA
from steward.bots.events.roles.mentions import RoleMentions
from steward.bots.events.roles.roles import RoleGrants
from steward.bots.events.rsvp.clicks import Clicks
from steward.bots.events.rsvp.memberships import Memberships
from steward.bots.events.rsvp.service import RsvpService
from steward.bots.events.schedule.due import event_kinds
from steward.bots.events.schedule.retention import old_events
from steward.bots.events.section import EventsSection, adopt_reports
from steward.bots.events.settings import EventsSettings
from steward.guilds.host import Host
from steward.guilds.privacy.kept import Kept
from steward.guilds.retention import Retention
from steward.runtime.tasks import Work
from steward.store.due.work import DueWork
from steward.text.plurals import counted


class EventsPart(Part):
    """
    Events with answers, in every guild.

    Args:
        host: the house it stands on.

    Attributes:
        answering: takes what members answer.
        organising: makes and changes events.
        lookups: what there is.
        section: what each guild has set up.

    """

    def __init__(self, host: Host) -> None:
        self._host = host

        promises = Promises(host.access)
        refusals = Refusals(host.store, promises)
        said = partial(refusals.explain, effect=Effect.POST)
        self._posts = Posts(host.store, host.client.rest, OCCURRENCE_POSTS, said)
        self._left_posts = LeftPosts(host.store, host.client.rest)
        self._roles = RoleGrants(host.store, host.client.rest, refusals)
        self._threads = Threads(host.store, host.client.rest, refusals)
        self._native = NativeEvents(host.store, host.client.rest, host.clock, refusals)
        self._attendance = Attendance(host.store, host.clock, counts=host.guilds.opt_outs.may_track)
        host.voice.on_sat(self._attendance.sat)
        self._memberships = members = Memberships(
            host.client, host.gateway, host.store, host.clock, changed=self._posts.changed
        )
        self._mentions = RoleMentions(host.store, promises, refusals)
        kinds = event_kinds(before_reminding=members.before_reminding, role_reaches=self._mentions.reach)
        self._due = DueWork(host.store, host.clock, kinds)
        self.answering = RsvpService(host.store, self._posts, members.before_moving_up)
        self.organising = EventService(host.store, self._posts, members.before_moving_up)
        self.lookups = Lookups(host.store)
        self._wishes = NativeWishes(
            host.client.rest, host.gateway, host.store, self.answering, self.organising, self._native
        )
        Clicks(host.interactions, self.answering)
        self._voice = host.voice
        self.section = host.guilds.settings.section("events", EventsSection())
        self._reports = AttendanceReports(host, self.section, flush=self.flush)
        offer_commands(
            host,
            self.answering,
            self.organising,
            self.lookups,
            self._reports,
            promises,
            flush=self.flush,
        )
        self._poll_posts = Posts(host.store, host.client.rest, POLL_POSTS)
        hearing = TimeReader(host.clock)
        PollCommands(
            host.interactions,
            host.store,
            hearing,
            host.access,
            host.clock,
            host.guilds.zones,
            before_making=members.before_making,
        )
        forgetting = Forgetting(host.store, self.answering, self.flush)
        keep_days = host.settings.of(EventsSettings).keep_past_events_days
        until = f"what's over is deleted after {counted(keep_days, 'day')}" if keep_days else ""
        self.kept = Kept("Events", lambda: EVENTS_DATA, self.flush, forgetting.forget, until)
        self.reports = self._reports.scheduled
        self.setup = events_setup(host, self.section, self._reports.scheduled)
        keep = timedelta(days=keep_days) if keep_days else None
        self.retention = Retention(host.store, host.clock, lambda _: old_events(keep))

    async def load(self) -> None:
        """Take over what an earlier version has kept elsewhere."""
        await adopt_reports(self._host.store, self.section)

    async def flush(self) -> None:
        """Return once all that was measured until now can be read."""
        self._voice.count()
        await self._attendance.flush()

    @property
    def problems(self) -> list[str]:
        """Sentences about what needs the operator's attention."""
        shown = (
            self._posts,
            self._poll_posts,
            self._roles,
            self._threads,
            self._native,
            self._wishes,
            self._due,
            self._memberships,
            self._mentions,
        )
        return [*(problem for one in shown for problem in one.problems), *self._reports.scheduled.problems.values()]

    def work(self) -> Iterator[tuple[str, Work]]:
        """Yield the background work that begins once the bot is logged in: by then it knows what time it is."""
        yield "run events", self._due.run
        yield "follow attendance", self._attendance.run
        yield "edit event posts", self._posts.run
        yield "edit event posts left behind", self._left_posts.run
        yield "give event roles", self._roles.run
        yield "open event threads", self._threads.run
        yield "keep Discord's events in step", self._native.run
        yield "hear of Discord's events", self._wishes.run
        yield "take out members who left", self._memberships.run
        yield "edit polls", self._poll_posts.run
