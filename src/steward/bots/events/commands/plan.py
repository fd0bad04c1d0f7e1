"""`/plan`: one event for each weekday, posted at its own time, until it is changed."""

from __future__ import annotations

from dataclasses import replace

import discord
from discord import app_commands

from steward.bots.events.commands.templates import TemplateName, named_template
from steward.bots.events.editing.weekly_plan import PlanEntry, WeeklyPlan
from steward.bots.events.model.details import MAX_SEATS, Details
from steward.bots.events.model.pictures import warning
from steward.bots.events.model.templates import Templates
from steward.bots.events.posts.promises import Promises
from steward.bots.events.roles.check import require_giveable
from steward.bots.events.rsvp.actions import PLAN_SET
from steward.bots.events.views.draft_forms import plan_form
from steward.bots.events.views.lists import plan, planned
from steward.client.access.channel_access import no_writer, writable
from steward.client.components import Reply
from steward.client.embeds import at
from steward.client.interactions import TextChannel, Use, answered, guild_of
from steward.guilds.host import Host
from steward.text.durations import minutes_of
from steward.text.names import DAY_NAMES

Length = app_commands.Range[str, 1, 50]
Seats = app_commands.Range[int, 1, MAX_SEATS]
_DAYS = [app_commands.Choice(name=name, value=day) for day, name in enumerate(DAY_NAMES)]


class PlanCommands(app_commands.Group):
    """The commands under `/plan`."""

    def __init__(self, host: Host, templates: Templates, promises: Promises) -> None:
        super().__init__(
            name="plan",
            description="One event for each weekday",
            default_permissions=discord.Permissions(manage_events=True),
        )
        self._plan = WeeklyPlan(host.store)
        self.templates = templates
        self._access = host.access
        self._rest = host.client.rest
        self._zone_of = host.guilds.zones.guild_zone
        self._promises = promises
        host.interactions.add(self)
        host.interactions.on(PLAN_SET, self._planned, private=True, command="plan")

    @app_commands.command(name="set", description="Plan an event for a weekday; what's posted already stays")
    @app_commands.describe(
        weekday="Which",
        channel="Where it is posted; default: unchanged, or here",
        length="How long it takes, such as 2h; default: unchanged, or an hour",
        seats="How many seats; default: unchanged",
        template="Details to begin with, in place of those that are planned",
    )
    @app_commands.choices(weekday=_DAYS)
    @answered(private=True, opens_form=True)
    async def put(
        self,
        interaction: discord.Interaction,
        weekday: int,
        channel: TextChannel | None = None,
        length: Length | None = None,
        seats: Seats | None = None,
        template: TemplateName | None = None,
    ) -> Reply:
        guild_id = guild_of(interaction)
        before = await self._entry(guild_id, weekday)
        details = before.details if before is not None else Details("")
        name = ""
        if template is not None:
            name, details = await named_template(self.templates, guild_id, template)
        if channel is None and before is not None:
            where = before.channel_id
            await self._require_writer(interaction, where)
        else:
            where = writable(interaction, channel)
        minutes = details.minutes if length is None else minutes_of(length, "The length")
        wanted = details.seats if seats is None else seats
        details = replace(details, minutes=minutes, seats=wanted)
        form = plan_form(weekday, before, details)
        return Reply(modal=form.modal(PLAN_SET.id(weekday, where, details.minutes, details.seats or 0, name)))

    async def _planned(self, use: Use) -> Reply:
        interaction, guild_id = use.interaction, guild_of(use.interaction)
        (weekday, where, minutes, seats), name = map(int, use.args[:4]), use.args[4]
        before = await self._entry(guild_id, weekday)
        details = before.details if before is not None else Details("")
        if name:
            details = await self.templates.get(guild_id, name)
            if details.role_id is not None:
                await require_giveable(self._rest, guild_id, details.role_id, by=interaction.user.id)
        values, errors = plan_form(weekday, before, details).read(use)
        starts, posted = values.pop("starts", None), values.pop("posted", None)
        with errors:
            details = replace(details, minutes=minutes, seats=seats or None, **values).checked()
        if errors.error is not None:
            raise errors.error
        entry = PlanEntry(weekday, where, self._zone_of(guild_id), starts, posted, details)
        await self._require_writer(interaction, where)
        obstacles = await self._promises.require(guild_id, where, entry.details)
        first = await self._plan.set(interaction.id, guild_id, interaction.user.id, entry)
        said = [f"{DAY_NAMES[weekday]}: {planned(entry)}", f"The next one starts {at(first.starts_at)}."]
        warnings = [*filter(None, (warning(entry.details.image_url),)), *obstacles]
        return Reply.say("\n".join(said + [f"⚠️ {text}" for text in warnings]))

    @app_commands.command(description="What's planned for each weekday")
    @answered(private=True)
    async def show(self, interaction: discord.Interaction) -> Reply:
        return Reply(plan(await self._plan.entries(guild_of(interaction))))

    @app_commands.command(description="Stop planning an event for a weekday; what's posted stays")
    @app_commands.describe(weekday="Which")
    @app_commands.choices(weekday=_DAYS)
    @answered(private=True)
    async def clear(self, interaction: discord.Interaction, weekday: int) -> Reply:
        await self._plan.clear(guild_of(interaction), weekday)
        said = "What's posted stays: `/event cancel` cancels it."
        return Reply.say(f"Nothing is planned for {DAY_NAMES[weekday]} any more. {said}")

    async def _require_writer(self, interaction: discord.Interaction, channel_id: int) -> None:
        if not await self._access.may_write(guild_of(interaction), channel_id, interaction.user.id):
            raise no_writer(channel_id)

    async def _entry(self, guild_id: int, weekday: int) -> PlanEntry | None:
        entries = await self._plan.entries(guild_id)
        return next((entry for entry in entries if entry.weekday == weekday), None)
