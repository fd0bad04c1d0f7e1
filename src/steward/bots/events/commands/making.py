"""`/event create`, `edit`, `duplicate`: where an event in the making begins."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import discord
from discord import app_commands

from steward.bots.events.commands.changing import Time
from steward.bots.events.commands.choosing import ONE, SERIES, WHICH, AnyEvent, Chooser, Event
from steward.bots.events.commands.drafting import Drafting
from steward.bots.events.commands.templates import TemplateName, named_template
from steward.bots.events.editing.draft import EventDraft, Texts
from steward.bots.events.model.details import LONGEST_TITLE, BadEvent, Details
from steward.bots.events.model.lines import read_options
from steward.bots.events.model.lookups import Lookups
from steward.bots.events.model.occurrences import State
from steward.bots.events.model.series import Series
from steward.bots.events.model.templates import Templates
from steward.client.access.channel_access import writable
from steward.client.components import Reply
from steward.client.interactions import TextChannel, answered, guild_of
from steward.guilds.host import Host
from steward.guilds.zones.place_option import PlaceName, chosen_place
from steward.text.durations import spell
from steward.text.recurrence.parts import RuleParts
from steward.text.recurrence.usual import Frequency, repeats_of

LONGEST_LENGTH = 50
LONGEST_RULE = 300
LONGEST_ANSWERS = 1000

Title = app_commands.Range[str, 1, LONGEST_TITLE]
Length = app_commands.Range[str, 1, LONGEST_LENGTH]
LongRule = app_commands.Range[str, 1, LONGEST_RULE]


class MakeCommands(app_commands.Group):
    """The commands that begin a draft; they stand under `/event`."""

    def __init__(
        self, host: Host, drafting: Drafting, chooser: Chooser, lookups: Lookups, templates: Templates
    ) -> None:
        super().__init__(name="making", description="Make events")
        self._drafting = drafting
        self.chooser = chooser
        self._lookups = lookups
        self.templates = templates
        self._access = host.access
        self._zones = host.guilds.zones
        self.clock = host.clock

    @app_commands.command(description="Create an event: you see a preview before anything is posted")
    @app_commands.describe(
        title="What it's called; with a time, you go straight to the preview",
        when="Such as: friday 8pm, tomorrow 20:00-22:00, every monday 19:30",
        length="How long it takes, such as 2h; default: an hour",
        channel="Where it's posted; default: here",
        template="Details to begin with, kept by /event template save",
        answers="Your own answers, such as: +🛡️ Tank | 2; +⚔️ Damage | 6; -❌ No",
        rule="Your own rule of repetition, such as FREQ=WEEKLY;BYDAY=MO,WE",
        timezone="A city or country whose clock it keeps; default: your own /timezone, or the server's",
    )
    @answered(private=True, opens_form=True)
    async def create(
        self,
        interaction: discord.Interaction,
        title: Title | None = None,
        when: Time | None = None,
        length: Length | None = None,
        channel: TextChannel | None = None,
        template: TemplateName | None = None,
        answers: app_commands.Range[str, 1, LONGEST_ANSWERS] | None = None,
        rule: LongRule | None = None,
        timezone: PlaceName | None = None,
    ) -> Reply:
        guild_id = guild_of(interaction)
        channel_id = writable(interaction, channel)
        zone = await self._zones.typed_by(guild_id, interaction.user.id)
        if timezone is not None:
            zone = ZoneInfo(chosen_place(timezone, self.clock.now(), option="timezone").zone)
        if rule is not None:
            RuleParts.parse(rule)
        details = Details("")
        if template is not None:
            _, details = await named_template(self.templates, guild_id, template)
        if answers is not None:
            options = read_options(answers.replace(";", "\n"), details.options, new=interaction.id)
            details = replace(details, options=options)
        before = _texts(details)
        draft = EventDraft(interaction.id, channel_id, zone, before, details)
        if rule is not None:
            draft = replace(draft, repeats=Frequency.CUSTOM, rule=rule)
        texts = replace(before, title=title or before.title, when=when or "", length=length or before.length)
        if texts.title and texts.when:
            return await self._drafting.preview(interaction, draft, texts)
        return await self._drafting.begin(interaction, replace(draft, texts=texts))

    @app_commands.command(description="Change an event; everyone who signed up is notified")
    @app_commands.describe(
        event="Which event",
        which="How far the change reaches; default: this time only",
        rule="Another rule of repetition from this one on, such as FREQ=WEEKLY;BYDAY=MO,WE",
    )
    @app_commands.choices(which=WHICH)
    @answered(private=True)
    async def edit(
        self,
        interaction: discord.Interaction,
        event: Event,
        which: str = ONE,
        rule: LongRule | None = None,
    ) -> Reply:
        occurrence = await self.chooser.own(interaction, event)
        if occurrence.state not in {State.PLANNED, State.POSTED}:
            raise BadEvent(f"It's {occurrence.state.value}.", remedy="Create it again with `/event duplicate`.")
        start = occurrence.wall
        texts, details = _texts(occurrence.details), occurrence.details
        draft = EventDraft(
            interaction.id,
            occurrence.channel_id,
            occurrence.zone,
            texts,
            details,
            start,
            occurrence_id=occurrence.id,
            base=details,
        )
        if which == SERIES or rule is not None:
            draft = _of_series(draft, await self._lookups.series(occurrence))
        if rule is not None:
            draft = replace(draft, repeats=Frequency.CUSTOM, rule=RuleParts.parse(rule).text)
            draft.recurrence()
        return await self._drafting.resume(interaction, draft)

    @app_commands.command(description="Create an event like another one, at another time")
    @app_commands.describe(event="Like which event")
    @answered(private=True, opens_form=True)
    async def duplicate(self, interaction: discord.Interaction, event: AnyEvent) -> Reply:
        occurrence = await self.chooser.own(interaction, event)
        texts, channel_id = _texts(occurrence.details), occurrence.channel_id
        if not await self._access.may_write(occurrence.guild_id, channel_id, interaction.user.id):
            channel_id = writable(interaction)
        draft = EventDraft(interaction.id, channel_id, occurrence.zone, texts, occurrence.details)
        return await self._drafting.begin(interaction, draft)


def _of_series(draft: EventDraft, series: Series) -> EventDraft:
    """Return the draft of an edit as one of the whole series."""
    repeats = repeats_of(series.rule, series.start)
    return replace(
        draft,
        start=series.start,
        repeats=repeats,
        rule=series.rule or "" if repeats is Frequency.CUSTOM else "",
        lead=series.lead,
        whole=True,
        base_rule=series.rule,
        base_lead=series.lead,
    )


def _texts(details: Details) -> Texts:
    """Return the form as it would have been filled in, the time aside."""
    if not details.title:
        return Texts()
    seats = "" if details.seats is None else str(details.seats)
    return Texts(details.title, "", spell(details.minutes), seats, details.description)
