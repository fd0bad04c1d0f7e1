"""
A command option that names one of several things: completed while a member types, and resolved once it is sent.

    Market = app_commands.Transform[str, Offered(lambda group, interaction, typed: group.open_markets())]

    found = the_one(market, best_matches(market, named), "markets", option="market", offer=Market.named)
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from itertools import islice
from typing import Any, TypeVar

import discord
from discord import app_commands

from steward.client.embeds import quoted
from steward.client.interactions import Ambiguous
from steward.text.cutting import cut_label

MAX_CHOICES, LONGEST_CHOICE = 25, 100  # that Discord shows
MOST_DIGITS = 19

T = TypeVar("T")
Named = Iterable[tuple[str, str]]
"""Choices: the name that is shown, and the value that the command gets."""


class Offered(app_commands.Transformer):
    """
    A text option with autocomplete, for `app_commands.Transform[str, Offered(...)]`.

    Args:
        offer: returns the choices, given the command's group, the interaction and the text so far.
        longest: characters that may be typed.
        narrowed: leave out names that do not contain the text.

    """

    min_value = 1
    max_value = LONGEST_CHOICE

    def __init__(
        self,
        offer: Callable[[Any, discord.Interaction, str], Awaitable[Named]],
        *,
        longest: int = LONGEST_CHOICE,
        narrowed: bool = True,
    ) -> None:
        self._offer = offer
        self.max_value = longest
        self._narrowed = narrowed

    async def transform(self, interaction: discord.Interaction, value: Any, /) -> Any:
        """Return the text unchanged."""
        del interaction
        return value

    async def autocomplete(self, interaction: discord.Interaction, value: Any, /) -> list[app_commands.Choice[Any]]:
        """Return the first choices, as many as Discord shows."""
        wanted = value.casefold() if self._narrowed else ""
        named = await self._offer(getattr(interaction.command, "binding", None), interaction, value)
        fitting = islice(((name, one) for name, one in named if wanted in name.casefold()), MAX_CHOICES)
        return [app_commands.Choice(name=cut_label(name, LONGEST_CHOICE), value=one) for name, one in fitting]


def the_one(
    typed: str, fitting: Sequence[T], what: str, *, option: str, offer: Callable[[T], tuple[str, str]]
) -> T | None:
    """
    Return the only match; None if there is none.

    Raises:
        Ambiguous: there are several: the member picks one, and the command runs again with its value in `option`;
            `offer` returns the name and the value of a match, `what` is what they are, such as `events`.

    """
    if len(fitting) > 1:
        raise Ambiguous(f"Several {what} fit “{quoted(typed)}”.", option=option, offers=list(map(offer, fitting)))
    return fitting[0] if fitting else None


def typed_id(typed: str) -> int | None:
    """Return the id that a text is, as the value of a choice can be; None where it is none that a database takes."""
    typed = typed.strip()
    number = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= MOST_DIGITS else None
    return number if number is not None and number < 1 << 63 else None
