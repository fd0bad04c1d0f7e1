"""An interaction's response as the user sees it."""

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
    """An open modal and the interaction that opened it."""

    interaction: Interaction = field(repr=False)
    data: Json

    @property
    def title(self) -> str:
        """The title."""
        return str(self.data["title"])

    @property
    def fields(self) -> list[str]:
        """The labels of its fields."""
        return [label for label, _ in shown.inputs(self.data["components"])]


class ShownReply:
    """
    The response that a user sees after an action. It is live: later edits by the bot are visible here too.

    At most one of `message`, `modal` and `error` is set; autocompletion sets `choices`.
    """

    def __init__(self, interaction: Interaction) -> None:
        self.interaction = interaction
        self._seen = interaction.acts

    def __repr__(self) -> str:
        return f"<Reply {self.error or self.content!r}>"

    @property
    def message(self) -> Message | None:
        """The bot's message; None while it is thinking, or if it sent none."""
        return None if self.interaction.loading else self.interaction.original

    @property
    def modal(self) -> Modal | None:
        """The modal that the bot opened."""
        return Modal(self.interaction, self.interaction.modal) if self.interaction.modal is not None else None

    @property
    def error(self) -> str | None:
        """Discord's error text if the bot did not respond in time."""
        answered = self.interaction.callback is not None
        if answered and not (self.interaction.loading and not self.interaction.alive):
            return None
        return _SILENT.get(self.interaction.kind, SILENT)

    @property
    def choices(self) -> list[str]:
        """The names of the autocompletion's choices."""
        return [choice["name"] for choice in self.interaction.choices]

    @property
    def content(self) -> str:
        """The text of the message, including its text displays."""
        if self.message is None:
            return ""
        return "\n".join(filter(None, [self.message.content, *shown.texts(self.message.components)]))

    @property
    def embeds(self) -> list[Json]:
        """The embeds of the message."""
        return self.message.embeds if self.message else []

    @property
    def buttons(self) -> list[str]:
        """The labels of the message's buttons."""
        return shown.buttons(self.message.components) if self.message else []

    @property
    def ephemeral(self) -> bool:
        """Whether only this user sees the message."""
        return self.interaction.original is not None and self.interaction.original.ephemeral

    @property
    def followups(self) -> list[Message]:
        """The bot's follow-up messages."""
        return self.interaction.followups

    async def words(self, seconds: float = 60.0) -> str:
        """
        Return the text of the last follow-up, or else of the message.

        If the bot only acknowledged a click so far, wait up to `seconds` for its first follow-up or edit.
        """
        if self.interaction.callback == DEFERRED_UPDATE and not self.followups:
            with suppress(TimeoutError):
                await self.next(seconds)
        return self.followups[-1].content if self.followups else self.content

    async def next(self, seconds: float = 60.0) -> ShownReply:
        """
        Wait for the bot's next edit or follow-up since the previous call, and return this reply.

        Raises:
            TimeoutError: there was none within `seconds`.

        """
        interaction = self.interaction
        if not await interaction.until(lambda: interaction.acts > self._seen, by=interaction.age + seconds):
            raise TimeoutError(f"The bot sent nothing more within {seconds} s.")
        self._seen += 1
        return self
