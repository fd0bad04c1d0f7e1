"""Which template a command is about: offered while a member types, or found by what was typed."""

from __future__ import annotations

from discord import app_commands

from steward.bots.events.commands.choosing import MOST_CHOICES, Choices
from steward.bots.events.model.details import BadEvent, Details
from steward.bots.events.model.templates import LONGEST_NAME, Templates
from steward.client.embeds import plain
from steward.client.interactions import Ambiguous
from steward.text.matching import best_matches

Name = app_commands.Range[str, 1, LONGEST_NAME]


async def named_template(
    templates: Templates, guild_id: int, written: str, *, option: str = "template"
) -> tuple[str, Details]:
    """
    Return the template of that name, or the only one whose name fits it, with its whole name.

    Args:
        templates: where they are kept.
        guild_id: whose.
        written: a name or a part of it.
        option: of the command, in which it stands.

    Raises:
        BadEvent: there is none.
        Ambiguous: several fit.

    """
    kept = await templates.all(guild_id)
    fitting = best_matches(written, [(name, name) for name in kept])
    if not fitting:
        raise BadEvent(f"There's no template “{plain(written)}”.", remedy="`/event template list` shows them all.")
    if len(fitting) > 1:
        sentence = f"Several templates fit “{plain(written)}”."
        raise Ambiguous(sentence, option=option, offers=[(name, name) for name in fitting])
    return fitting[0], kept[fitting[0]]


def offered_names(templates: dict[str, Details], typed: str) -> Choices:
    """Return the choices of templates by name."""
    names = [name for name in templates if typed.casefold() in name]
    return [app_commands.Choice(name=name, value=name) for name in names[:MOST_CHOICES]]
