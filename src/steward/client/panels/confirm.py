"""
A question before something that can't be undone.

    confirm = Confirm(host.interactions, PAY, KEEP, self._pay, label="Pay out", cancelled="Nothing is paid.")
    return confirm.ask("Pay out 500 coins?", slip.id)
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from steward.client.interactions import Action, Reply, Style, Use, button, row
from steward.client.panels.panel import Handlers


class Confirm:
    """
    Asks a member, and does it.

    Args:
        interactions: where the buttons are registered.
        confirm: the action of the red one; its arguments say what it is about.
        cancel: that of the other, without any.
        work: does it, and returns what is said then; a second press may come on the heels of the first.
        label: of the red button.
        cancelled: what is said where nothing is done.

    """

    def __init__(
        self,
        interactions: Handlers,
        confirm: Action,
        cancel: Action,
        work: Callable[[Use], Awaitable[str]],
        *,
        label: str,
        cancelled: str,
    ) -> None:
        self._confirm = confirm
        self._cancel = cancel
        self._label = label

        async def confirmed(use: Use) -> Reply:
            return _ended(await work(use))

        async def kept(_: Use) -> Reply:
            return _ended(cancelled)

        interactions.on(confirm, confirmed, private=True)
        interactions.on(cancel, kept, private=True)

    def ask(self, text: str, *args: str | int) -> Reply:
        """Ask the member alone; `args` are those of the action."""
        red = button(self._label, self._confirm.id(*args), style=Style.RED)
        return Reply({"content": text, "components": [row(red, button("Cancel", self._cancel.id()))]}, private=True)


def _ended(text: str) -> Reply:
    return Reply({"content": text, "components": []}, update=True)
