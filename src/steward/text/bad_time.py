"""What is said of words that are no time; apart, for it is light, and the grammar is not."""

from steward.errors import StewardError

HOW = "Try `friday 8pm`, `tomorrow 19:30`, `24.12. 18:00` or `in 3 hours`."

ZONES = "Name a large city or an offset: `8pm London time`, `20:00 UTC+1`."


class BadTime(StewardError):
    """Words that name no time an event can be at; the sentence says why, the remedy how a time is written."""

    def __init__(self, sentence: str, remedy: str = HOW) -> None:
        super().__init__(sentence, remedy=remedy)
