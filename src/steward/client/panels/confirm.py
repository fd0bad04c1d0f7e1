"""Confirmation of what can't be undone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from steward.client.components import Action, Reply, Style, button, row
from steward.client.interactions import Use
from steward.client.panels.panel import Handlers


def confirmed(
    interactions: Handlers,
    confirm: Action,
    cancel: Action,
    work: Callable[[Use], Awaitable[str]],
    *,
    label: str,
    cancelled: str,
) -> Callable[..., Reply]:
    """
    Register the two buttons of a confirmation, and return what asks for it: `ask(text, *args)`.

    Args:
        confirm: the action of the red button; it takes `args`.
        cancel: the action of the other button; it takes no arguments.
        work: does it, and returns what the member is told. It must be idempotent: a button may be pressed twice.
        label: of the red button.
        cancelled: what a member is told who cancels.

    """

    def ask(text: str, *args: str | int) -> Reply:
        buttons = row(button(label, confirm.id(*args), style=Style.RED), button("Cancel", cancel.id()))
        return Reply({"content": text, "components": [buttons]}, private=True)

    async def done(use: Use) -> Reply:
        return Reply({"content": await work(use), "components": []}, update=True)

    async def kept(_: Use) -> Reply:
        return Reply({"content": cancelled, "components": []}, update=True)

    interactions.on(confirm, done, private=True)
    interactions.on(cancel, kept, private=True)
    return ask
