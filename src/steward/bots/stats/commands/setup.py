"""What is chosen in `/setup` for statistics: counters, reports, heartbeat."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

import discord

from steward.bots.stats.counters.channels import CounterChannels
from steward.bots.stats.counters.counters import Counted, Counter, role_template
from steward.bots.stats.counts.first_counts import FirstCounts
from steward.bots.stats.counts.service import StatsService
from steward.bots.stats.reports.report import StatsReports
from steward.bots.stats.setup.draft import SETUP_DRAFTS, USUAL, SetupDraft
from steward.bots.stats.setup.guild_settings import (
    MAX_COUNTERS,
    GuildSettings,
    ReportKind,
    StatsSection,
    require_countable,
)
from steward.bots.stats.views import setup as views
from steward.client.access.permissions import POST, REPORT, VOICE_COUNTER, Permission
from steward.client.components import Reply
from steward.client.embeds import Message
from steward.client.interactions import Use, guild_of
from steward.errors import NeedsOperator, NotReady, StewardError
from steward.guilds.host import Host
from steward.guilds.setup.section import (
    NOT_SAVED,
    TEXT_CHANNELS,
    ChannelChoice,
    SetupPanel,
    Tested,
    if_saved,
    refusal_of,
)
from steward.text.escaping import escape_markdown

CHANNELS = (
    ChannelChoice("report_channel_id", "Reports", "Post reports in …", REPORT, "reports", views.reports),
    ChannelChoice("heartbeat_channel_id", "Heartbeat", "Post the heartbeat in …", POST, "heartbeat"),
)


class StatsSetup(SetupPanel[GuildSettings, SetupDraft]):
    """The section of statistics."""

    order = 0

    def __init__(
        self,
        host: Host,
        section: StatsSection,
        service: StatsService,
        channels: CounterChannels,
        reports: StatsReports,
        first_counts: FirstCounts,
        problems: Callable[[int], Awaitable[Sequence[str]]],
    ) -> None:
        super().__init__(host, section, "Statistics", SETUP_DRAFTS, *CHANNELS)
        self._service = service
        self._counters = channels
        self._drawing = reports
        self._first_counts = first_counts
        self._problems = problems
        self._panel.on(self.action("counters"), self._choose_counters)
        self.form("schedule", "Report schedule", views.schedule_form)
        self.form("more", "More", views.more_form, self._more)

    async def begin(self, interaction: discord.Interaction, draft: SetupDraft) -> tuple[SetupDraft, str]:
        """Suggest what most servers want where nothing is shown yet; what is set up already stays as it is."""
        guild_id, channel = guild_of(interaction), interaction.channel
        held = self._section.of(guild_id)
        if held.counters or held.report_channel_id or held.heartbeat_channel_id:
            return draft, ""
        draft = replace(draft, make=USUAL)
        if channel is None or channel.type.value not in TEXT_CHANNELS:
            return draft, ""
        try:
            refused = await refusal_of(self._host.access.require(guild_id, channel.id, REPORT))
        except NotReady:  # Discord doesn't tell now
            refused = []
        if refused:
            return draft, f"Choose a channel for reports. {refused[0]}"
        return draft.choosing(report_channel_id=channel.id), ""

    def shown(self, draft: SetupDraft) -> list[tuple[str, str]]:
        """Return what holds, with the counters to be made."""
        counters = [f"<#{counter.channel_id}> {views.counted(counter)}" for counter in draft.settings.counters]
        counters += [f"{views.counted(counter)}, in a new channel" for counter in draft.make]
        return [("Counters", views.listed(counters)), *super().held(draft.settings)]

    def held(self, settings: GuildSettings) -> list[tuple[str, str]]:
        counters = ", ".join(f"<#{counter.channel_id}>" for counter in settings.counters) or "none"
        return [("Counters", counters), *super().held(settings)]

    def rows(self, draft: SetupDraft) -> list[Message]:
        """Return the menus of channels and counters."""
        return [*super().rows(draft), views.counters(self.action("counters").id(), draft)]

    async def test_more(self, guild_id: int, draft: SetupDraft, tested: Tested) -> None:
        """Test whether counters can be made, and bans be counted."""
        counted = {counter.counted for counter in (*draft.make, *draft.settings.counters)}
        in_guild = self._host.access.require_in_guild
        if draft.make:
            refused = await refusal_of(in_guild(guild_id, VOICE_COUNTER, tested.standing))
            tested.blocking += [f"I can't create channels for counters. {why}" for why in refused]
        if Counted.BANS in counted:
            refused = await refusal_of(in_guild(guild_id, Permission.BAN_MEMBERS, tested.standing))
            tested.limiting += [f"The ban counter wouldn't work. {why}" for why in refused]

    async def preview(self, use: Use, draft: SetupDraft) -> Reply:
        """Show new counters, and the first of the reports, of the time until now."""
        guild_id = guild_of(use.interaction)
        await self._first_counts.learn(guild_id, draft.make)
        settings, counts = self.once_saved(guild_id, draft), self._service.guild(guild_id).counts
        names = [escape_markdown(counter.first_name(counts)) for counter in draft.make]
        planned = [("New channels", views.listed(names)), *super().held(settings)]
        told = if_saved(planned, await self.test(guild_id, draft))
        kind = next((kind for kind in ReportKind if kind in settings.reports), None)
        if kind is None or settings.report_channel_id is None:
            return Reply({"embeds": [told]}, private=True)
        message, files = await self._drawing.so_far(guild_id, kind, settings)
        return Reply({"embeds": [told, *message["embeds"]]}, files, private=True)

    async def prepare(self, use: Use, draft: SetupDraft, tested: Tested) -> SetupDraft:
        """Make the counters; what was made is in the draft if a later step fails."""
        guild_id, user = guild_of(use.interaction), use.interaction.user
        held = self.once_saved(guild_id, draft).counters
        if draft.make and len(held) + len(draft.make) > MAX_COUNTERS:
            raise NeedsOperator(f"{NOT_SAVED} That makes more than {MAX_COUNTERS} counters: choose fewer to make.")
        await self._first_counts.learn(guild_id, draft.make)
        for planned in draft.make:
            name, reason = planned.first_name(self._service.guild(guild_id).counts), f"/setup by {user}"
            try:
                counter = await self._counters.make(guild_id, planned, name, reason=reason, standing=tested.standing)
            except StewardError as error:
                raise NeedsOperator(f"{NOT_SAVED} {error}") from error
            draft = draft.with_made(planned, counter)
            await self._panel.keep(use.interaction, draft)
        return draft

    async def problems(self, guild_id: int) -> Sequence[str]:
        return await self._problems(guild_id)

    async def _choose_counters(self, use: Use, draft: SetupDraft) -> SetupDraft:
        chosen = [Counter(0, counted, counted.template) for counted in map(Counted, use.values)]
        return self._plan(use, draft, chosen, roles=False)

    async def _more(self, use: Use, draft: SetupDraft, values: dict[str, Any]) -> SetupDraft:
        roles = _names_of_roles(use).items()
        chosen = [Counter(0, Counted.ROLE, role_template(name), role_id=role_id) for role_id, name in roles]
        return self._plan(use, draft.choosing(count_people=values["people"]), chosen, roles=True)

    def _plan(self, use: Use, draft: SetupDraft, chosen: list[Counter], *, roles: bool) -> SetupDraft:
        """Take up the counters chosen in the menu or in the modal of roles; those of the other stay."""
        guild_id, activity = guild_of(use.interaction), self._host.settings.activity
        for counter in chosen:
            require_countable(counter, guild_id, self._section.of(guild_id), activity=activity)
        others = [counter for counter in draft.make if (counter.counted is Counted.ROLE) != roles]
        return replace(draft, make=(*others, *chosen))


def _names_of_roles(use: Use) -> dict[int, str]:
    """Return the chosen roles as Discord resolved them, since the client keeps none."""
    data: dict[str, Any] = dict(use.interaction.data or {})
    return {int(role_id): role["name"] for role_id, role in data.get("resolved", {}).get("roles", {}).items()}
