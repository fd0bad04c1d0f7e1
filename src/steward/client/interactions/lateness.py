"""An answer that comes after the 15 minutes of its interaction: by a message of its own, promised in the outbox."""

from __future__ import annotations

from typing import Any

import discord

from steward.client.interactions.reply import LONGEST_TEXT, Reply
from steward.store import Transaction, outbox
from steward.text.cutting import cut_text

LATE = "This took longer than Discord waits for an answer."


def put_late(tx: Transaction, interaction: discord.Interaction, reply: Reply, *, private: bool) -> None:
    """
    Promise an answer to the member directly, or in the channel where the others see it.

    Args:
        tx: the transaction that makes the promise.
        interaction: what is answered, once.
        reply: the answer; its buttons are left out, for they would be answered nowhere.
        private: whether it is for the member alone.

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
