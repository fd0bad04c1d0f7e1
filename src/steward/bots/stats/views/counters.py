"""How counters are listed and explained."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import discord

from steward.bots.stats.counters.counters import Counter
from steward.bots.stats.counts.facts import GuildCounts
from steward.bots.stats.counts.guild import GuildStats
from steward.client.embeds import Message
from steward.client.panels.chooser import LONGEST_CHOICE
from steward.client.posts.channel_name import ChannelName
from steward.text.cutting import cut_label, cut_list

LONGEST = 4000  # of an embed's description, 4096 in Discord
GONE = " (deleted)"
NONE_YET = "There are no counters yet. `/counters add` makes one, and `/setup` makes the usual ones."
KEEPS_TRYING = "I keep trying by myself."
ONCE_MENDED = "Once that's done, I go on by myself."
TEXT_NAMES = "Discord rewrites text channel names in small letters with dashes; a voice channel shows them as they are."
LIMIT = "Discord allows two renames per channel in ten minutes, so a counter can be a few minutes behind."


def list_view(stats: GuildStats, states: Sequence[ChannelName | None]) -> Message:
    """
    List every counter of a guild: the channel, what it shows, what is true.

    Args:
        states: what the channel of each of its counters is called.

    """
    shown = zip(stats.counters, states, strict=True)
    lines = [_line(counter, stats.counts, state) for counter, state in shown]
    text = cut_list(lines, LONGEST) or NONE_YET
    return {"embeds": [{"title": "Counters", "description": text, "footer": {"text": LIMIT}}]}


def added_view(counter: Counter, state: ChannelName | None, *, in_text: bool) -> Message:
    """
    Say that a channel is a counter, and what it will be called.

    Args:
        state: what its channel should be called.
        in_text: whether it is a text channel.

    """
    wanted = state.wanted if state is not None else None
    shows = f"It'll show “{wanted}”." if wanted is not None else "It'll show the number as soon as Discord tells me."
    written = f" {TEXT_NAMES}" if in_text and wanted is not None else ""
    return {
        "content": f"<#{counter.channel_id}> is now a counter. {shows}{written} If it lags, `/counters why` says why."
    }


def choice_name(counter: Counter, state: ChannelName | None) -> str:
    """Return what a counter is called where one is chosen: what its channel shows, or would."""
    if state is None:
        return counter.counted.label
    return _cut(state.shown or state.wanted or counter.counted.label, GONE if state.gone else "")


def choice_names(counters: Sequence[tuple[Counter, ChannelName | None]]) -> list[str]:
    """Return what counters are called where one of them is chosen; those called the same with their channels."""
    names = [choice_name(counter, state) for counter, state in counters]
    return [
        name if names.count(name) == 1 else _cut(name, f" (channel {counter.channel_id})")
        for (counter, _), name in zip(counters, names, strict=True)
    ]


def why_view(
    counter: Counter,
    counts: GuildCounts,
    state: ChannelName | None,
    next_change: datetime | None,
    problem: str | None = None,
) -> Message:
    """
    Explain one counter.

    Args:
        state: what its channel is called and what stands between; None when it has not been seen.
        next_change: when it can be renamed; None when it shows what it should, or nobody knows.
        problem: what stands in its way, and what helps; None where nothing does.

    """
    channel = f"<#{counter.channel_id}>"
    value = counter.value(counts)
    if problem is not None and state is not None and state.gone:
        said = [problem]
    elif problem is not None:
        is_late = state is not None and not state.refused and value is not None
        said = [problem, *([] if state is None or not state.stale else [_behind(channel, state)])]
        said.append(KEEPS_TRYING if is_late else ONCE_MENDED)
    elif value is None:
        said = [f"{channel} waits: {_unknown(counter)}"]
    elif state is None or next_change is None:
        said = [f"{channel} shows the newest number: {counter.style.write(value)}."]
    else:
        when = discord.utils.format_dt(next_change, "R")
        said = [f"{_behind(channel, state)} It changes {when}.", LIMIT]
    return {"content": "\n".join(said)}


def _cut(name: str, suffix: str) -> str:
    return cut_label(name, LONGEST_CHOICE - len(suffix)) + suffix


def _behind(channel: str, state: ChannelName) -> str:
    return f"{channel} shows “{state.shown}” and should show “{state.wanted}”."


def _line(counter: Counter, counts: GuildCounts, state: ChannelName | None) -> str:
    value = counter.value(counts)
    truth = "not known yet" if value is None else f"**{counter.style.write(value)}**"
    line = f"<#{counter.channel_id}> · {counter.counted.label}: {truth}"
    if state is not None and state.gone:
        return f"{line} · ⚠️ the channel is gone, `/counters remove`"
    if state is not None and state.problem is not None:
        return f"{line} · ⚠️ `/counters why`"
    return f"{line} · renamed soon" if state is not None and state.stale else line


def _unknown(counter: Counter) -> str:
    reasons = {
        "bans": "I'm counting the bans; for that I need the permission Ban Members.",
        "role": "I haven't counted the role's members yet, or the role is gone.",
        "goal": "there's no goal; `/goal set` sets one.",
    }
    return reasons.get(counter.counted.value, "Discord hasn't told me the number yet.")
