"""What is told of a market beside its post: that its creator is to answer it, what was confirmed, and how it ended."""

from __future__ import annotations

from steward.bots.bets.kinds import MARKET
from steward.bots.bets.markets.market import MemberMarket
from steward.client.embeds import plain
from steward.client.payloads import Payload
from steward.store import Transaction
from steward.store.desired import desired
from steward.store.outbox import outbox


def market_key(market: MemberMarket) -> str:
    """Name the message that is a market's post, in the outbox; others about it begin with that."""
    return f"{of_guild(market.guild_id)}{market.id}"


def of_guild(guild_id: int) -> str:
    """Return how the keys of all messages about a guild's markets begin."""
    return f"market:{guild_id}:"


def posted(tx: Transaction, market: MemberMarket, payload: Payload) -> None:
    """Promise the post of a new market."""
    what = f"The market **{plain(market.question)}** couldn't be posted in <#{market.channel_id}>"
    notice = None
    if market.creator_id is not None:
        notice = outbox.Notice(market.creator_id, what, "`/market show` shows it all the same.")
    key = market_key(market)
    outbox.put(tx, key=key, channel_id=market.channel_id, payload=payload, if_parked=notice)
    desired.promise(tx, MARKET, market.id, guild_id=market.guild_id, lane=market.channel_id, key=key)


def closed(tx: Transaction, market: MemberMarket) -> None:
    """Ask who made a market what happened, once."""
    if market.creator_id is None:
        return
    text = f"Your market **{plain(market.question)}** in <#{market.channel_id}> is closed. What happened? Say so in its"
    text += " post or with `/market show` within two days; otherwise everybody is refunded."
    key = f"{market_key(market)}:closed"
    outbox.put_direct(
        tx,
        key=key,
        user_id=market.creator_id,
        payload={"content": text},
        instead_channel_id=market.channel_id,
    )


def confirmed(tx: Transaction, market: MemberMarket) -> None:
    """Tell bettors what was confirmed, and until when they can object."""
    answer = "it's void, so everybody is refunded" if not market.answer else f"**{_answer(market)}**"
    until = f"<t:{market.deadline_ms // 1000}:f>"
    _tell(
        tx, market, "confirmed", f"two people agree: {answer}. If you have a stake in it you can object until {until}."
    )


def objected(tx: Transaction, market: MemberMarket) -> None:
    """Tell that a bet manager is to decide."""
    _tell(tx, market, "objected", "somebody with a stake objects, so a bet manager without one decides.")


def settled(tx: Transaction, market: MemberMarket, *, is_refund: bool, voided_by: int | None = None) -> None:
    """Tell how a market ended, and if a bet manager voided it, who and why."""
    if voided_by is not None:
        back = ", and everybody got their stake back" if market.staked else ""
        text = f"it's void{back}. <@{voided_by}> says why: “{plain(market.void_reason)}”"
    elif not market.staked:
        text = "it's over. Nobody had bet."
    elif not is_refund:
        text = f"it's **{_answer(market)}**, and the winners are paid."
    elif market.answer:
        text = f"it's **{_answer(market)}**. There was nothing to win, so everybody got their stake back."
    else:
        text = "it's void, and everybody got their stake back."
    _tell(tx, market, "settled", text)


def _answer(market: MemberMarket) -> str:
    return plain(market.answer_label(market.answer))


def _tell(tx: Transaction, market: MemberMarket, what: str, text: str) -> None:
    """Say something in answer to the post, pinging nobody."""
    payload: Payload = {
        "content": f"**{plain(market.question)}**: {text}",
        "allowed_mentions": {"parse": []},
    }
    shown = desired.find(tx, MARKET, market.id)
    message_id = (shown and shown.ref) or outbox.sent_id(tx, market_key(market))
    if message_id is not None:
        payload["message_reference"] = {"message_id": str(message_id), "fail_if_not_exists": False}
    outbox.put(tx, key=f"{market_key(market)}:{what}", channel_id=market.channel_id, payload=payload)
