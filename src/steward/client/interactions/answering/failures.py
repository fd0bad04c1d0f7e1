"""What a member is told when a handler fails: a sentence, never a traceback."""

from __future__ import annotations

from hashlib import blake2b

import discord
from discord import app_commands

from steward.client.components.reply import Reply
from steward.errors import Broken, StewardError
from steward.runtime.logs.loggers import get_logger

log = get_logger(__name__)

CHANGED = "This command has just changed. Restart Discord (Ctrl+R) and try again."
INTERRUPTED = "I'm restarting and couldn't finish this. Please try again in a minute."
BROKEN = "Something went wrong on our side. If it keeps happening, give whoever runs the bot this number:"


def error_id(interaction_id: int) -> str:
    """Return eight characters that stand in the log and before the member's eyes."""
    return blake2b(str(interaction_id).encode(), digest_size=4).hexdigest()


def foreseen(error: Exception) -> Reply | None:
    """Return what to tell the member of an error that somebody has foreseen; None for all others."""
    match error:
        case Broken():
            return None
        case StewardError() if error.for_members:
            return Reply.say(error.for_members, private=True)
        case StewardError() | app_commands.CheckFailure():
            return Reply.say(str(error), private=True)
        case app_commands.CommandNotFound() | app_commands.CommandSignatureMismatch():
            return Reply.say(CHANGED, private=True)
    return None


def unforeseen(number: str) -> Reply:
    """Return what to tell the member of an error that is in the log under `number`."""
    return Reply.say(f"{BROKEN} `{number}`", private=True)


def told_of(interaction: discord.Interaction, error: Exception) -> Reply:
    """Return what to tell the member of any error; one that nobody has foreseen is logged with a number."""
    told = foreseen(error)
    if told is not None:
        if isinstance(error, StewardError) and error.for_members:
            log.warning("interaction_refused", reason=str(error))
        return told
    number = error_id(interaction.id)
    log.error("interaction_failed", error_id=number, exc_info=error)
    return unforeseen(number)
