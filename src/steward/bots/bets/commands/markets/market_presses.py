"""What is pressed on a market's post, and on what `/market show` shows: bets, answers, objections, an early end."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from steward.bots.bets.commands.managing import manages_bets, require_bet_manager
from steward.bots.bets.markets.draft import MOST_OUTCOMES
from steward.bots.bets.section import BetsSection
from steward.bots.bets.views import actions
from steward.client.components import Reply
from steward.client.embeds import plain
from steward.client.interactions import Use, guild_of
from steward.client.interactions.router import ASK_AGAIN, UNKNOWN, Unknown
from steward.client.panels.confirm import confirmed
from steward.guilds.host import Host
from steward.guilds.settings_book import Section
from steward.store import Transaction

if TYPE_CHECKING:
    from steward.bots.bets.markets.market import MarketOutcome, MemberMarket


class MarketPresses:
    """Answers presses on markets."""

    def __init__(self, host: Host, section: Section[BetsSection]) -> None:
        self._store = host.store
        self._section = section
        on = host.interactions.on
        on(actions.MARKET_BET, self._bet, private=True, opens_form=True)
        on(actions.MARKET_BET_SENT, self._bet_sent, private=True)
        on(actions.MARKET_BACK, self._back, private=True)
        on(actions.MARKET_PROPOSE, self._propose, private=True)
        on(actions.MARKET_CONFIRM, self._confirm, private=True)
        on(actions.MARKET_OBJECT, self._object, private=True)
        on(actions.MARKET_DECIDE, self._decide, private=True)
        self._ask = confirmed(
            host.interactions,
            actions.MARKET_OBJECTION,
            actions.MARKET_NO_OBJECTION,
            self._objected,
            label="Object",
            cancelled="Okay, I've told nobody.",
        )
        on(actions.MARKET_CLOSE, self._close, private=True)
        self._ask_closing = confirmed(
            host.interactions,
            actions.MARKET_CLOSING,
            actions.MARKET_STAYS_OPEN,
            self._closed,
            label="Close betting",
            cancelled="Okay, it stays open.",
        )
        on(actions.MARKET_VOID, self._void, private=True)
        on(actions.MARKET_VOID_WHY, self._void_why, private=True, opens_form=True)
        on(actions.MARKET_VOIDED, self._voided, private=True)

    async def _bet(self, use: Use) -> Reply:
        from steward.bots.bets.markets.rows import market_of
        from steward.bots.bets.markets.staking import require_may_stake
        from steward.bots.bets.views.market_forms import bet_form

        guild_id, (market_id, number) = guild_of(use.interaction), map(int, use.args)

        def read(tx: Transaction) -> MarketOutcome:
            market = market_of(tx, market_id, guild_id)
            require_may_stake(tx, market, use.interaction.user.id)
            return market.outcome(number)

        form = bet_form(await self._store.read(read), self._section.of(guild_id))
        return Reply(modal=form.modal(actions.MARKET_BET_SENT.id(market_id, number, use.interaction.id)))

    async def _bet_sent(self, use: Use) -> Reply:
        from steward.bots.bets.markets import staking

        market_id, number, press = map(int, use.args)
        guild_id = guild_of(use.interaction)
        section = self._section.of(guild_id)
        stake = partial(
            staking.stake,
            guild_id=guild_id,
            user_id=use.interaction.user.id,
            market_id=market_id,
            number=number,
            typed=use.fields["amount"],
            section=section,
            stake_id=use.interaction.id,
            press=press,
        )
        outcome, amount = await self._store.write(stake)
        said = f"You bet {section.points(amount)} on **{plain(outcome.label)}**."
        return Reply.say(f"{said} Until the market closes you can take it back.")

    async def _back(self, use: Use) -> Reply:
        from steward.bots.bets.markets.staking import take_back

        (market_id,) = map(int, use.args)
        guild_id = guild_of(use.interaction)
        back = partial(take_back, guild_id=guild_id, user_id=use.interaction.user.id, market_id=market_id)
        amount = await self._store.write(back)
        return Reply.say(f"You have your {self._section.of(guild_id).points(amount)} back.")

    async def _propose(self, use: Use) -> Reply:
        from steward.bots.bets.markets import resolving

        (market_id,) = map(int, use.args)
        guild_id = guild_of(use.interaction)
        propose = partial(
            resolving.propose,
            guild_id=guild_id,
            user_id=use.interaction.user.id,
            market_id=market_id,
            answer=_answer(use),
            manages=manages_bets(use.interaction, self._section.of(guild_id)),
        )
        market = await self._store.write(propose)
        return Reply.say(f"You proposed {_said(market)}. Somebody else without a stake has to confirm it.")

    async def _confirm(self, use: Use) -> Reply:
        from steward.bots.bets.markets import resolving

        market_id, answer = map(int, use.args)
        confirm = partial(
            resolving.confirm,
            guild_id=guild_of(use.interaction),
            user_id=use.interaction.user.id,
            market_id=market_id,
            answer=answer,
        )
        market = await self._store.write(confirm)
        until = f"<t:{market.deadline_ms // 1000}:R>"
        return Reply.say(f"You confirmed {_said(market)}. It's settled {until}, unless somebody objects.")

    async def _object(self, use: Use) -> Reply:
        from steward.bots.bets.markets.market import MarketStatus
        from steward.bots.bets.markets.resolving import NO_STAKE, NOT_NOW
        from steward.bots.bets.markets.rows import has_stake, market_of

        (market_id,) = map(int, use.args)
        guild_id, user_id = guild_of(use.interaction), use.interaction.user.id

        def read(tx: Transaction) -> MemberMarket:
            market = market_of(tx, market_id, guild_id)
            if market.status is not MarketStatus.CONFIRMED:
                raise NOT_NOW
            if not has_stake(tx, market_id, user_id):
                raise NO_STAKE
            return market

        market = await self._store.read(read)
        question = f"**Object to {_said(market)}?** Then a bet manager without a stake decides. You can't take it back."
        return self._ask(question, market_id)

    async def _objected(self, use: Use) -> str:
        from steward.bots.bets.markets import resolving

        object_to = partial(
            resolving.object_to,
            guild_id=guild_of(use.interaction),
            user_id=use.interaction.user.id,
            market_id=int(use.args[0]),
        )
        await self._store.write(object_to)
        return "You objected. A bet manager without a stake decides now."

    async def _decide(self, use: Use) -> Reply:
        from steward.bots.bets.markets import resolving

        (market_id,) = map(int, use.args)
        guild_id = guild_of(use.interaction)
        require_bet_manager(use.interaction, self._section.of(guild_id))
        decide = partial(
            resolving.decide,
            guild_id=guild_id,
            user_id=use.interaction.user.id,
            market_id=market_id,
            answer=_answer(use),
        )
        market = await self._store.write(decide)
        return Reply.say(f"You decided: {_said(market)}. Everybody is paid.")

    async def _close(self, use: Use) -> Reply:
        from steward.bots.bets.markets.early import require_may_close
        from steward.bots.bets.markets.rows import market_of
        from steward.bots.bets.views.markets import closing_question

        (market_id,) = map(int, use.args)
        guild_id = guild_of(use.interaction)
        manages = manages_bets(use.interaction, self._section.of(guild_id))

        def read(tx: Transaction) -> MemberMarket:
            market = market_of(tx, market_id, guild_id)
            require_may_close(tx, market, use.interaction.user.id, manages=manages)
            return market

        market = await self._store.read(read)
        return self._ask_closing(closing_question(market), market_id)

    async def _closed(self, use: Use) -> str:
        from steward.bots.bets.markets.early import close_market
        from steward.bots.bets.views.markets import closed_said

        guild_id = guild_of(use.interaction)
        close = partial(
            close_market,
            guild_id=guild_id,
            user_id=use.interaction.user.id,
            market_id=int(use.args[0]),
            manages=manages_bets(use.interaction, self._section.of(guild_id)),
        )
        return closed_said(await self._store.write(close))

    async def _void(self, use: Use) -> Reply:
        from steward.bots.bets.views.markets import void_question

        return Reply(void_question(await self._voidable(use), self._section.of(guild_of(use.interaction))))

    async def _void_why(self, use: Use) -> Reply:
        from steward.bots.bets.views.market_forms import void_form

        market = await self._voidable(use)
        return Reply(modal=void_form().modal(actions.MARKET_VOIDED.id(market.id)))

    async def _voided(self, use: Use) -> Reply:
        from steward.bots.bets.markets.early import void_market
        from steward.bots.bets.views.market_forms import void_form

        guild_id = guild_of(use.interaction)
        require_bet_manager(use.interaction, self._section.of(guild_id))
        values, errors = void_form().read(use)
        if errors.error is not None:
            raise errors.error
        void = partial(
            void_market,
            guild_id=guild_id,
            user_id=use.interaction.user.id,
            market_id=int(use.args[0]),
            reason=values["reason"],
        )
        market = await self._store.write(void)
        said = f"**{plain(market.question)}** is void, and everybody has their stake back."
        return Reply({"content": said, "components": []}, update=True)

    async def _voidable(self, use: Use) -> MemberMarket:
        """
        Return the market that a bet manager may void.

        Raises:
            BetsError: they may not.

        """
        from steward.bots.bets.markets.early import require_may_void
        from steward.bots.bets.markets.rows import market_of

        guild_id = guild_of(use.interaction)
        require_bet_manager(use.interaction, self._section.of(guild_id))

        def read(tx: Transaction) -> MemberMarket:
            market = market_of(tx, int(use.args[0]), guild_id)
            require_may_void(tx, market, use.interaction.user.id)
            return market

        return await self._store.read(read)


def _answer(use: Use) -> int:
    """
    Return the answer that was chosen.

    Raises:
        Unknown: it is none.

    """
    from steward.bots.bets.markets.market import VOID_ANSWER

    numbers = {str(number): number for number in range(VOID_ANSWER, MOST_OUTCOMES + 1)}
    if use.value not in numbers:
        raise Unknown(UNKNOWN, remedy=ASK_AGAIN)
    return numbers[use.value]


def _said(market: MemberMarket) -> str:
    return f"**{plain(market.answer_label(market.answer))}**"
