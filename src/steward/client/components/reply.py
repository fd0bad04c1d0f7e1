"""What a handler answers, as a value."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Self

from steward.client.payloads import Payload
from steward.text.cutting import cut_text

LONGEST_TEXT = 2000  # docs: Message > "Create Message", `content`


@dataclass(frozen=True, slots=True)
class Reply:
    """
    An answer to an interaction. It pings nobody unless `message` brings its own `allowed_mentions`.

    Attributes:
        message: as Discord's API takes it: `content`, `embeds`, `components`.
        files: names and contents; an embed shows one by `attachment://name`.
        private: only the member sees it (ephemeral); None: as declared with the handler.
        update: it takes the place of the message that was clicked; a command has none, and gets a new message.
        modal: opens this instead of a message; it must come within 1.5 seconds, and never after a modal; its
            handler is declared with `opens_form`.
        later: called once this was sent and others have had their turn; what it returns is sent, too. For what a
            member need not wait for, such as a picture.

    """

    message: Payload = field(default_factory=dict)
    files: Sequence[tuple[str, bytes]] = ()
    private: bool | None = None
    update: bool = False
    modal: Payload | None = None
    later: Callable[[], Awaitable[Reply | None]] | None = None

    @classmethod
    def say(cls, text: str, *, private: bool | None = None) -> Self:
        """Return a reply of nothing but text, cut at Discord's 2000 characters."""
        return cls({"content": cut_text(text, LONGEST_TEXT)}, private=private)
