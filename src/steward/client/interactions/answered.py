"""The decorator that makes a coroutine that returns a `Reply` the callback of a command, and the guild of its use."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine
from functools import partial, wraps
from typing import Any, TypeVar, cast

import discord

from steward.client.components.reply import Reply
from steward.client.interactions.choices import Ambiguous
from steward.errors import NeedsOperator

_REPLY = "steward.reply"
_PRIVATE = "__steward_private__"
_OPENS_FORM = "__steward_opens_form__"

Handler = TypeVar("Handler", bound=Callable[..., Coroutine[Any, Any, Reply]])


def answered(*, private: bool = False, opens_form: bool = False) -> Callable[[Handler], Handler]:
    """
    Have the `Reply` that a command's coroutine returns sent by `Interactions`.

    It stands directly above the coroutine, below `@app_commands.command` and its companions.

    Args:
        private: only the member sees the answer, the "thinking" before it included.
        opens_form: the reply may open a form: Discord takes one as the first answer only.

    """

    def decorate(handler: Handler) -> Handler:
        async def run(*args: Any, **kwargs: Any) -> Reply:
            try:
                return await handler(*args, **kwargs)
            except Ambiguous as error:
                error.again = partial(_again, run, args, kwargs, error.option)
                raise

        @wraps(handler)
        async def callback(*args: Any, **kwargs: Any) -> Reply:
            reply = await run(*args, **kwargs)
            interaction = next(arg for arg in args if isinstance(arg, discord.Interaction))
            interaction.extras[_REPLY] = reply
            return reply

        # discord.py reads annotations in the callback's own module, and a wrapper's is this one: so no strings.
        callback.__signature__ = inspect.signature(handler, eval_str=True)  # type: ignore[attr-defined]
        setattr(callback, _PRIVATE, private)
        setattr(callback, _OPENS_FORM, opens_form)
        return cast("Handler", callback)

    return decorate


async def _again(
    run: Callable[..., Coroutine[Any, Any, Reply]],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    option: str,
    interaction: discord.Interaction,
    value: str,
) -> Reply:
    """Run a command again as it was given, but for one option."""
    now = [interaction if isinstance(arg, discord.Interaction) else arg for arg in args]
    return await run(*now, **{**kwargs, option: value})


def reply_to(interaction: discord.Interaction) -> Reply | None:
    """Return what the command's coroutine has returned; None before, and of one that is not `answered`."""
    reply: Reply | None = interaction.extras.get(_REPLY)
    return reply


def is_private(interaction: discord.Interaction) -> bool:
    """Return whether the interaction's command was declared private; one that says nothing is."""
    command = interaction.command
    return bool(getattr(command.callback, _PRIVATE, True)) if command is not None else True


def opens_form(interaction: discord.Interaction) -> bool:
    """Return whether the interaction's command was declared to open a form."""
    return interaction.command is not None and getattr(interaction.command.callback, _OPENS_FORM, False)


def guild_of(interaction: discord.Interaction) -> int:
    """
    Return the guild's id.

    Raises:
        NeedsOperator: it is used outside of guilds; Discord offers it in guilds only.

    """
    if interaction.guild_id is None:
        raise NeedsOperator("This only works in a server.", remedy="Use it in one of your server's channels.")
    return interaction.guild_id
