"""
A bot's section of `/setup`: chosen, tested, previewed, saved and taken back like all others.

    evening = ChannelChoice("channel_id", "Evening message", "Tell of thanks in …", POST)
    self.setup = SetupSection(host, self.section, "Thanks", evening)

One that chooses more than channels is a `SetupPanel` of its own.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

import discord
import structlog

from steward.client.access.channel_access import Standing
from steward.client.access.permissions import Permission
from steward.client.components import Action, Reply, Style, button, channel_select, row
from steward.client.embeds import AMBER, BLUE, Message, clean, lines
from steward.client.embeds import field as embed_field
from steward.client.interactions import Ambiguous, Use, guild_of
from steward.client.panels.drafts import Drafts
from steward.client.panels.form import ModalForm
from steward.client.panels.panel import Panel, Take
from steward.client.rest.errors import Gone, Refused
from steward.errors import NeedsOperator, NotReady, StewardError
from steward.guilds.host import NOT_SENT, Host
from steward.guilds.reports import GuildReports
from steward.guilds.settings_book import GuildSection, Section, T
from steward.guilds.setup.draft import SectionDraft, setup_drafts
from steward.guilds.zones.place_option import OTHER, zone_form, zone_said, zone_select
from steward.store import Store
from steward.store.outbox import outbox
from steward.text.places import guessed_zone

log = structlog.get_logger(__name__)

D = TypeVar("D", bound=SectionDraft[Any])

TEXT_CHANNELS = (0, 5)
IN_A_ROW = 5  # buttons
NOTHING_SAVED = "Nothing is saved until you press Save."
NOT_SAVED = "Nothing is saved yet."
UNDONE = "The last change is taken back. Undo once more brings it again."
UNDONE_OF = "The last change ({bots}) is taken back. Undo once more brings it again."


@dataclass(frozen=True, slots=True)
class ChannelChoice:
    """
    A channel that a guild chooses.

    Attributes:
        name: of the setting that holds its id.
        label: what it is called.
        placeholder: what stands in the menu while none is chosen.
        needed: what the bot must be allowed to do there.
        action: what stands for it in custom ids; the setting's name unless said.
        said: says what settings that name a channel lead to; the channel unless said.

    """

    name: str
    label: str
    placeholder: str
    needed: Permission
    action: str = ""
    said: Callable[[Any], str] | None = None

    def shown(self, settings: GuildSection) -> tuple[str, str]:
        """Return what settings say of it, with what it is called."""
        channel_id = getattr(settings, self.name)
        if channel_id is None:
            return self.label, "none"
        return self.label, f"<#{channel_id}>" if self.said is None else self.said(settings)


@dataclass(slots=True)
class Tested:
    """
    What the bot may not do, a sentence each with its remedy.

    Attributes:
        blocking: nothing can be saved before.
        limiting: it can be saved, and a part of it won't work.

    """

    blocking: list[str] = field(default_factory=list)
    limiting: list[str] = field(default_factory=list)
    standing: Standing | None = None

    @property
    def all(self) -> list[str]:
        return [*self.blocking, *self.limiting]


class SetupPanel(Generic[T, D]):
    """
    A section of `/setup`; a bot overrides what it shows and does beside channels and the zone.

    Args:
        title: what it is about, as members read it.
        channels: what is chosen: up to three, one less for each row besides.
        reports: what is made of it: a channel that is gone is told of.

    Attributes:
        order: where it stands among the sections: that with the least is opened unless another is asked for.
        others: the sections of the other bots, which are named in it.

    """

    order = 1

    def __init__(
        self,
        host: Host,
        section: Section[T],
        title: str,
        drafts: Drafts[D],
        *channels: ChannelChoice,
        reports: GuildReports[T] | None = None,
    ) -> None:
        self.title = title
        self.others: Callable[[], Collection[SetupPanel[Any, Any]]] = tuple
        self._host = host
        self._section = section
        self._drafts = drafts
        self._channels = channels
        self._reports = reports
        self._forms: list[Message] = []
        self._panel = Panel(host.interactions, host.store, drafts, self._draw, self._missing, require=require_manager)
        for choice in channels:
            self._panel.on(self.action(choice.action or choice.name), self._chooses(choice))
        self._panel.on(self.action("zone"), self._zone, opens_form=True)
        self._panel.form(self.action("zone_set"), lambda _: zone_form(host.clock.now()), self._zone_set)
        self._panel.on(self.action("preview"), self.preview)
        self._panel.on(self.action("save"), self._save)
        self._panel.on(self.action("undo"), self._undo)

    @property
    def name(self) -> str:
        return self._section.name

    def action(self, name: str) -> Action:
        """Return what a component of the panel does, by its name."""
        return Action(self.name, f"setup_{name}")

    def form(self, name: str, label: str, form: Callable[[D], ModalForm], take: Take[D] | None = None) -> None:
        """Have a form opened by a button; unless `take` does it, its values are settings by name."""
        opens = self.action(name)
        self._panel.form(self.action(f"{name}_set"), form, take or _choose, opens=opens)
        self._forms.append(button(label, opens.id()))

    async def begin(self, interaction: discord.Interaction, draft: D) -> tuple[D, str]:
        """Return a new draft with what is suggested, and a note for who opens the panel."""
        del interaction
        return draft, ""

    def shown(self, draft: D) -> list[tuple[str, str]]:
        """Return what a draft says, with what it is called."""
        return self.held(draft.settings)

    def held(self, settings: T) -> list[tuple[str, str]]:
        """Return what settings say, with what it is called."""
        return [choice.shown(settings) for choice in self._channels]

    def rows(self, draft: D) -> list[Message]:
        return [
            channel_select(
                self.action(choice.action or choice.name).id(),
                kinds=TEXT_CHANNELS,
                placeholder=choice.placeholder,
                least=0,
                chosen=() if (chosen := getattr(draft.settings, choice.name)) is None else (chosen,),
            )
            for choice in self._channels
        ]

    async def test_more(self, guild_id: int, draft: D, tested: Tested) -> None:
        """Test what a draft promises beside its channels; may raise what Discord answers."""

    async def warnings(self, guild_id: int, draft: D) -> Sequence[str]:
        """Return what whoever saves a draft should know before: it may be saved all the same."""
        del guild_id, draft
        return ()

    async def preview(self, use: Use, draft: D) -> Reply:
        """Show what Save would lead to."""
        guild_id = guild_of(use.interaction)
        told = if_saved(self.held(self.once_saved(guild_id, draft)), await self.test(guild_id, draft))
        return Reply({"embeds": [told]}, private=True)

    async def prepare(self, use: Use, draft: D, tested: Tested) -> D:
        """Do what must be done before a draft is saved; raises what stands in its way."""
        del use, tested
        return draft

    async def problems(self, guild_id: int) -> Sequence[str]:
        """Return what needs attention in a guild."""
        settings = self._section.of(guild_id)
        gone = None if self._reports is None else self._reports.problems.get(guild_id)
        told = await unsent(self._host.store, {getattr(settings, choice.name) for choice in self._channels})
        return told if gone is None else [gone, *told]

    async def open(self, interaction: discord.Interaction) -> Reply:
        """Open the panel with a new draft."""
        guild_id = guild_of(interaction)
        require_manager(interaction)
        draft, note = await self.begin(interaction, self._drafts.kind.of(self._section.own(guild_id)))
        guess = guessed_zone(interaction.guild_locale, interaction.locale)
        if guess is not None and not draft.settings.zone_chosen:
            draft = draft.in_zone(guess, guessed=True)
        await self._panel.keep(interaction, draft)
        return Reply(await self._drawn(guild_id, draft, note=note, tested=await self.test(guild_id, draft)))

    async def test(self, guild_id: int, draft: D) -> Tested:
        """Test all that a draft promises; what Discord doesn't tell now is taken to be allowed."""
        tested = Tested(limiting=[*await self.warnings(guild_id, draft)])
        try:
            tested.standing = await self._host.access.standing(guild_id)
            for choice in self._channels:
                if (channel_id := getattr(draft.settings, choice.name)) is not None:
                    required = self._host.access.require(guild_id, channel_id, choice.needed, tested.standing)
                    tested.blocking += await refusal_of(required)
            await self.test_more(guild_id, draft, tested)
        except (NotReady, Refused, Gone) as error:
            log.info("setup_not_tested", guild=guild_id, reason=str(error))
        return tested

    def once_saved(self, guild_id: int, draft: D) -> T:
        """Return what would hold in a guild if a draft were saved now."""
        now: T = draft.applied_to(self._section.own(guild_id))
        return self._section.overlaid(guild_id, now)

    def _chooses(self, choice: ChannelChoice) -> Callable[[Use, D], Awaitable[D]]:
        async def chosen(use: Use, draft: D) -> D:
            guild_id, channel_id = guild_of(use.interaction), int(use.values[0]) if use.values else None
            fixed = getattr(self._section.fixed(guild_id), choice.name)
            if fixed is not None and channel_id != fixed:
                raise NeedsOperator(
                    f"<#{fixed}> is set in the bot's environment: whoever runs the bot can change it there."
                )
            if channel_id is not None:
                await self._host.access.require(guild_id, channel_id, choice.needed)
            return draft.choosing(**{choice.name: channel_id})

        return chosen

    async def _zone(self, use: Use, draft: D) -> D | Reply:
        if use.value == OTHER:
            return Reply(modal=zone_form(self._host.clock.now()).modal(self.action("zone_set").id()))
        return draft.in_zone(use.value)

    async def _zone_set(self, _: Use, draft: D, values: dict[str, Any]) -> D:
        return draft.in_zone(values["place"]) if values else draft

    async def _save(self, use: Use, draft: D) -> Reply:
        """Test everything once more, then save."""
        guild_id = guild_of(use.interaction)
        tested = await self.test(guild_id, draft)
        if tested.blocking:
            raise NeedsOperator("\n⚠️ ".join([NOT_SAVED, *tested.blocking]))
        draft = await self.prepare(use, draft, tested)
        settings = await self._section.change(guild_id, use.interaction.user.id, draft.applied_to)
        await self._panel.drop(use.interaction)
        said = [
            "Saved.",
            *(f"**{label}:** {value}" for label, value in [*self.held(settings), ("Time zone", settings.zone)]),
            *(f"⚠️ {problem}" for problem in tested.limiting),
            "Use `/setup` to change it, or `/setup` > Undo to take it back.",
        ]
        return Reply({"content": "\n".join(said), "embeds": [], "components": []}, update=True)

    async def _undo(self, use: Use, _: D) -> Reply:
        guild_id = guild_of(use.interaction)
        changed = await self._section.book.undo(guild_id, use.interaction.user.id)
        await self._panel.drop(use.interaction)
        titles = {panel.name: panel.title for panel in self.others()}
        bots = ", ".join(titles.get(name, name) for name in sorted(changed))
        note = UNDONE if changed <= {self.name} else UNDONE_OF.format(bots=bots)
        return Reply(await self._drawn(guild_id, await self._missing(use), note=note), update=True)

    async def _missing(self, use: Use) -> D:
        return self._drafts.kind.of(self._section.own(guild_of(use.interaction)))

    async def _draw(self, interaction: discord.Interaction, draft: D, problem: StewardError | None) -> Message:
        note = "" if problem is None else f"⚠️ {problem}"
        offered = problem.offers if isinstance(problem, Ambiguous) else ()
        return await self._drawn(guild_of(interaction), draft, note=note, offered=offered)

    async def _drawn(
        self,
        guild_id: int,
        draft: D,
        *,
        note: str = "",
        tested: Tested | None = None,
        offered: Sequence[tuple[str, str]] = (),
    ) -> Message:
        now, problems = self._host.clock.now(), [*await self.problems(guild_id), *(tested.all if tested else ())]
        shown = replace(draft, settings=self._section.overlaid(guild_id, draft.settings))
        problems += await self.warnings(guild_id, shown)
        said = self.shown(shown)
        said.insert(1, ("Time zone", zone_said(shown, now)))  # before what goes by it
        said += [(other.title, other.line(guild_id)) for other in self.others() if other is not self]
        guild = self._host.client.get_guild(guild_id)
        embed = {
            "title": f"{self.title} of {clean(guild.name)}" if guild is not None else self.title,
            "description": note or NOTHING_SAVED,
            "color": AMBER if note else BLUE,
            "fields": [*_fields(said), *_attention(list(dict.fromkeys(problems)))],
        }
        can_undo = bool(await self._section.book.history(guild_id, limit=1))
        buttons = (
            button("Save", self.action("save").id(), style=Style.GREEN),
            *self._forms,
            button("Preview", self.action("preview").id()),
            button("Undo the last change", self.action("undo").id(), style=Style.RED, disabled=not can_undo),
        )
        menus = [*self.rows(shown), zone_select(self.action("zone").id(), shown, now, offered)]
        rows = [row(*buttons[at : at + IN_A_ROW]) for at in range(0, len(buttons), IN_A_ROW)]
        return {"embeds": [embed], "components": [*map(row, menus), *rows]}

    def line(self, guild_id: int) -> str:
        """Say in a few lines what holds, in the panel of another bot."""
        held = [f"{label}: {value}" for label, value in self.held(self._section.of(guild_id))]
        return lines([*held, f"Change it with `/setup what:{self.title}`."])


class SetupSection(SetupPanel[T, SectionDraft[T]]):
    """A section in which channels are chosen, and what its forms ask for."""

    def __init__(
        self,
        host: Host,
        section: Section[T],
        title: str,
        *channels: ChannelChoice,
        reports: GuildReports[T] | None = None,
    ) -> None:
        super().__init__(host, section, title, setup_drafts(section), *channels, reports=reports)


def if_saved(said: Sequence[tuple[str, str]], tested: Tested) -> Message:
    """Draw the embed that says what Save would lead to, and what would fail."""
    fields = [*_fields(said), *_attention(tested.all)]
    return {"title": "If you saved now", "color": AMBER if tested.all else BLUE, "fields": fields}


def require_manager(interaction: discord.Interaction) -> None:
    """
    Refuse whoever may not manage the server, such as somebody who could when the panel was opened.

    Raises:
        NeedsOperator: the member may not.

    """
    if not interaction.permissions.manage_guild:
        raise NeedsOperator("You lack Manage Server, which `/setup` asks for.", remedy="Ask somebody who has it.")


async def refusal_of(test: Awaitable[object]) -> list[str]:
    """Return the sentence with which a test of permissions refuses, if it does."""
    try:
        await test
    except NeedsOperator as missing:
        return [str(missing)]
    return []


async def unsent(store: Store, channels: Collection[int | None]) -> list[str]:
    """Return a sentence on each message to these channels that was given up in the last day."""
    return [
        NOT_SENT.format(reason=message.reason)
        for message in await store.read(outbox.parked)
        if message.channel_id in channels
    ]


async def _choose(_: Use, draft: D, values: dict[str, Any]) -> D:
    return draft.choosing(**values)


def _fields(said: Sequence[tuple[str, str]]) -> list[Message]:
    return [embed_field(label, value, inline=False) for label, value in said]


def _attention(problems: Sequence[str]) -> list[Message]:
    return _fields([("Needs attention", lines([f"⚠️ {problem}" for problem in problems]))]) if problems else []
