"""How goals look."""

from __future__ import annotations

from steward.bots.stats.setup.guild_settings import Goal
from steward.client.embeds import GREEN, Message, clean, number
from steward.text.plurals import counted

BARS = 20


def milestone(guild: str, step: int, goal: int) -> Message:
    """Announce a milestone, or the goal itself."""
    name = clean(guild)
    if step >= goal:
        title, text = f"🎉 {counted(goal, 'member')}!", f"{name} has reached its goal."
    else:
        title, text = f"{counted(step, 'member')}", f"{name} is on its way to {number(goal)}: {progress(step, goal)}"
    return {"embeds": [{"title": title, "description": text, "color": GREEN}]}


def goal_view(goal: Goal | None, members: int | None) -> Message:
    if goal is None:
        return {"content": "There's no goal yet. Somebody with Manage Server can set one with `/goal set`."}
    told = f" I'll announce milestones in <#{goal.channel_id}>." if goal.channel_id is not None else ""
    if members is None:
        return {"content": f"The goal is {counted(goal.members, 'member')}.{told}"}
    missing = max(0, goal.members - members)
    state = "reached 🎉" if missing == 0 else f"{number(missing)} to go"
    return {"content": f"{progress(members, goal.members)} {number(members)} of {number(goal.members)}: {state}.{told}"}


def progress(members: int, goal: int) -> str:
    """Draw a bar of how much of the goal is there."""
    done = min(BARS, members * BARS // goal)
    return f"`{'█' * done}{'░' * (BARS - done)}` {min(100, members * 100 // goal)} %"
