"""`/setup`: one private panel in which an administrator chooses, previews, saves and takes back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any
from weakref import WeakValueDictionary

import discord
from discord import app_commands

from steward.bots.owned import OwnedInteractions
from steward.bots.stats.commands.countable import require_countable
from steward.bots.stats.counters.channels import CounterChannels
from steward.bots.stats.counters.counters import Counted, Counter, role_template
from steward.bots.stats.counts.first_counts import FirstCounts
from steward.bots.stats.counts.service import StatsService
from steward.bots.stats.reports.report import StatsReports
from steward.bots.stats.setup.checks import SetupChecks, Tested
from steward.bots.stats.setup.draft import SetupDraft, SetupDrafts
from steward.bots.stats.setup.guild_settings import MOST_COUNTERS, GuildSettings, ReportKind, StatsSection
from steward.bots.stats.views import setup as views
from steward.bots.stats.views.zone_choice import OTHER, ZONE, ZONE_SET, zone_modal
from steward.client.access.channel_access import ChannelAccess
from steward.client.access.permissions import POST, REPORT, Permission
from steward.client.interactions import Handle, Reply, Use, answered
from steward.client.interactions.guild_of import guild_of
from steward.errors import NeedsOperator, StewardError
from steward.runtime.clock import Clock
from steward.text.bad_time import BadTime
from steward.text.clock_times import time_of_day
from steward.text.cutting import cut_label
from steward.text.places import Place, find_places, guessed_zone, meant_places

OPEN_FORMS = frozenset({views.SCHEDULE, views.MORE, ZONE})
NO_PLACE = "I don't know a place called “{}”."


class SetupPanel:
    """
    The panel behind `/setup`.

    Args:
        settings: what each guild has set up.
        drafts: what is not saved yet.
        service: the numbers.
        channels: makes counters' channels.
        access: tests permissions before anything is saved.
        reports: draws one as it would look.
        first_counts: asks for the numbers of new counters.
        clock: the time.
        problems: what needs attention in a guild.
        activity: whether messages and time in voice are counted.

    """

    def __init__(
        self,
        settings: StatsSection,
        drafts: SetupDrafts,
        service: StatsService,
        channels: CounterChannels,
        access: ChannelAccess,
        reports: StatsReports,
        first_counts: FirstCounts,
        clock: Clock,
        problems: Callable[[int], Awaitable[Sequence[str]]],
        *,
        activity: bool,
    ) -> None:
        self._settings = settings
        self._drafts = drafts
        self._service = service
        self._channels = channels
        self._access = access
        self._reports = reports
        self._first_counts = first_counts
        self._clock = clock
        self._problems = problems
        self._checks = SetupChecks(access)
        self._activity = activity
        self._turns: WeakValueDictionary[tuple[int, int], asyncio.Lock] = WeakValueDictionary()

    def register(self, interactions: OwnedInteractions) -> None:
        """Have the command and the panel's components answered."""

        @app_commands.command(name="setup", description="Set up statistics: counters, reports, heartbeat")
        @app_commands.default_permissions(manage_guild=True)
        @answered(private=True)
        async def setup(interaction: discord.Interaction) -> Reply:
            return await self._open(interaction)

        interactions.add(setup)
        for action, handle in (
            (views.REPORTS_TO, self._reports_to),
            (views.HEARTBEAT, self._heartbeat),
            (views.COUNTERS, self._counters),
            (views.SCHEDULE, self._schedule),
            (views.SCHEDULE_SET, self._schedule_set),
            (views.MORE, self._more),
            (views.MORE_SET, self._more_set),
            (ZONE, self._zone),
            (ZONE_SET, self._zone_set),
            (views.PREVIEW, self._show_preview),
            (views.SAVE, self._save),
            (views.UNDO, self._undo),
        ):
            interactions.on(action, self._in_turn(handle), private=True, opens_form=action in OPEN_FORMS)

    def _in_turn(self, handle: Handle) -> Handle:
        """Let one press end before the next of the same member begins: a second Save finds nothing left to make."""

        async def handled(use: Use) -> Reply | None:
            _require_manager(use.interaction)
            member = guild_of(use.interaction), use.interaction.user.id
            async with self._turns.setdefault(member, asyncio.Lock()):
                return await handle(use)

        return handled

    async def _open(self, interaction: discord.Interaction) -> Reply:
        guild_id = guild_of(interaction)
        _require_manager(interaction)
        held, here, note = self._settings.of(guild_id), _text_channel(interaction), ""
        new = not (held.counters or held.report_channel_id or held.heartbeat_channel_id)
        refused = await self._checks.why_no_reports(guild_id, here) if new and here is not None else None
        if refused is not None:
            here, note = None, f"Choose a channel for reports. {refused}"
        guess = guessed_zone(interaction.guild_locale, interaction.locale)
        draft = SetupDraft.first(self._settings.own(guild_id), new=new, report_channel_id=here, zone=guess)
        await self._drafts.keep(guild_id, interaction.user.id, draft)
        return await self._panel(interaction, draft, note=note, tested=True)

    async def _reports_to(self, use: Use) -> Reply:
        draft, channel_id = await self._draft(use), _chosen(use)
        changed = draft.choosing(report_channel_id=channel_id)
        fixed = self._settings.fixed(guild_of(use.interaction)).report_channel_id
        return await self._take_channel(use, draft, changed, channel_id, needed=REPORT, fixed=fixed)

    async def _heartbeat(self, use: Use) -> Reply:
        draft, channel_id = await self._draft(use), _chosen(use)
        changed = draft.choosing(heartbeat_channel_id=channel_id)
        fixed = self._settings.fixed(guild_of(use.interaction)).heartbeat_channel_id
        return await self._take_channel(use, draft, changed, channel_id, needed=POST, fixed=fixed)

    async def _take_channel(
        self,
        use: Use,
        draft: SetupDraft,
        changed: SetupDraft,
        channel_id: int | None,
        *,
        needed: Permission,
        fixed: int | None,
    ) -> Reply:
        """Take the changed draft up, unless the environment says otherwise or the bot could not write there."""
        if fixed is not None and channel_id != fixed:
            return await self._panel(use.interaction, draft, note=views.FIXED.format(channel=fixed), update=True)
        if channel_id is not None:
            try:
                await self._access.require(guild_of(use.interaction), channel_id, needed)
            except NeedsOperator as missing:
                return await self._panel(use.interaction, draft, note=f"⚠️ {missing}", update=True)
        return await self._keep(use, changed)

    async def _counters(self, use: Use) -> Reply:
        chosen = [Counter(0, counted, counted.template) for counted in map(Counted, use.values)]
        return await self._plan(use, await self._draft(use), chosen, roles=False)

    async def _more(self, use: Use) -> Reply:
        return Reply(modal=views.more_modal(await self._draft(use)))

    async def _more_set(self, use: Use) -> Reply:
        roles = _names_of_roles(use).items()
        chosen = [Counter(0, Counted.ROLE, role_template(name), role_id=role_id) for role_id, name in roles]
        people = use.chosen["people"] == (views.YES,)
        draft = (await self._draft(use)).choosing(count_people=people)
        return await self._plan(use, draft, chosen, roles=True)

    async def _zone(self, use: Use) -> Reply:
        if use.value == OTHER:
            return Reply(modal=zone_modal())
        return await self._take_zone(use, use.value)

    async def _zone_set(self, use: Use) -> Reply:
        typed, now = use.fields["place"], self._clock.now()
        meant = meant_places(typed, now)
        if len(meant) == 1:
            return await self._take_zone(use, meant[0].zone)
        near, shown = meant or find_places(typed, now), cut_label(typed.strip(), 40)
        note = f"“{shown}” can mean several places: choose yours in the menu." if meant else NO_PLACE.format(shown)
        if near and not meant:
            note += " Is it one of those in the menu?"
        return await self._panel(use.interaction, await self._draft(use), note=f"⚠️ {note}", update=True, offered=near)

    async def _take_zone(self, use: Use, zone: str) -> Reply:
        draft = replace(await self._draft(use), guessed=False)
        return await self._keep(use, draft.choosing(zone=zone, zone_chosen=True))

    async def _plan(self, use: Use, draft: SetupDraft, chosen: list[Counter], *, roles: bool) -> Reply:
        """Take up the counters chosen in the menu or in the modal of roles; those of the other stay."""
        guild_id = guild_of(use.interaction)
        for counter in chosen:
            try:
                require_countable(counter, guild_id, self._settings.of(guild_id), activity=self._activity)
            except NeedsOperator as refused:
                return await self._panel(use.interaction, draft, note=f"⚠️ {refused}", update=True)
        others = [counter for counter in draft.make if (counter.counted is Counted.ROLE) != roles]
        return await self._keep(use, replace(draft, make=(*others, *chosen)))

    async def _schedule(self, use: Use) -> Reply:
        return Reply(modal=views.schedule_modal((await self._draft(use)).settings))

    async def _schedule_set(self, use: Use) -> Reply:
        draft = (await self._draft(use)).choosing(reports=frozenset(map(ReportKind, use.chosen["kinds"])))
        try:
            at = time_of_day(use.fields["time"])
        except BadTime as bad:
            return await self._keep(use, draft, note=f"⚠️ {bad}")
        return await self._keep(use, draft.choosing(report_time=at))

    async def _show_preview(self, use: Use) -> Reply:
        """Show what Save would lead to: new counters, and the first of the reports, of the time until now."""
        guild_id, draft = guild_of(use.interaction), await self._draft(use)
        await self._first_counts.learn(guild_id, draft.make)
        settings, counts = self._once_saved(guild_id, draft), self._service.guild(guild_id).counts
        tested = await self._checks.test(guild_id, draft)
        names = [counter.first_name(counts) for counter in draft.make]
        told = views.preview(settings, names, [*tested.blocking, *tested.limiting])
        kind = next((kind for kind in ReportKind if kind in settings.reports), None)
        if kind is None or settings.report_channel_id is None:
            return Reply({"embeds": [told]}, private=True)
        message, files = await self._reports.so_far(guild_id, kind, settings)
        return Reply({"embeds": [told, *message["embeds"]]}, files, private=True)

    async def _save(self, use: Use) -> Reply:
        """Test everything once more, make the counters, save; what was made is in the draft if a later step fails."""
        guild_id, user_id, draft = guild_of(use.interaction), use.interaction.user.id, await self._draft(use)
        tested = await self._checks.test(guild_id, draft)
        if tested.blocking:
            note = "\n⚠️ ".join(["⚠️ Nothing is saved yet.", *tested.blocking])
            return await self._panel(use.interaction, draft, note=note, update=True)
        held = self._once_saved(guild_id, draft).counters
        if draft.make and len(held) + len(draft.make) > MOST_COUNTERS:
            note = f"⚠️ Nothing is saved yet. That makes more than {MOST_COUNTERS} counters: choose fewer to make."
            return await self._panel(use.interaction, draft, note=note, update=True)
        await self._first_counts.learn(guild_id, draft.make)
        for planned in draft.make:
            name = planned.first_name(self._service.guild(guild_id).counts)
            reason = f"/setup by {use.interaction.user}"
            try:
                counter = await self._channels.make(guild_id, planned, name, reason=reason, standing=tested.standing)
            except StewardError as error:
                return await self._panel(use.interaction, draft, note=f"⚠️ Nothing is saved yet. {error}", update=True)
            draft = draft.with_made(planned, counter)
            await self._drafts.keep(guild_id, user_id, draft)
        await self._settings.change(guild_id, user_id, draft.applied_to)
        await self._drafts.drop(guild_id, user_id)
        return Reply(views.saved(self._settings.of(guild_id), tested.limiting), update=True)

    async def _undo(self, use: Use) -> Reply:
        guild_id = guild_of(use.interaction)
        settings = await self._settings.undo(guild_id, use.interaction.user.id)
        await self._first_counts.learn(guild_id, settings.counters)
        await self._drafts.drop(guild_id, use.interaction.user.id)
        return await self._panel(
            use.interaction,
            SetupDraft.of(self._settings.own(guild_id)),
            note="The last change is taken back. Undo once more brings it again.",
            update=True,
        )

    def _once_saved(self, guild_id: int, draft: SetupDraft) -> GuildSettings:
        return self._settings.overlaid(guild_id, draft.applied_to(self._settings.own(guild_id)))

    async def _draft(self, use: Use) -> SetupDraft:
        guild_id = guild_of(use.interaction)
        kept = await self._drafts.of(guild_id, use.interaction.user.id)
        return kept or SetupDraft.of(self._settings.own(guild_id))

    async def _keep(self, use: Use, draft: SetupDraft, *, note: str = "") -> Reply:
        await self._drafts.keep(guild_of(use.interaction), use.interaction.user.id, draft)
        return await self._panel(use.interaction, draft, note=note, update=True)

    async def _panel(
        self,
        interaction: discord.Interaction,
        draft: SetupDraft,
        *,
        note: str = "",
        update: bool = False,
        tested: bool = False,
        offered: Sequence[Place] = (),
    ) -> Reply:
        guild_id = guild_of(interaction)
        found = await self._checks.test(guild_id, draft) if tested else Tested()
        problems = [*await self._problems(guild_id), *found.blocking, *found.limiting]
        around = views.Surroundings(
            self._service.guild(guild_id).counts.name,
            self._clock.now(),
            can_undo=bool(await self._settings.book.history(guild_id, limit=1)),
            problems=list(dict.fromkeys(problems)),
        )
        shown = replace(draft, settings=self._settings.overlaid(guild_id, draft.settings))
        return Reply(views.panel(shown, around, note=note, offered=offered), update=update)


def _require_manager(interaction: discord.Interaction) -> None:
    """
    Refuse whoever may not manage the server, such as somebody who could when the panel was opened.

    Raises:
        NeedsOperator: the member may not.

    """
    if not interaction.permissions.manage_guild:
        raise NeedsOperator("You lack Manage Server, which `/setup` asks for.", remedy="Ask somebody who has it.")


def _text_channel(interaction: discord.Interaction) -> int | None:
    """Return the channel in which the command was given, if reports can be posted in one of its kind."""
    channel = interaction.channel
    return channel.id if channel is not None and channel.type.value in views.TEXT_CHANNELS else None


def _names_of_roles(use: Use) -> dict[int, str]:
    """Return the chosen roles as Discord resolved them, since the client keeps none."""
    data: dict[str, Any] = dict(use.interaction.data or {})
    return {int(role_id): role["name"] for role_id, role in data.get("resolved", {}).get("roles", {}).items()}


def _chosen(use: Use) -> int | None:
    return int(use.values[0]) if use.values else None
