"""`/privacy`: what is kept about a member, as a list and as a file, and how they have it forgotten."""

from __future__ import annotations

from collections.abc import Sequence

import discord
from discord import app_commands

from steward.client.components import Action, Reply, turns
from steward.client.components.actions import page
from steward.client.embeds import Message
from steward.client.interactions import Interactions, Use, answered, guild_of
from steward.client.panels.confirm import confirmed
from steward.client.panels.pager import turn_pages
from steward.errors import NeedsOperator
from steward.guilds.privacy.kept import KeptRecords, OptOuts, Privacy
from steward.runtime.clock import Clock
from steward.text.cutting import cut_list
from steward.text.plurals import counted, listed

FORGET, KEEP = Action("guilds", "forget"), Action("guilds", "keep")
PAGE = Action("guilds", "kept_page", args=(page,))
LONGEST_PAGE = 1600  # of Discord's 2000 characters, for the list
LONGEST_DELETED, LONGEST_LEFT = 800, 250
"""The same where the answer has several lists."""
NOTHING = "I've stored nothing about you in this server."
COUNTED = "You're counted like everybody else; `/privacy count-me` changes that."
NOT_COUNTED = "You're not counted: you asked me not to, and I remember that when the rest is deleted."
WHAT_NEXT = "`/privacy export` gives you all of it as a file, and `/privacy forget-me` deletes it."
NEVER = "I never read or store what you write or say."
KEPT_ALL = "Okay, I've deleted nothing."
COUNT_ON = "You're counted from now on."
COUNT_OFF = "You're not counted from now on. `/privacy forget-me` deletes what's already there."


class PrivacyCommands(app_commands.Group):
    """The commands under `/privacy`, for every member."""

    def __init__(self, interactions: Interactions, opt_outs: OptOuts, privacy: Privacy, clock: Clock) -> None:
        super().__init__(name="privacy", description="What I've stored about you")
        self._opt_outs = opt_outs
        self._privacy = privacy
        self._clock = clock
        interactions.add(self)
        turn_pages(interactions, PAGE, self._page)
        self._ask = confirmed(interactions, FORGET, KEEP, self._forget, label="Delete", cancelled=KEPT_ALL)

    @app_commands.command(description="What I've stored about you in this server")
    @answered(private=True)
    async def show(self, interaction: discord.Interaction) -> Reply:
        return Reply(await self._page(interaction, 0))

    async def _page(self, interaction: discord.Interaction, page: int) -> Message:
        guild_id, user_id = guild_of(interaction), interaction.user.id
        found = await self._privacy.about(guild_id, user_id)
        return shown(found, is_out=(guild_id, user_id) in self._opt_outs, page=page)

    @app_commands.command(description="Everything I've stored about you in this server, as a file")
    @answered(private=True)
    async def export(self, interaction: discord.Interaction) -> Reply:
        done = await self._privacy.export(guild_of(interaction), interaction.user.id, self._clock.now())
        if done is None:
            raise NeedsOperator(
                "There's more about you than Discord lets me send in a file.",
                remedy="Ask whoever runs the bot: it's all in the database.",
            )
        return Reply(
            {"content": f"{counted(done.rows, 'entry', 'entries')}, times in UTC."}, [(done.name, done.content)]
        )

    @app_commands.command(name="count-me", description="Choose whether I count you one by one")
    @app_commands.describe(count="Whether your messages and time in voice are counted for you")
    @answered(private=True)
    async def count_me(self, interaction: discord.Interaction, count: bool) -> Reply:
        guild_id, user_id = guild_of(interaction), interaction.user.id
        if count:
            await self._opt_outs.remove(guild_id, user_id)
            return Reply.say(COUNT_ON)
        await self._opt_outs.add(guild_id, user_id)
        return Reply.say(COUNT_OFF)

    @app_commands.command(name="forget-me", description="Delete everything I've stored about you in this server")
    @answered(private=True)
    async def forget_me(self, interaction: discord.Interaction) -> Reply:
        found = await self._privacy.about(guild_of(interaction), interaction.user.id)
        return self._ask(question(self._privacy.losses, found))

    async def _forget(self, use: Use) -> str:
        guild_id, user_id = guild_of(use.interaction), use.interaction.user.id
        before = await self._privacy.about(guild_id, user_id)
        await self._opt_outs.add(guild_id, user_id)
        await self._privacy.forget(guild_id, user_id)
        after = await self._privacy.about(guild_id, user_id)
        return forgotten(before, after)


def shown(found: Sequence[KeptRecords], *, is_out: bool, page: int = 0) -> Message:
    """Tell a member what is kept about them; `page` counts from 0."""
    pages = _pages(found)
    state = NOT_COUNTED if is_out else COUNTED
    if not pages:
        return {"content": f"{NOTHING}\n{state}", "components": []}
    at = min(page, len(pages) - 1)  # something was deleted since
    head = "**What I've stored about you in this server**"
    said = f"{head}\n{pages[at]}\n\n{NEVER}\n{state}\n{WHAT_NEXT}"
    return {"content": said, "components": turns(at, at < len(pages) - 1, PAGE.id)}


def question(losses: Sequence[str], found: Sequence[KeptRecords] = ()) -> str:
    """Ask a member whether to delete what is kept about them, which takes these from them."""
    staying = _staying(found)
    return (
        "**Delete everything I've stored about you in this server? This can't be undone.**\n"
        f"You lose {listed(losses)}, and I won't count you from now on. Numbers without names stay, and so do"
        " messages that I've already posted: a report with your name will stay in Discord."
        f"{f' This stays too: {listed(staying)}.' if staying else ''}"
    )


def forgotten(before: Sequence[KeptRecords], after: Sequence[KeptRecords]) -> str:
    """Tell a member what was deleted, and what is still to go."""
    deleted = _told([one for one in before if not one.data.stays and not one.kept.is_off], LONGEST_DELETED)
    left = _told([one for one in after if not one.data.stays and not one.kept.is_off], LONGEST_LEFT)
    off = _told([one for one in after if one.kept.is_off], LONGEST_LEFT)
    said = f"Done, I've deleted what I stored about you in this server:\n{deleted}" if deleted else NOTHING
    if off:
        said = f"{said}\n\nThis I can't delete now: ask whoever runs the bot.\n{off}"
    if left:
        said = f"{said}\n\nThis takes a little longer, and goes as soon as Discord lets me take it back:\n{left}"
    if staying := _staying(after):
        said = f"{said}\n\nThis stays: {listed(staying)}."
    return f"{said}\n\nYou're not counted any more; `/privacy count-me` changes that."


def _staying(found: Sequence[KeptRecords]) -> list[str]:
    """Return what is kept of a member who is forgotten."""
    return [said for one in found if one.data.stays and (said := one.data.say(one.records))]


def _told(found: Sequence[KeptRecords], longest: int) -> str:
    return cut_list([line for lines in _by_bot(found).values() for line in lines], longest)


def _pages(found: Sequence[KeptRecords]) -> list[str]:
    """Return what is kept in pages; the name of a bot stands above each part of what it keeps."""
    pages: list[str] = []
    for head, *lines in _by_bot(found).values():
        begun = False
        for line in lines:
            added = line if begun else f"{head}\n{line}"
            if pages and len(pages[-1]) + 1 + len(added) <= LONGEST_PAGE:
                pages[-1] += f"\n{added}"
            else:
                pages.append(f"{head}\n{line}")
            begun = True
    return pages


def _by_bot(found: Sequence[KeptRecords]) -> dict[str, list[str]]:
    """Return the lines of each bot, its name first; of bots without any nothing."""
    lines: dict[str, list[str]] = {}
    for one in found:
        said, kept = one.data.say(one.records), one.kept
        if said:
            head = f"__{kept.bot}__{f' · {kept.until}' if kept.until else ''}"
            lines.setdefault(kept.bot, [head]).append(f"- {said}{_span(one)}")
    return lines


def _span(found: KeptRecords) -> str:
    if found.span is None:
        return ""
    first, last = (discord.utils.format_dt(at, "d") for at in found.span)
    return f" ({first})" if first == last else f" ({first} to {last})"
