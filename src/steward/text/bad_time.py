"""The error for text that is no time; separate from the grammar because it is cheap to import."""

from steward.errors import StewardError

HOW = "Try `friday 8pm`, `tomorrow 19:30`, `24.12. 18:00` or `in 3 hours`."

ZONES = "Name a large city or an offset: `8pm London time`, `20:00 UTC+1`."


class BadTime(StewardError):
    """The text names no usable time; the remedy shows how to write one."""

    def __init__(self, sentence: str, remedy: str = HOW) -> None:
        super().__init__(sentence, remedy=remedy)
