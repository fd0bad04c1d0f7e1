"""The answer to one interaction: acknowledged once, then edited or followed up, whichever way it has gone so far."""

from __future__ import annotations

from contextlib import suppress
from enum import Enum, auto
from typing import TYPE_CHECKING, Any

import discord

from steward.client.components.reply import LONGEST_TEXT, Reply
from steward.client.interactions.answering.token import Acknowledged, InteractionToken
from steward.client.payloads import Payload
from steward.client.rest.rest import NO_MENTIONS
from steward.errors import StewardError
from steward.store import Transaction
from steward.store.outbox import outbox
from steward.text.cutting import cut_text

if TYPE_CHECKING:  # in a bot without Steward's own libraries it can't be imported
    from steward.client.rest.token_requests import TokenRequests

# Types of callbacks (docs: Interactions > "Interaction Callback Type").
_MESSAGE, _THINKING, _DEFERRED_UPDATE, _UPDATE, _MODAL = 4, 5, 6, 7, 9
_EPHEMERAL = 1 << 6

LATE = "This took longer than Discord waits for an answer."


class TooLateToOpen(StewardError):
    """A modal comes after the interaction was deferred; Discord takes it only as the first answer."""


class _Stage(Enum):
    SILENT = auto()
    THINKING = auto()  # the member sees that the bot is thinking
    QUIET = auto()  # acknowledged; there is no message to be filled in


class Answer:
    """
    Brings a `Reply` to the member.

    Args:
        private: whether the answer will be for the member alone; decides how it is deferred.
        requests: what sends the requests; discord.py's adapter by default.

    """

    def __init__(
        self, interaction: discord.Interaction, *, private: bool, requests: TokenRequests | None = None
    ) -> None:
        self._interaction = interaction
        self._token = InteractionToken(interaction, requests)
        self._private = private
        self._noted = _Stage.SILENT

    @property
    def _stage(self) -> _Stage:
        # A handler may have answered by discord.py's own means; what follows is a follow-up then. `response` would make
        # what refers to the interaction and back, and so leave each to the garbage collection.
        own: discord.InteractionResponse | None = getattr(self._interaction, "_cs_response", None)
        by_itself = self._noted is _Stage.SILENT and own is not None and own.is_done()
        return _Stage.QUIET if by_itself else self._noted

    @property
    def is_begun(self) -> bool:
        """Whether Discord has taken a first answer of Steward's, so that nothing but time can make it too late."""
        return self._noted is not _Stage.SILENT

    @property
    def was_taken(self) -> bool:
        """Whether somebody else answered first."""
        return self._token.taken

    def is_private(self, reply: Reply) -> bool:
        """Return whether a reply is for the member alone."""
        return self._private if reply.private is None else reply.private

    async def defer(self) -> None:
        """
        Gain 15 minutes; nothing happens if it has been answered.

        Raises:
            Expired, TryLater, Refused: as Discord answers.

        """
        if self._stage is not _Stage.SILENT:
            return
        clicked = self._interaction.message is not None
        with suppress(Acknowledged):  # an earlier try got through, and its answer was lost
            if clicked:
                await self._token.respond(_DEFERRED_UPDATE)
            else:
                await self._token.respond(_THINKING, {"flags": _EPHEMERAL if self._private else 0})
        self._noted = _Stage.QUIET if clicked else _Stage.THINKING

    async def leave(self) -> None:
        """
        Change nothing and say nothing.

        Raises:
            Expired, TryLater, Refused: as Discord answers.

        """
        await self.defer()
        if self._stage is _Stage.THINKING:
            await self._token.delete()
            self._noted = _Stage.QUIET

    async def send(self, reply: Reply) -> None:
        """
        Send what the handler returned, or what is said in its place.

        Raises:
            Expired, TryLater, Refused: as Discord answers.
            TooLateToOpen: it is a modal, and too late for one.

        """
        private = self.is_private(reply)
        update = reply.update and self._interaction.message is not None
        message = {"allowed_mentions": NO_MENTIONS, **reply.message}
        if reply.modal is not None:
            await self._open(reply.modal)
        elif self._stage is _Stage.SILENT:
            await self._first(_UPDATE if update else _MESSAGE, message, reply, private=private)
        elif update or (self._stage is _Stage.THINKING and private == self._private):
            await self._token.edit(message, reply.files)
        else:
            await self._further(message, reply, private=private)
        self._noted = _Stage.QUIET

    async def _open(self, modal: Payload) -> None:
        if self._stage is not _Stage.SILENT:
            raise TooLateToOpen("That took too long to open.", remedy="Please try again.")
        with suppress(Acknowledged):  # an earlier try got through, and its answer was lost
            await self._token.respond(_MODAL, modal)

    async def _first(self, kind: int, message: Payload, reply: Reply, *, private: bool) -> None:
        try:
            await self._token.respond(kind, _for_member(message, private=private and kind == _MESSAGE), reply.files)
        except Acknowledged:
            # An earlier try got through and its answer was lost: what it showed is brought to the same content.
            await self._token.edit(message, reply.files)

    async def _further(self, message: Payload, reply: Reply, *, private: bool) -> None:
        if self._stage is _Stage.THINKING:
            # Who sees the "thinking" also sees what takes its place, so a reply for others than those needs it gone.
            await self._token.delete()
            self._noted = _Stage.QUIET
        await self._token.follow_up(_for_member(message, private=private), reply.files)


def _for_member(message: Payload, *, private: bool) -> Payload:
    return message | {"flags": message.get("flags", 0) | _EPHEMERAL} if private else message


def put_late(tx: Transaction, interaction: discord.Interaction, reply: Reply, *, private: bool) -> None:
    """
    Promise an answer to the member directly, or in the channel where the others see it.

    Args:
        reply: the answer; its buttons are left out, for they would be answered nowhere.

    """
    user_id = interaction.user.id
    key = f"answer:{interaction.guild_id or 0}:{interaction.id}"
    message: dict[str, Any] = {
        name: part for name, part in reply.message.items() if name not in {"components", "flags"}
    }
    text = reply.message.get("content") or ""
    if private or interaction.channel_id is None:
        payload = message | {"content": cut_text(f"{LATE}\n{text}", LONGEST_TEXT)}
        outbox.put_direct(tx, key=key, user_id=user_id, payload=payload, files=reply.files)
        return
    pinged = {"allowed_mentions": {"parse": [], "users": [str(user_id)]}}
    payload = message | pinged | {"content": cut_text(f"<@{user_id}> {LATE}\n{text}", LONGEST_TEXT)}
    outbox.put(tx, key=key, channel_id=interaction.channel_id, payload=payload, files=reply.files)
