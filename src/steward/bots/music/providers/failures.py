"""What goes wrong with a music service, by what to do about it; no sentence holds a key or an address with one."""

from __future__ import annotations

from datetime import timedelta

from steward.errors import NeedsOperator, NotReady, StewardError
from steward.text.durations import about

KEY_RESTS = 3600.0
NOT_SET_UP = "A music service isn't set up right. The operator of this bot can see why."


class ProviderAway(NotReady):
    """
    A service doesn't answer, or not as itself: broken connections, its own errors, web pages in place of data.

    Args:
        title: of the service, begins the sentence.
        why: completes it.

    """

    def __init__(self, title: str, why: str) -> None:
        super().__init__(f"{title} {why}.")
        self.title = title


class Garbled(NotReady):
    """One answer can't be read, though the service works."""

    def __init__(self, title: str) -> None:
        super().__init__(f"{title} sent something that can't be read.")


class ProviderResting(NotReady):
    """
    A service takes no more requests for a while.

    Args:
        retry_after: seconds.

    """

    def __init__(self, title: str, retry_after: float) -> None:
        when = f"{retry_after:.0f} s" if retry_after < 2 * 60 else about(timedelta(seconds=retry_after))
        super().__init__(f"{title} takes no more requests for {when}.")
        self.title = title
        self.retry_after = retry_after


class KeyRefused(NeedsOperator):
    """
    A service refuses the operator's key, which rests it for an hour, or for good.

    Args:
        setting: the key's name.
        said: how the service says it.

    """

    for_members = NOT_SET_UP

    def __init__(self, title: str, setting: str, said: str, *, retry_after: float = KEY_RESTS) -> None:
        super().__init__(f"{title} refuses the key ({said}).", remedy=f"Check {setting}.")
        self.retry_after = retry_after


class NoContact(NeedsOperator):
    """A service blocks programs that don't say how to reach their operator."""

    for_members = NOT_SET_UP

    def __init__(self, title: str) -> None:
        super().__init__(
            f"To ask {title}, Steward has to say how to reach you: programs that don't are blocked there.",
            remedy="Set STEWARD_MUSIC_CONTACT to a web address or an e-mail address of yours.",
        )


class CallRefused(StewardError):
    """A service refuses one request, for a reason of its own."""

    def __init__(self, title: str, status: int) -> None:
        super().__init__(f"{title} refuses this request ({status}).")
        self.status = status


class NotKnown(StewardError):
    """A service doesn't know what it was asked about."""

    def __init__(self, title: str, what: str = "that") -> None:
        super().__init__(f"{title} doesn't know {what}.")


class UnknownListener(NotKnown):
    """There is no listener of that name."""

    def __init__(self, title: str, listener: str) -> None:
        super().__init__(title, f"anybody called “{listener[:50]}”")


class PrivateHistory(StewardError):
    """
    A listener hides what they listen to.

    Args:
        switch: what it is called there.
        where: the page it is on.

    """

    def __init__(self, title: str, switch: str, where: str) -> None:
        super().__init__(
            f"Your listening is private on {title}, so I can't see it.",
            remedy=f"To share it, switch off “{switch}” at {where}, and try again.",
        )


class TokenRefused(StewardError):
    """A service refuses a listener's own token."""

    def __init__(self, title: str, where: str) -> None:
        super().__init__(f"{title} doesn't accept this token.", remedy=f"Copy it again from {where}.")


class UnreadablePage(StewardError):
    """
    A page of a history can't be read.

    Args:
        cursor: of the page after it; empty if that can't be known.

    """

    def __init__(self, title: str, cursor: str) -> None:
        super().__init__(f"{title} sent a page of your history that can't be read.")
        self.cursor = cursor


class NotOffered(StewardError):
    """A service has nothing of this kind."""

    def __init__(self, title: str, what: str) -> None:
        super().__init__(f"{title} has no {what}.")
