"""Rate limits that no header reveals, and enforced nonces."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable
from datetime import datetime, timedelta
from functools import partial
from itertools import takewhile

from steward.sim.channels.channel import Channel
from steward.sim.channels.message import Message
from steward.sim.limits import Rate, RateWindow
from steward.sim.people.bot import BotAccount
from steward.sim.rest.errors import CloudflareBan, refuse_if, take_or_refuse
from steward.sim.world import World

_OLD_EDITS_SENTENCE = "Maximum number of edits to messages older than 1 hour reached. Try again later"


class HiddenLimits:
    """Limits of renames, old edits, command creation and invite lookups; recent nonces per channel and author."""

    def __init__(self, world: World) -> None:
        self._limits = limits = world.limits
        self._clock = world.clock
        self._renames = _windows(limits.renames)
        self._old_edits = _windows(limits.old_message_edits)
        self._command_creates = _windows(limits.command_creates)
        self._invites = _windows(limits.invite_reads)
        self._nonces: dict[tuple[int, int, str], tuple[float, Message]] = {}

    def rename(self, channel: Channel) -> None:
        """Count a change of a channel's name or topic; raise `Limited` if the limit is exceeded."""
        window = self._renames[channel.id]
        hidden = f"changes of a channel's name or topic: {window.rate}"
        take_or_refuse(window, self._clock.monotonic(), hidden=hidden)

    def renames_left(self, channel_id: int) -> int:
        """Return the renames left for a channel, for tests and the page; Discord does not reveal it."""
        window = self._renames.get(channel_id)
        return self._limits.renames.calls if window is None else window.remaining(self._clock.monotonic())

    def renames_back_at(self, channel_id: int) -> datetime | None:
        """Return when a channel has all its renames again, None if it has them now; Discord does not reveal it."""
        window, now = self._renames.get(channel_id), self._clock.monotonic()
        if window is None or window.remaining(now) == self._limits.renames.calls:
            return None
        return self._clock.now() + timedelta(seconds=window.reset_after(now))

    def edit(self, message: Message) -> None:
        """Count an edit of a message older than an hour; raise `Limited` (30046) if the channel's limit is exceeded."""
        if (self._clock.now() - message.sent_at).total_seconds() > self._limits.old_message_seconds:
            window, now = self._old_edits[message.channel_id], self._clock.monotonic()
            hidden = f"edits of old messages: {window.rate}"
            take_or_refuse(window, now, code=30046, message=_OLD_EDITS_SENTENCE, hidden=hidden)

    def create_commands(self, bot: BotAccount, guild_id: int | None, count: int) -> None:
        """Count application commands with new names, in a guild or globally, up to a daily limit (30034)."""
        window, now = self._command_creates[bot.id, guild_id], self._clock.monotonic()
        refuse_if(count > window.remaining(now), 30034)
        for _ in range(count):
            window.take(now)

    def read_invite(self, bot: BotAccount) -> None:
        """Count an invite lookup; raise `CloudflareBan` if the limit is exceeded."""
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
        for key in list(takewhile(lambda key: now - self._nonces[key][0] > self._limits.nonce_seconds, self._nonces)):
            del self._nonces[key]
        self._nonces[channel.id, bot.id, str(nonce)] = now, message


def _windows(rate: Rate) -> defaultdict[Hashable, RateWindow]:
    return defaultdict(partial(RateWindow, rate))
