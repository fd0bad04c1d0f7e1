"""What a user sees of an interaction."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field

from steward.sim.channels.message import Message
from steward.sim.interactions import shown
from steward.sim.interactions.interaction import AUTOCOMPLETE, COMPONENT, DEFERRED_UPDATE, SUBMIT, Interaction
from steward.sim.people.user import Json

SILENT = "The application did not respond"
_SILENT = {
    COMPONENT: "This interaction failed",
    SUBMIT: "Something went wrong. Try again.",
    AUTOCOMPLETE: "Loading options failed",
}


@dataclass(frozen=True, slots=True, eq=False)
class Modal:
    """A modal before a user's eyes. `interaction` is what opened it."""

    interaction: Interaction = field(repr=False)
    data: Json

    @property
    def title(self) -> str:
        """Its title."""
        return str(self.data["title"])

    @property
    def fields(self) -> list[str]:
        """The labels of its fields."""
        return [label for label, _ in shown.inputs(self.data["components"])]


class ShownReply:
    """
    What a user sees after an act, always as it is now: a bot's later edits show here too.

    At most one of `message`, `modal` and `error` is something; after an autocomplete it is `choices`.
    """

    def __init__(self, interaction: Interaction) -> None:
        self.interaction = interaction
        self._seen = interaction.acts

    def __repr__(self) -> str:
        return f"<Reply {self.error or self.content!r}>"

    @property
    def message(self) -> Message | None:
        """The bot's message; None while it is thinking, or where it sent none."""
        return None if self.interaction.loading else self.interaction.original

    @property
    def modal(self) -> Modal | None:
        """The modal that the bot opened."""
        return Modal(self.interaction, self.interaction.modal) if self.interaction.modal is not None else None

    @property
    def error(self) -> str | None:
        """Discord's words when the bot did not answer in time."""
        answered = self.interaction.callback is not None
        if answered and not (self.interaction.loading and not self.interaction.alive):
            return None
        return _SILENT.get(self.interaction.kind, SILENT)

    @property
    def choices(self) -> list[str]:
        """The names of the choices that an autocomplete offers."""
        return [choice["name"] for choice in self.interaction.choices]

    @property
    def content(self) -> str:
        """The text of the message, that of its text displays included."""
        if self.message is None:
            return ""
        return "\n".join(filter(None, [self.message.content, *shown.texts(self.message.components)]))

    @property
    def embeds(self) -> list[Json]:
        """The embeds of the message."""
        return self.message.embeds if self.message else []

    @property
    def buttons(self) -> list[str]:
        """The words on the buttons of the message."""
        return shown.buttons(self.message.components) if self.message else []

    @property
    def ephemeral(self) -> bool:
        """Whether only this user sees the message."""
        return self.interaction.original is not None and self.interaction.original.ephemeral

    @property
    def followups(self) -> list[Message]:
        """The bot's further messages."""
        return self.interaction.followups

    async def words(self, seconds: float = 60.0) -> str:
        """
        Return what the user reads in the end, of the message or of the last follow-up.

        A bot that has much to do may acknowledge a click first; then its words are waited for, so many seconds at most.
        """
        if self.interaction.callback == DEFERRED_UPDATE and not self.followups:
            with suppress(TimeoutError):
                await self.next(seconds)
        return self.followups[-1].content if self.followups else self.content

    async def next(self, seconds: float = 60.0) -> ShownReply:
        """
        Wait for the bot's next edit or follow-up since this was last asked, and return this reply.

        Raises:
            TimeoutError: nothing came within so many seconds.

        """
        came = await self.interaction.until(
            lambda: self.interaction.acts > self._seen, by=self.interaction.age + seconds
        )
        if not came:
            raise TimeoutError(f"Nothing more came from the bot within {seconds} s.")
        self._seen += 1
        return self
