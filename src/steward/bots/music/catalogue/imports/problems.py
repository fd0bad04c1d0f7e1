"""What can be wrong with a file that is to be imported, or with one line of it."""

from __future__ import annotations


class UnreadableFile(Exception):
    """
    A file can't be imported, or not to its end.

    Args:
        sentence: goes on after the name of the file, such as "is empty."
        remedy: what to do.

    """

    def __init__(self, sentence: str, remedy: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.remedy = remedy


class UnreadableLine(Exception):
    """A line that is left out; the text says why."""
