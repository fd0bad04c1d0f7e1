"""What is chosen in `/setup` for bets: mode, play money, limits, who manages bets, and where it is told of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from steward.bots.bets.section import BetsMode, BetsSection
from steward.bots.bets.settings import BetsSettings
from steward.bots.bets.views import setup as views
from steward.client.access.permissions import POST
from steward.client.components import role_select
from steward.client.embeds import Message
from steward.client.interactions import Use
from steward.client.panels.form import one_id
from steward.guilds.host import Host
from steward.guilds.settings_book import Section
from steward.guilds.setup.draft import SectionDraft
from steward.guilds.setup.section import ChannelChoice, SetupSection

NO_FEED = (
    "No feed is set up, so there are no games: `/bet`, `/parlay`, `/odds` and `/schedule` find none. Whoever runs the"
    " bot sets one up."
)
NO_CHANNEL = (
    "No bets channel is chosen: nobody is told how bets end, or of refunds and disputes, and there are no boards."
)
CHANNEL = ChannelChoice("bets_channel_id", "Bets channel", "Post boards and results in …", POST)


class BetsSetup(SetupSection[BetsSection]):
    """The section of bets."""

    def __init__(self, host: Host, section: Section[BetsSection]) -> None:
        super().__init__(host, section, "Bets", CHANNEL)
        self._panel.on(self.action("role"), self._choose_role)
        self._has_feed = host.settings.of(BetsSettings).has_feed
        self.form("mode", "Betting", views.betting_form)
        self.form("money", "Play money", views.money_form, self._take_money)
        self.form("gifts", "Gifts and markets", views.gifts_form)
        self.form("rules", "Settlement rules", views.rules_form)
        self.form("limits", "Limits", views.limits_form)

    async def warnings(self, guild_id: int, draft: SectionDraft[BetsSection]) -> Sequence[str]:
        """Say what won't work, and what becomes of open bets once nobody has a wallet."""
        found = [] if self._has_feed else [NO_FEED]
        if draft.settings.bets_channel_id is None:
            found.append(NO_CHANNEL)
        if draft.settings.mode is BetsMode.UNITS and self._section.of(guild_id).mode is BetsMode.HOUSE:
            from steward.bots.bets.placing.bets import open_with_points  # rarely needed

            left = await self._host.store.read(partial(open_with_points, guild_id=guild_id))
            found += [views.left_open(*left)] if any(left) else []
        return found

    def held(self, settings: BetsSection) -> list[tuple[str, str]]:
        return [*views.held(settings), *super().held(settings)]

    def rows(self, draft: SectionDraft[BetsSection]) -> list[Message]:
        """Return the menus of the role of bet managers, and of the channel."""
        role = draft.settings.manager_role_id
        chosen = () if role is None else (role,)
        return [
            role_select(self.action("role").id(), placeholder="Bets are managed by …", least=0, chosen=chosen),
            *super().rows(draft),
        ]

    async def _take_money(
        self, _: Use, draft: SectionDraft[BetsSection], values: dict[str, Any]
    ) -> SectionDraft[BetsSection]:
        return views.named_points(draft, values)

    async def _choose_role(self, use: Use, draft: SectionDraft[BetsSection]) -> SectionDraft[BetsSection]:
        return draft.choosing(manager_role_id=one_id(use.values))
