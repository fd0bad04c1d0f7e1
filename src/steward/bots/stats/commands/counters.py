"""`/counters`: numbers in channel names, set up and explained in Discord."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import discord
from discord import app_commands

from steward.bots.stats.commands.countable import require_countable
from steward.bots.stats.commands.guild_of import guild_of
from steward.bots.stats.counter_channels import CounterChannels
from steward.bots.stats.counters import COUNT, Counted, Counter, NumberStyle
from steward.bots.stats.service import StatsService
from steward.bots.stats.settings_book import SettingsBook
from steward.bots.stats.views.counters import list_view, why_view
from steward.client.channel_names import ChannelNames
from steward.client.errors import Gone
from steward.client.interactions import NAMED, Reply, answered
from steward.errors import NeedsOperator

Channel = app_commands.Transform[app_commands.AppCommandChannel, NAMED]
LONGEST_TEMPLATE = 90  # a name has 100 characters, and a number takes some

_KINDS = [app_commands.Choice(name=counted.label, value=counted.value) for counted in Counted]
_STYLES = [
    app_commands.Choice(name=f"{style.write(12345)} ({style.value})", value=style.value) for style in NumberStyle
]


class CounterCommands(app_commands.Group):
    """
    The commands under `/counters`.

    Args:
        settings: what each guild has set up.
        service: the numbers.
        names: what the channels show, and when they may change.
        channels: makes and tests channels.
        activity: whether messages and time in voice are counted.

    """

    def __init__(
        self,
        settings: SettingsBook,
        service: StatsService,
        names: ChannelNames,
        channels: CounterChannels,
        *,
        activity: bool,
    ) -> None:
        super().__init__(
            name="counters",
            description="Numbers in channel names",
            default_permissions=discord.Permissions(manage_guild=True),
        )
        self._settings = settings
        self._service = service
        self._names = names
        self._channels = channels
        self._activity = activity

    @app_commands.command(description="Show a number in a channel's name")
    @app_commands.describe(
        kind="What to count",
        template="The name, {count} standing for the number; default: as the kind says",
        style="How the number is written",
        role="Whose members to count, for the kind Role",
        channel="A channel to use; without one a locked voice channel is made",
    )
    @app_commands.choices(kind=_KINDS, style=_STYLES)
    @answered(private=True)
    async def add(
        self,
        interaction: discord.Interaction,
        kind: str,
        template: app_commands.Range[str, 1, LONGEST_TEMPLATE] | None = None,
        style: str = NumberStyle.PLAIN.value,
        role: discord.Role | None = None,
        channel: Channel | None = None,
    ) -> Reply:
        guild_id = guild_of(interaction)
        counter = Counter(0, Counted(kind), template, NumberStyle(style), role.id if role is not None else None)
        settings = self._settings.of(guild_id)
        require_countable(counter, guild_id, settings, activity=self._activity)
        if counter.template is None and (channel is None or counter.counted is Counted.GOAL):
            counter = replace(counter, template=_template(counter, role))
        if channel is None:
            counter, name = await self._make(guild_id, counter, interaction)
        else:
            counter, name = await self._adopt(guild_id, counter, channel)
        self._names.saw(counter.channel_id, name)
        await self._settings.change(guild_id, interaction.user.id, lambda now: now.with_counter(counter))
        self._service.guild(guild_id).renamed(counter.channel_id, name)
        shown = counter.name(self._service.guild(guild_id).counts)
        number = f"It will show “{shown}”." if shown is not None else "Its number is being counted."
        return Reply.say(f"<#{counter.channel_id}> is now a counter. {number} See `/counters why` if it lags.")

    @app_commands.command(description="Stop counting in a channel's name")
    @app_commands.describe(channel="The counter", delete="Delete the channel as well")
    @answered(private=True)
    async def remove(self, interaction: discord.Interaction, channel: Channel, delete: bool = False) -> Reply:
        guild_id = guild_of(interaction)
        counter = self._counter(guild_id, channel.id)
        if self._settings.is_fixed(guild_id, channel.id):
            raise NeedsOperator(
                f"<#{channel.id}> is set in the bot's environment.",
                remedy="Whoever runs the bot can take it out there (…_COUNT_CHANNEL_ID).",
            )
        if delete:
            _require_deletable(counter, interaction)
        await self._settings.change(
            guild_id, interaction.user.id, lambda settings: settings.without_counter(channel.id)
        )
        if not delete:
            return Reply.say(f"<#{channel.id}> keeps its name and counts no more.")
        with suppress(Gone):
            await self._channels.remove(channel.id, reason=f"/counters remove by {interaction.user}")
        return Reply.say(
            "The counter and its channel are gone. `/setup undo` brings the counter back, not the channel."
        )

    @app_commands.command(name="list", description="Every counter: what it shows and what is true")
    @answered(private=True)
    async def all(self, interaction: discord.Interaction) -> Reply:
        guild_id = guild_of(interaction)
        stats = self._service.guild(guild_id)
        shown = {name.channel_id: name for name in self._names.channels}
        return Reply(list_view(stats, shown))

    @app_commands.command(description="Why a counter does not show the newest number, and when it will")
    @app_commands.describe(channel="The counter")
    @answered(private=True)
    async def why(self, interaction: discord.Interaction, channel: Channel) -> Reply:
        guild_id = guild_of(interaction)
        counter = self._counter(guild_id, channel.id)
        state = next((name for name in self._names.channels if name.channel_id == channel.id), None)
        return Reply(
            why_view(counter, self._service.guild(guild_id).counts, state, self._names.next_change(channel.id))
        )

    async def _make(self, guild_id: int, counter: Counter, interaction: discord.Interaction) -> tuple[Counter, str]:
        name = counter.name(self._service.guild(guild_id).counts) or (counter.template or COUNT).replace(COUNT, "…")
        made = await self._channels.make(guild_id, counter, name, reason=f"/counters add by {interaction.user}")
        return made, name

    async def _adopt(
        self, guild_id: int, counter: Counter, channel: app_commands.AppCommandChannel
    ) -> tuple[Counter, str]:
        _require_manager(channel)
        if self._settings.is_fixed(guild_id, channel.id):
            raise NeedsOperator(
                f"<#{channel.id}> is a counter already, set in the bot's environment.",
                remedy="Choose another channel, or leave `channel` out to have one made.",
            )
        made = any(item.made for item in self._settings.of(guild_id).counters if item.channel_id == channel.id)
        name = await self._channels.adopt(guild_id, channel.id)
        return replace(counter, channel_id=channel.id, made=made), name

    def _counter(self, guild_id: int, channel_id: int) -> Counter:
        for counter in self._settings.of(guild_id).counters:
            if counter.channel_id == channel_id:
                return counter
        raise NeedsOperator(f"<#{channel_id}> is no counter.", remedy="`/counters list` shows those there are.")


def _require_manager(channel: app_commands.AppCommandChannel) -> None:
    """
    Let nobody rename through the bot what they may not rename themselves.

    Raises:
        NeedsOperator: the member may not manage the channel.

    """
    if not channel.permissions.manage_channels:
        raise NeedsOperator(
            f"You lack Manage Channels in <#{channel.id}>, and the bot would change its name.",
            remedy="Ask somebody who has it, or leave `channel` out to have a new one made.",
        )


def _require_deletable(counter: Counter, interaction: discord.Interaction) -> None:
    """
    Refuse to delete what the bot did not make, or the member could not delete.

    What holds in the counter's own channel does not matter: it is locked, which takes Manage Channels away in it.

    Raises:
        NeedsOperator: with what to do instead.

    """
    if not counter.made:
        raise NeedsOperator(
            f"The bot did not make <#{counter.channel_id}>, so it does not delete it.",
            remedy="Leave `delete` out to end the counter, then delete the channel in Discord.",
        )
    if not interaction.permissions.manage_channels:
        raise NeedsOperator(
            f"You lack Manage Channels, and <#{counter.channel_id}> would be deleted.",
            remedy="Ask somebody who has it, or leave `delete` out to end the counter only.",
        )


def _template(counter: Counter, role: discord.Role | None) -> str:
    if counter.counted is Counted.ROLE and role is not None:
        return f"{role.name[: LONGEST_TEMPLATE - 10]}: {COUNT}"
    return counter.counted.template
