"""Learns anew as due work: soon after an import, and never for long in a row."""

from __future__ import annotations

from collections.abc import Mapping

from steward.bots.music.recommend.learning.rebuild import Learning, LearningFailed
from steward.bots.music.recommend.learning.relearning import LEARN, learn_soon
from steward.runtime.logs.loggers import get_logger
from steward.store import Transaction, Work
from steward.store.due.due import DueItem
from steward.store.due.work import DueKind

log = get_logger(__name__)


class LearningWork:
    """
    Learns when it is due.

    Attributes:
        kinds: of due work.

    """

    def __init__(self, learning: Learning) -> None:
        self._learning = learning
        self.kinds: Mapping[str, DueKind] = {LEARN: DueKind(self._prepare, lambda _: "Nothing is learnt of listening")}

    async def _prepare(self, _: DueItem) -> Work[None]:
        try:
            await self._learning.run()
        except LearningFailed as error:  # a try costs a minute of CPU: no sooner than the next would be
            log.warning("music_learning_failed", error=error.sentence)
            return learn_soon
        return _nothing


def _nothing(_: Transaction) -> None:
    """Do nothing more: what was learnt is written already."""
