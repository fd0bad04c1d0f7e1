"""A bet manager's ruling: chosen from what is told or typed, given a reason, and confirmed."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import discord

from steward.bots.bets.commands.managing import mentioned_managers, require_bet_manager
from steward.bots.bets.errors import BetsError
from steward.bots.bets.section import BetsSection
from steward.bots.bets.settling.draft import RULING_DRAFTS, RulingDraft
from steward.bots.bets.views import actions
from steward.client.components import Reply
from steward.client.embeds import Message
from steward.client.interactions import Use, guild_of
from steward.client.interactions.router import ASK_AGAIN, UNKNOWN, Unknown
from steward.client.panels.panel import Panel
from steward.errors import StewardError
from steward.guilds.host import Host
from steward.guilds.settings_book import Section
from steward.store import Transaction
from steward.store.json_values import to_json

if TYPE_CHECKING:
    from steward.bots.bets.fixtures.games import Game
    from steward.bots.bets.grading.results import GameResult
    from steward.bots.bets.settling.rulings import PendingGame, Ruled
    from steward.client.panels.form import ModalForm

NOT_WHOLE = BetsError("Choose what happened, and say why.")
OVER = BetsError("I don't have that ruling any more.", remedy="Begin again with `/result rule`.")


class RulingPanel:
    """The private message in which a bet manager rules on a game."""

    def __init__(self, host: Host, section: Section[BetsSection]) -> None:
        self._store = host.store
        self._section = section
        self._access = host.access
        self._panel = Panel(
            host.interactions,
            host.store,
            RULING_DRAFTS,
            self._draw,
            self._missing,
            command="result",
            require=self._require,
        )
        self._panel.on(actions.RULING_CHOOSE, self._choose)
        self._panel.form(actions.RULING_WRITTEN, _score_form, self._written, opens=actions.RULING_WRITE)
        self._panel.form(actions.RULING_REASONED, _reason_form, self._reasoned, opens=actions.RULING_REASON)
        self._panel.on(actions.RULING_CONFIRM, self._confirm)
        self._panel.on(actions.RULING_DISCARD, self._discard)
        host.interactions.on(actions.RULING_PICK, self._pick, private=True, command="result")

    async def begin(self, interaction: discord.Interaction, game: int) -> Reply:
        """
        Show the panel of a game.

        Raises:
            BetsError: it can't be ruled on, or the member has a bet on it.

        """
        from steward.bots.bets.settling.rulings import GONE, OWN_BET, game_to_rule, has_bet

        guild_id, user_id = guild_of(interaction), interaction.user.id

        def read(tx: Transaction) -> None:
            if game_to_rule(tx, guild_id, game) is None:
                raise GONE
            if has_bet(tx, guild_id, user_id, game):
                raise OWN_BET

        await self._store.read(read)
        return await self._panel.show(interaction, RulingDraft(interaction.id, game))

    def _require(self, interaction: discord.Interaction) -> None:
        require_bet_manager(interaction, self._section.of(guild_of(interaction)))

    async def _pick(self, use: Use) -> Reply:
        """Begin with a game of the list, unless the member has a bet on it."""
        self._require(use.interaction)
        if not (use.value.isascii() and use.value.isdigit()):
            raise Unknown(UNKNOWN, remedy=ASK_AGAIN)
        return replace(await self.begin(use.interaction, int(use.value)), update=True)

    async def _choose(self, use: Use, draft: RulingDraft) -> RulingDraft:
        from steward.bots.bets.views.rulings import choices

        pending = await self._pending(use.interaction, draft)
        offered = {str(at): one.result for at, one in enumerate(choices(pending))}
        if use.value not in offered:
            raise Unknown(UNKNOWN, remedy=ASK_AGAIN)
        return _chosen(draft, pending, offered[use.value])

    async def _written(self, use: Use, draft: RulingDraft, values: dict[str, Any]) -> RulingDraft:
        from steward.bots.bets.grading.typed import typed_result

        draft = replace(draft, reason=values.get("reason", draft.reason))
        if not {"regular", "after", "half", "shootout"} <= values.keys():
            return draft
        pending = await self._pending(use.interaction, draft)
        scores = values["regular"], values["after"], values["half"], values["shootout"]
        return _chosen(draft, pending, typed_result(pending.sport, *scores))

    async def _reasoned(self, _: Use, draft: RulingDraft, values: dict[str, Any]) -> RulingDraft:
        return replace(draft, reason=values.get("reason", draft.reason))

    async def _confirm(self, use: Use, draft: RulingDraft) -> Reply:
        from steward.bots.bets.views.rulings import ruled_said

        if not (draft.body and draft.reason):
            raise NOT_WHOLE
        guild_id = guild_of(use.interaction)
        section = self._section.of(guild_id)
        work = partial(
            _rule,
            guild_id=guild_id,
            user_id=use.interaction.user.id,
            draft=draft,
            channel_id=section.bets_channel_id,
            role_id=await self._mentioned(guild_id, section),
        )
        ruled, game = await self._store.write(work)
        return Reply({"content": ruled_said(ruled, game), "embeds": [], "components": []}, update=True)

    async def _mentioned(self, guild_id: int, section: BetsSection) -> int | None:
        """Return the role that is mentioned if a second bet manager is needed; a ruling doesn't wait for Discord."""
        try:
            return await mentioned_managers(self._access, guild_id, section)
        except StewardError:
            return None

    async def _discard(self, use: Use, _: RulingDraft) -> Reply:
        await self._panel.drop(use.interaction)
        return Reply({"content": "Okay, you decided nothing.", "embeds": [], "components": []}, update=True)

    async def _missing(self, _: Use) -> Reply:
        raise OVER

    async def _draw(
        self, interaction: discord.Interaction, draft: RulingDraft, problem: StewardError | None
    ) -> Message:
        from steward.bots.bets.fixtures.results import read_result
        from steward.bots.bets.settling.rulings import GONE, game_to_rule
        from steward.bots.bets.views.rulings import ruling_view

        pending = await self._store.read(partial(game_to_rule, guild_id=guild_of(interaction), number=draft.game))
        if pending is None:
            return {"content": str(problem or GONE), "embeds": [], "components": []}
        chosen = read_result(draft.body) if draft.body else None
        return ruling_view(draft, pending, chosen, "" if problem is None else str(problem))

    async def _pending(self, interaction: discord.Interaction, draft: RulingDraft) -> PendingGame:
        from steward.bots.bets.settling.rulings import GONE, game_to_rule

        read = partial(game_to_rule, guild_id=guild_of(interaction), number=draft.game)
        pending = await self._store.read(read)
        if pending is None:
            raise GONE
        return pending


def _chosen(draft: RulingDraft, pending: PendingGame, result: GameResult) -> RulingDraft:
    return replace(draft, body=to_json(result), seen=pending.seen)


def _rule(
    tx: Transaction, guild_id: int, user_id: int, draft: RulingDraft, channel_id: int | None, role_id: int | None
) -> tuple[Ruled, Game]:
    """Rule as was chosen, and tell what isn't told once bets are settled."""
    from steward.bots.bets.fixtures.results import read_result
    from steward.bots.bets.settling.notices import tell_of_game
    from steward.bots.bets.settling.rulings import GONE, game_to_rule, rule
    from steward.bots.bets.views.settlements import proposed_post, stands_post

    pending = game_to_rule(tx, guild_id, draft.game)
    if pending is None:
        raise GONE
    result = read_result(draft.body)
    ruled = rule(tx, guild_id, user_id, draft.game, result, draft.reason, seen=draft.seen)
    game, number = pending.game, ruled.review.number
    if ruled.grading is None:
        message = proposed_post(game, ruled.review, role_id)
        tell_of_game(tx, channel_id, guild_id, game.id, f"proposed:{number}:{draft.id}", message)
    elif ruled.stands:
        tell_of_game(tx, channel_id, guild_id, game.id, f"stands:{number}", stands_post(game, ruled.grading))
    RULING_DRAFTS.drop(tx, guild_id, user_id)
    return ruled, game


def _score_form(draft: RulingDraft) -> ModalForm:
    from steward.bots.bets.views.rulings import score_form

    return score_form(draft)


def _reason_form(draft: RulingDraft) -> ModalForm:
    from steward.bots.bets.views.rulings import reason_form

    return reason_form(draft)
