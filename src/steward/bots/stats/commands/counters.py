"""`/counters`: numbers in channel names, set up and explained in Discord."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import discord
from discord import app_commands

from steward.bots.stats.counters.channels import CounterChannels
from steward.bots.stats.counters.counters import LONGEST_TEMPLATE, Counted, Counter, NumberStyle, role_template
from steward.bots.stats.counts.facts import GuildCounts
from steward.bots.stats.counts.first_counts import FirstCounts
from steward.bots.stats.counts.service import StatsService
from steward.bots.stats.setup.guild_settings import StatsSection, require_countable
from steward.bots.stats.views.counters import added_view, choice_name, choice_names, list_view, why_view
from steward.client.access.channel_access import ChannelAccess
from steward.client.access.permissions import Permission
from steward.client.components import Reply
from steward.client.embeds import quoted
from steward.client.interactions import NAMED, answered, guild_of
from steward.client.panels.chooser import Named, Offered, the_one
from steward.client.posts.channel_name import ChannelName
from steward.client.posts.channel_names import ChannelNames
from steward.client.rest.errors import Gone, TryLater
from steward.errors import NeedsOperator

Channel = app_commands.Transform[app_commands.AppCommandChannel, NAMED]
Name = app_commands.Transform[str, Offered(lambda group, interaction, _: group.named(guild_of(interaction)))]

_KINDS = [app_commands.Choice(name=counted.label, value=counted.value) for counted in Counted]
_STYLES = [
    app_commands.Choice(name=f"{style.write(12345)} ({style.value})", value=style.value) for style in NumberStyle
]


class CounterCommands(app_commands.Group):
    """The commands under `/counters`."""

    def __init__(
        self,
        settings: StatsSection,
        service: StatsService,
        names: ChannelNames,
        channels: CounterChannels,
        access: ChannelAccess,
        first_counts: FirstCounts,
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
        self._access = access
        self._first_counts = first_counts
        self._activity = activity

    @app_commands.command(description="Show a number in a channel's name")
    @app_commands.describe(
        kind="What to count",
        template="The name, with {count} where the number goes; default: as the kind says",
        style="How the number is written",
        role="Whose members to count, for the kind Role",
        channel="A channel to use; without one I make a locked voice channel",
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
        await self._first_counts.learn(guild_id, (counter,))
        if channel is None:
            counter, name = await self._make(guild_id, counter, interaction)
        else:
            counter, name = await self._adopt(guild_id, counter, channel)
        self._names.saw(counter.channel_id, name)
        await self._settings.change(guild_id, interaction.user.id, lambda now: now.with_counter(counter))
        self._service.guild(guild_id).renamed(counter.channel_id, name)
        in_text = channel is not None and channel.type in (discord.ChannelType.text, discord.ChannelType.news)
        return Reply(added_view(counter, self._state(counter), in_text=in_text))

    @app_commands.command(description="Remove a counter")
    @app_commands.describe(counter="Which, by its name", delete="Delete the channel as well")
    @answered(private=True)
    async def remove(self, interaction: discord.Interaction, counter: Name, delete: bool = False) -> Reply:
        guild_id = guild_of(interaction)
        found = await self._found(guild_id, counter)
        channel_id, state = found.channel_id, self._state(found)
        if self._settings.fixed(guild_id).names_channel(channel_id):
            raise NeedsOperator(
                f"<#{channel_id}> is set in the bot's environment, so I can't change it here.",
                remedy="Whoever runs the bot can take it out there (…_COUNT_CHANNEL_ID).",
            )
        gone = state is not None and state.gone
        if delete and not gone:
            _require_deletable(found, interaction)
        await self._settings.change(
            guild_id, interaction.user.id, lambda settings: settings.without_counter(channel_id)
        )
        if gone:
            return Reply.say("I've removed the counter. Its channel was already deleted.")
        if not delete:
            return Reply.say(f"<#{channel_id}> keeps its name and isn't a counter any more.")
        with suppress(Gone):
            await self._channels.remove(channel_id, reason=f"/counters remove by {interaction.user}")
        return Reply.say(
            "I've removed the counter and its channel. *Undo the last change* in `/setup` brings back the counter,"
            " not the channel."
        )

    @app_commands.command(name="list", description="All counters, with their numbers")
    @answered(private=True)
    async def all(self, interaction: discord.Interaction) -> Reply:
        guild_id = guild_of(interaction)
        stats = self._service.guild(guild_id)
        return Reply(list_view(stats, [self._state(counter) for counter in stats.counters]))

    @app_commands.command(description="Why a counter is behind, and when it catches up")
    @app_commands.describe(counter="Which, by its name")
    @answered(private=True)
    async def why(self, interaction: discord.Interaction, counter: Name) -> Reply:
        guild_id = guild_of(interaction)
        found = await self._found(guild_id, counter)
        counts = self._service.guild(guild_id).counts
        problem = await self._problem(guild_id, found, counts)
        next_change = self._names.next_change(found.channel_id)
        return Reply(why_view(found, counts, self._state(found), next_change, problem))

    async def named(self, guild_id: int) -> Named:
        """Return the counters by name: Discord would not offer a channel that was deleted."""
        counters = self._settings.of(guild_id).counters
        names = choice_names([(counter, self._state(counter)) for counter in counters])
        return [(name, str(counter.channel_id)) for counter, name in zip(counters, names, strict=True)]

    async def _problem(self, guild_id: int, counter: Counter, counts: GuildCounts) -> str | None:
        """Return what stands in a counter's way now; a channel that may be renamed again is renamed."""
        state = self._state(counter)
        try:
            if state is not None and state.refused:
                await self._channels.adopt(guild_id, counter.channel_id)
                self._names.retry(counter.channel_id)
            if counter.counted is Counted.BANS and counts.bans is None:
                await self._access.require_in_guild(guild_id, Permission.BAN_MEMBERS)
        except NeedsOperator as missing:
            return str(missing)
        except TryLater as error:
            return state.problem if state is not None and state.problem is not None else str(error)
        return None if state is None else state.problem

    async def _make(self, guild_id: int, counter: Counter, interaction: discord.Interaction) -> tuple[Counter, str]:
        name = counter.first_name(self._service.guild(guild_id).counts)
        made = await self._channels.make(guild_id, counter, name, reason=f"/counters add by {interaction.user}")
        return made, name

    async def _adopt(
        self, guild_id: int, counter: Counter, channel: app_commands.AppCommandChannel
    ) -> tuple[Counter, str]:
        _require_manager(channel)
        if self._settings.fixed(guild_id).names_channel(channel.id):
            raise NeedsOperator(
                f"<#{channel.id}> is a counter already, set in the bot's environment.",
                remedy="Choose another channel, or leave `channel` out and I'll make one.",
            )
        made = any(item.made for item in self._settings.of(guild_id).counters if item.channel_id == channel.id)
        name = await self._channels.adopt(guild_id, channel.id)
        return replace(counter, channel_id=channel.id, made=made), name

    async def _found(self, guild_id: int, written: str) -> Counter:
        """
        Return the counter that was chosen, or written as a channel or a name.

        Raises:
            NeedsOperator: there is none.
            Ambiguous: several have that name.

        """
        written, names = written.strip(), {value: name for name, value in await self.named(guild_id)}
        fitting = [
            counter
            for counter in self._settings.of(guild_id).counters
            if written in {id_ := str(counter.channel_id), f"<#{id_}>", choice_name(counter, self._state(counter))}
        ]
        found = the_one(
            written,
            fitting,
            "counters",
            option="counter",
            offer=lambda one: (names[str(one.channel_id)], str(one.channel_id)),
        )
        if found is None:
            raise NeedsOperator(
                f"There's no counter called “{quoted(written)}”.",
                remedy="Pick one from the list that opens while you type.",
            )
        return found

    def _state(self, counter: Counter) -> ChannelName | None:
        return self._names.get(counter.channel_id)


def _require_manager(channel: app_commands.AppCommandChannel) -> None:
    """
    Let nobody rename through the bot what they may not rename themselves.

    Raises:
        NeedsOperator: the member may not manage the channel.

    """
    if not channel.permissions.manage_channels:
        raise NeedsOperator(
            f"You need Manage Channels in <#{channel.id}>, because I'd change its name.",
            remedy="Ask somebody who has it, or leave `channel` out and I'll make a new one.",
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
            f"I didn't make <#{counter.channel_id}>, so I won't delete it.",
            remedy="Leave `delete` out to remove the counter, then delete the channel yourself.",
        )
    if not interaction.permissions.manage_channels:
        raise NeedsOperator(
            f"You need Manage Channels to have <#{counter.channel_id}> deleted.",
            remedy="Ask somebody who has it, or leave `delete` out to remove the counter only.",
        )


def _template(counter: Counter, role: discord.Role | None) -> str:
    if counter.counted is Counted.ROLE and role is not None:
        return role_template(role.name)
    return counter.counted.template
