"""Says who asks: ListenBrainz and MusicBrainz block programs that nobody can be reached about."""

from __future__ import annotations

import steward
from steward.bots.music.providers.failures import NoContact


def agent_of(contact: str, title: str) -> dict[str, str]:
    """
    Return the header that names this program and how to reach its operator.

    Args:
        contact: a web or e-mail address; title: of the service that wants it.

    Raises:
        NoContact: there is none.

    """
    if not contact.strip():
        raise NoContact(title)
    return {"User-Agent": f"Steward/{steward.__version__} ( {contact.strip()} )"}
