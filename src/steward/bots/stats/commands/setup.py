"""`/setup`: one private panel in which an administrator chooses, previews, saves and takes back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

import discord
from discord import app_commands

from steward.bots.stats.commands.countable import require_countable
from steward.bots.stats.counters.channels import CounterChannels
from steward.bots.stats.counters.counters import Counted, Counter, role_template
from steward.bots.stats.counts.first_counts import FirstCounts
from steward.bots.stats.counts.service import StatsService
from steward.bots.stats.reports.report import StatsReports
from steward.bots.stats.setup.checks import SetupChecks, Tested
from steward.bots.stats.setup.draft import SETUP_DRAFTS, SetupDraft
from steward.bots.stats.setup.guild_settings import MOST_COUNTERS, GuildSettings, ReportKind, StatsSection
from steward.bots.stats.views import setup as views
from steward.bots.stats.views.zone_choice import OTHER, ZONE, ZONE_SET, zone_form
from steward.client.access.channel_access import ChannelAccess
from steward.client.access.permissions import POST, REPORT, Permission
from steward.client.embeds import Message
from steward.client.interactions import Action, Ambiguous, Reply, Use, answered
from steward.client.interactions.guild_of import guild_of
from steward.client.panels.panel import Panel, Press
from steward.errors import NeedsOperator, StewardError
from steward.guilds.owned import OwnedInteractions
from steward.runtime.clock import Clock
from steward.store import Store
from steward.text.places import guessed_zone

NOT_SAVED = "Nothing is saved yet."
UNDONE = "The last change is taken back. Undo once more brings it again."


class SetupPanel:
    """
    The panel behind `/setup`.

    Args:
        interactions: answer the command and the panel's components.
        store: where drafts are kept.
        settings: what each guild has set up.
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
        interactions: OwnedInteractions,
        store: Store,
        settings: StatsSection,
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
        self._service = service
        self._channels = channels
        self._access = access
        self._reports = reports
        self._first_counts = first_counts
        self._clock = clock
        self._problems = problems
        self._checks = SetupChecks(access)
        self._activity = activity
        self._panel = Panel(interactions, store, SETUP_DRAFTS, self._draw, self._missing, require=_require_manager)

        @app_commands.command(name="setup", description="Set up statistics: counters, reports, heartbeat")
        @app_commands.default_permissions(manage_guild=True)
        @answered(private=True)
        async def setup(interaction: discord.Interaction) -> Reply:
            return await self._open(interaction)

        interactions.add(setup)
        self._panel.form(views.SCHEDULE_SET, views.schedule_form, self._schedule_set, opens=views.SCHEDULE)
        self._panel.form(views.MORE_SET, views.more_form, self._more_set, opens=views.MORE)
        self._panel.form(ZONE_SET, lambda _: zone_form(self._clock.now()), self._zone_set)
        self._panel.on(ZONE, self._zone, opens_form=True)
        presses: tuple[tuple[Action, Press[SetupDraft]], ...] = (
            (views.REPORTS_TO, self._reports_to),
            (views.HEARTBEAT, self._heartbeat),
            (views.COUNTERS, self._counters),
            (views.PREVIEW, self._show_preview),
            (views.SAVE, self._save),
            (views.UNDO, self._undo),
        )
        for action, press in presses:
            self._panel.on(action, press)

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
        await self._panel.keep(interaction, draft)
        return Reply(await self._drawn(guild_id, draft, note=note, tested=True))

    async def _reports_to(self, use: Use, draft: SetupDraft) -> SetupDraft:
        fixed = self._settings.fixed(guild_of(use.interaction)).report_channel_id
        return draft.choosing(report_channel_id=await self._channel(use, REPORT, fixed))

    async def _heartbeat(self, use: Use, draft: SetupDraft) -> SetupDraft:
        fixed = self._settings.fixed(guild_of(use.interaction)).heartbeat_channel_id
        return draft.choosing(heartbeat_channel_id=await self._channel(use, POST, fixed))

    async def _channel(self, use: Use, needed: Permission, fixed: int | None) -> int | None:
        """
        Return the chosen channel.

        Raises:
            NeedsOperator: the environment says otherwise, or the bot can't write there.

        """
        channel_id = int(use.values[0]) if use.values else None
        if fixed is not None and channel_id != fixed:
            raise NeedsOperator(
                f"<#{fixed}> is set in the bot's environment: whoever runs the bot can change it there."
            )
        if channel_id is not None:
            await self._access.require(guild_of(use.interaction), channel_id, needed)
        return channel_id

    async def _counters(self, use: Use, draft: SetupDraft) -> SetupDraft:
        chosen = [Counter(0, counted, counted.template) for counted in map(Counted, use.values)]
        return self._plan(use, draft, chosen, roles=False)

    async def _more_set(self, use: Use, draft: SetupDraft, values: dict[str, Any]) -> SetupDraft:
        roles = _names_of_roles(use).items()
        chosen = [Counter(0, Counted.ROLE, role_template(name), role_id=role_id) for role_id, name in roles]
        return self._plan(use, draft.choosing(count_people=values["people"]), chosen, roles=True)

    def _plan(self, use: Use, draft: SetupDraft, chosen: list[Counter], *, roles: bool) -> SetupDraft:
        """Take up the counters chosen in the menu or in the modal of roles; those of the other stay."""
        guild_id = guild_of(use.interaction)
        for counter in chosen:
            require_countable(counter, guild_id, self._settings.of(guild_id), activity=self._activity)
        others = [counter for counter in draft.make if (counter.counted is Counted.ROLE) != roles]
        return replace(draft, make=(*others, *chosen))

    async def _zone(self, use: Use, draft: SetupDraft) -> SetupDraft | Reply:
        if use.value == OTHER:
            return Reply(modal=zone_form(self._clock.now()).modal(ZONE_SET.id()))
        return _in_zone(draft, use.value)

    async def _zone_set(self, _: Use, draft: SetupDraft, values: dict[str, Any]) -> SetupDraft:
        return _in_zone(draft, values["place"]) if values else draft

    async def _schedule_set(self, _: Use, draft: SetupDraft, values: dict[str, Any]) -> SetupDraft:
        return draft.choosing(**values)

    async def _show_preview(self, use: Use, draft: SetupDraft) -> Reply:
        """Show what Save would lead to: new counters, and the first of the reports, of the time until now."""
        guild_id = guild_of(use.interaction)
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

    async def _save(self, use: Use, draft: SetupDraft) -> Reply:
        """Test everything once more, make the counters, save; what was made is in the draft if a later step fails."""
        guild_id, user = guild_of(use.interaction), use.interaction.user
        tested = await self._checks.test(guild_id, draft)
        if tested.blocking:
            raise NeedsOperator("\n⚠️ ".join([NOT_SAVED, *tested.blocking]))
        held = self._once_saved(guild_id, draft).counters
        if draft.make and len(held) + len(draft.make) > MOST_COUNTERS:
            raise NeedsOperator(f"{NOT_SAVED} That makes more than {MOST_COUNTERS} counters: choose fewer to make.")
        await self._first_counts.learn(guild_id, draft.make)
        for planned in draft.make:
            name, reason = planned.first_name(self._service.guild(guild_id).counts), f"/setup by {user}"
            try:
                counter = await self._channels.make(guild_id, planned, name, reason=reason, standing=tested.standing)
            except StewardError as error:
                raise NeedsOperator(f"{NOT_SAVED} {error}") from error
            draft = draft.with_made(planned, counter)
            await self._panel.keep(use.interaction, draft)
        await self._settings.change(guild_id, user.id, draft.applied_to)
        await self._panel.drop(use.interaction)
        return Reply(views.saved(self._settings.of(guild_id), tested.limiting), update=True)

    async def _undo(self, use: Use, _: SetupDraft) -> Reply:
        guild_id = guild_of(use.interaction)
        settings = await self._settings.undo(guild_id, use.interaction.user.id)
        await self._first_counts.learn(guild_id, settings.counters)
        await self._panel.drop(use.interaction)
        now = SetupDraft.of(self._settings.own(guild_id))
        return Reply(await self._drawn(guild_id, now, note=UNDONE), update=True)

    def _once_saved(self, guild_id: int, draft: SetupDraft) -> GuildSettings:
        return self._settings.overlaid(guild_id, draft.applied_to(self._settings.own(guild_id)))

    async def _missing(self, use: Use) -> SetupDraft:
        return SetupDraft.of(self._settings.own(guild_of(use.interaction)))

    async def _draw(self, interaction: discord.Interaction, draft: SetupDraft, problem: StewardError | None) -> Message:
        note = "" if problem is None else f"⚠️ {problem}"
        offered = problem.offers if isinstance(problem, Ambiguous) else ()
        return await self._drawn(guild_of(interaction), draft, note=note, offered=offered)

    async def _drawn(
        self,
        guild_id: int,
        draft: SetupDraft,
        *,
        note: str = "",
        tested: bool = False,
        offered: Sequence[tuple[str, str]] = (),
    ) -> Message:
        found = await self._checks.test(guild_id, draft) if tested else Tested()
        problems = [*await self._problems(guild_id), *found.blocking, *found.limiting]
        around = views.Surroundings(
            self._service.guild(guild_id).counts.name,
            self._clock.now(),
            can_undo=bool(await self._settings.book.history(guild_id, limit=1)),
            problems=list(dict.fromkeys(problems)),
        )
        shown = replace(draft, settings=self._settings.overlaid(guild_id, draft.settings))
        return views.panel(shown, around, note=note, offered=offered)


def _in_zone(draft: SetupDraft, zone: str) -> SetupDraft:
    return replace(draft, guessed=False).choosing(zone=zone, zone_chosen=True)


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
