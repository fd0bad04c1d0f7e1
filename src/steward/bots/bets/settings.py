"""What the bets bot keeps."""

from __future__ import annotations

from dataclasses import dataclass

from steward.bots.bets.feeds.settings import FeedSettings
from steward.settings.declare import setting
from steward.settings.kinds import integer


@dataclass(frozen=True, kw_only=True)
class BetsSettings(FeedSettings):
    """The bets bot."""

    keep_idle_wallets_days: int = setting(
        integer(0, 36500),
        "How many days to keep the wallet of a member who has done nothing with it; then its points are taken out of "
        "circulation and it belongs to nobody. 0 keeps all.",
        default=400,
    )
