"""A question before something that can't be undone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from steward.client.interactions import Action, Reply, Style, Use, button, row
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
    Have something done once it is confirmed; return what asks, of the question and the arguments of its action.

    Args:
        interactions: where the buttons are registered.
        confirm: the action of the red one; its arguments say what it is about.
        cancel: that of the other, without any.
        work: does it, and returns what is said then; a second press may come on the heels of the first.
        label: of the red button.
        cancelled: what is said where nothing is done.

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
