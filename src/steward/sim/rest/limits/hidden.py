"""Rate limits that no header reveals, and enforced nonces."""

from __future__ import annotations

from collections import defaultdict
from functools import partial

from steward.runtime.clock import Clock
from steward.sim.channels.channel import Channel
from steward.sim.channels.message import Message
from steward.sim.limits import Limits, RateWindow
from steward.sim.people.bot import BotAccount
from steward.sim.rest.errors import CloudflareBan, Limited, RestRefused

_OLD_EDITS_SENTENCE = "Maximum number of edits to messages older than 1 hour reached. Try again later"


class HiddenLimits:
    """Limits of renames, old edits, command creation and invite lookups; recent nonces per channel and author."""

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock
        self._renames: defaultdict[int, RateWindow] = defaultdict(partial(RateWindow, limits.renames))
        self._old_edits: defaultdict[int, RateWindow] = defaultdict(partial(RateWindow, limits.old_message_edits))
        self._command_creates: defaultdict[tuple[int, int | None], RateWindow] = defaultdict(
            partial(RateWindow, limits.command_creates)
        )
        self._invites: defaultdict[int, RateWindow] = defaultdict(partial(RateWindow, limits.invite_reads))
        self._nonces: dict[tuple[int, int, str], tuple[float, Message]] = {}

    def rename(self, channel: Channel) -> None:
        """
        Count a change of a channel's name or topic.

        Raises:
            Limited: the limit is exceeded.

        """
        window, now = self._renames[channel.id], self._clock.monotonic()
        if not window.take(now):
            raise Limited(window.reset_after(now))

    def renames_left(self, channel_id: int) -> int:
        """Return the renames left for a channel, for tests; Discord does not reveal it."""
        return self._renames[channel_id].remaining(self._clock.monotonic())

    def edit(self, message: Message) -> None:
        """
        Count an edit of a message, if it is older than an hour.

        Raises:
            Limited: the channel's limit is exceeded (30046).

        """
        age = (self._clock.now() - message.sent_at).total_seconds()
        if age <= self._limits.old_message_seconds:
            return
        window, now = self._old_edits[message.channel_id], self._clock.monotonic()
        if not window.take(now):
            raise Limited(window.reset_after(now), code=30046, message=_OLD_EDITS_SENTENCE)

    def create_commands(self, bot: BotAccount, guild_id: int | None, count: int) -> None:
        """
        Count application commands with new names, in a guild or globally.

        Raises:
            RestRefused: the daily limit is exceeded (30034).

        """
        window, now = self._command_creates[bot.id, guild_id], self._clock.monotonic()
        if count > window.remaining(now):
            raise RestRefused.by_code(30034)
        for _ in range(count):
            window.take(now)

    def read_invite(self, bot: BotAccount) -> None:
        """
        Count an invite lookup.

        Raises:
            CloudflareBan: the limit is exceeded.

        """
        if not self._invites[bot.id].take(self._clock.monotonic()):
            raise CloudflareBan

    def message_with_nonce(self, channel: Channel, bot: BotAccount, nonce: str | int) -> Message | None:
        """Return the recent message with a nonce, if it still exists."""
        sent = self._nonces.get((channel.id, bot.id, str(nonce)))
        if sent is None or self._clock.monotonic() - sent[0] > self._limits.nonce_seconds:
            return None
        return channel.message(sent[1].id)

    def remember_nonce(self, channel: Channel, bot: BotAccount, nonce: str | int, message: Message) -> None:
        """Store the nonce of a message and drop expired ones."""
        now = self._clock.monotonic()
        for key, (sent_at, _) in list(self._nonces.items()):
            if now - sent_at <= self._limits.nonce_seconds:
                break
            del self._nonces[key]
        self._nonces[channel.id, bot.id, str(nonce)] = now, message
