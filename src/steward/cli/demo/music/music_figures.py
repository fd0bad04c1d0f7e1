"""The figures of a demo's music: what members were shown, and how long they waited."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MusicFigures:
    """
    The figures of one run's music.

    Attributes:
        answers: with five artists each; `late`: those that took three seconds or more.
        while_down: answers while the music service was down.
        refused: artists that members never want to see again; `shown_again`: those that came all the same.
        repeated: artists that came twice to a member.
        weekly: posts of weekly picks.
        failed: what members could not do, a sentence each.

    """

    answers: int = 0
    late: int = 0
    while_down: int = 0
    refused: int = 0
    shown_again: int = 0
    repeated: int = 0
    weekly: int = 0
    failed: tuple[str, ...] = ()

    @property
    def wrong(self) -> list[str]:
        """What is wrong, in a few words each."""
        counts = {
            "answers on music took three seconds or more": self.late,
            "refused artists were shown again": self.shown_again,
            "artists were shown twice to a member": self.repeated,
        }
        return [*(f"{count} {words}" for words, count in counts.items() if count), *self.failed]
