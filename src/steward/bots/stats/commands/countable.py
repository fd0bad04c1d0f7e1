"""What can be counted in a guild, and what to do where it cannot."""

from __future__ import annotations

from steward.bots.stats.counters.counters import COUNT, Counted, Counter
from steward.bots.stats.setup.guild_settings import MAX_COUNTERS, GuildSettings
from steward.errors import NeedsOperator


def require_countable(counter: Counter, guild_id: int, settings: GuildSettings, *, activity: bool) -> None:
    """
    Refuse what cannot be counted.

    Args:
        activity: whether messages and time in voice are counted.

    Raises:
        NeedsOperator: with what to do instead.

    """
    if counter.template is not None and COUNT not in counter.template:
        raise NeedsOperator(
            f"The template “{counter.template}” doesn't say where the number goes.",
            remedy=f"Write {COUNT} in it, such as “{counter.counted.template}”.",
        )
    if counter.counted is Counted.ROLE and counter.role_id is None:
        raise NeedsOperator("To count a role I need to know which.", remedy="Fill in the option `role`.")
    if counter.counted is Counted.ROLE and counter.role_id == guild_id:  # the id of @everyone is the guild's
        raise NeedsOperator("Everyone has the role @everyone.", remedy="Choose the kind Members, or another role.")
    if counter.counted is Counted.VOICE and not activity:
        raise NeedsOperator(
            "I don't count who's in voice: that's switched off in the bot's environment.",
            remedy="Whoever runs the bot can switch it on (STEWARD_ACTIVITY).",
        )
    if counter.counted is Counted.GOAL and settings.goal is None:
        raise NeedsOperator("There's no goal yet.", remedy="Set one with `/goal set`.")
    if len(settings.counters) >= MAX_COUNTERS:
        raise NeedsOperator(f"There are {MAX_COUNTERS} counters already.", remedy="Remove one with `/counters remove`.")
