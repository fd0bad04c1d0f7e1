"""
An option of a command that names one of several things: offered while a member types, found by what was sent off.

    Market = app_commands.Transform[str, Offered(lambda group, interaction, typed: group.open_markets())]

    found = the_one(market, best_matches(market, named), "markets", option="market", offer=Market.named)
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from itertools import islice
from typing import Any, TypeVar

import discord
from discord import app_commands

from steward.client.embeds import plain
from steward.client.interactions import Ambiguous
from steward.text.cutting import cut_label

MOST_CHOICES, LONGEST_CHOICE = 25, 100  # that Discord shows

T = TypeVar("T")
Named = Iterable[tuple[str, str]]
"""What may be chosen: what it is called, and the value by which the command finds it."""


class Offered(app_commands.Transformer):
    """
    The option, for `app_commands.Transform[str, Offered(...)]`.

    Args:
        offer: returns what may be chosen, of the command's group, the interaction and what was typed so far.
        longest: how much may be typed.
        narrowed: names that do not have in them what was typed are left out.

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
        """Return what was sent off as it is."""
        del interaction
        return value

    async def autocomplete(self, interaction: discord.Interaction, value: Any, /) -> list[app_commands.Choice[Any]]:
        """Return as many choices as Discord shows."""
        wanted = value.casefold() if self._narrowed else ""
        named = await self._offer(getattr(interaction.command, "binding", None), interaction, value)
        fitting = islice(((name, one) for name, one in named if wanted in name.casefold()), MOST_CHOICES)
        return [app_commands.Choice(name=cut_label(name, LONGEST_CHOICE), value=one) for name, one in fitting]


def the_one(
    typed: str, fitting: Sequence[T], what: str, *, option: str, offer: Callable[[T], tuple[str, str]]
) -> T | None:
    """
    Return the only thing that fits what was typed; None where nothing does.

    Raises:
        Ambiguous: several do: the member picks one as `offer` names it, and the command goes on with it in `option`.

    """
    if len(fitting) > 1:
        raise Ambiguous(f"Several {what} fit “{quoted(typed)}”.", option=option, offers=list(map(offer, fitting)))
    return fitting[0] if fitting else None


def quoted(typed: str) -> str:
    """Return what was typed as it may stand in a sentence."""
    return plain(cut_label(typed, 50))
