"""
Who may read the dashboard.

Without a password only this machine may, by a loopback address in the URL; with one, everybody signs in, also here:
a proxy on this machine makes every visitor look as if they were on it. A request must name a host that is ours, or a
foreign page could read the dashboard through its visitor's browser (DNS rebinding).
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Collection, Mapping
from hmac import compare_digest
from http.cookies import CookieError, SimpleCookie
from ipaddress import ip_address

from steward.runtime.bounded_dict import BoundedDict
from steward.settings.secret import Secret
from steward.web.server import host_of

COOKIE = "steward_session"
IDLE = 12 * 3600.0
"""Seconds after which a session that nobody uses ends."""
MOST_SESSIONS, MOST_ADDRESSES = 100, 1000
FREE_TRIES, FIRST_PAUSE, LONGEST_PAUSE = 5, 1.0, 900.0
"""Wrong passwords in a row before each further one has to wait, and for how many seconds."""
LONGEST_PASSWORD = 1000
ALL = "all"
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


class Throttle:
    """Slows down whoever guesses: after five wrong passwords the pause doubles, to a quarter of an hour."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._failed: BoundedDict[str, tuple[int, float]] = BoundedDict(MOST_ADDRESSES)

    def wait(self, name: str) -> float:
        """Return the seconds until another try is taken; 0 or less for now."""
        failures, at = self._failed.get(name, (0, 0.0))
        if failures < FREE_TRIES:
            return 0.0
        pause: float = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(failures - FREE_TRIES, 30))
        return at + pause - self._monotonic()

    def note(self, name: str, *, is_right: bool) -> None:
        """Note a try."""
        if is_right:
            self._failed.pop(name, None)
        else:
            failures, _ = self._failed.get(name, (0, 0.0))
            self._failed[name] = failures + 1, self._monotonic()


class DashboardAccess:
    """
    See the module.

    Args:
        password: None for none.
        hosts: names under which the dashboard is reached beside loopback ones, such as `bot.example.org`.
        token: makes the secret of a session.

    """

    def __init__(
        self,
        password: Secret | None,
        hosts: Collection[str],
        monotonic: Callable[[], float],
        *,
        token: Callable[[], str] = secrets.token_urlsafe,
    ) -> None:
        self._password = password
        self._hosts = frozenset(host.lower() for host in hosts)
        self._monotonic = monotonic
        self._token = token
        self._sessions: BoundedDict[str, float] = BoundedDict(MOST_SESSIONS)
        self._throttle = Throttle(monotonic)

    def knows_host(self, host: str) -> bool:
        """Return whether a `Host` header names us, letter by letter: no other spelling of an address gets through."""
        name = host_of(host.lower())
        return name in LOOPBACK or name in self._hosts

    def refusal(self, headers: Mapping[str, str], peer: str | None) -> str:
        """Return why a request may not read, in a word for the page: `sign in` or `no password`; empty if it may."""
        if self._password is None:
            is_here = host_of(headers.get("Host", "").lower()) in LOOPBACK and is_loopback(peer)
            return "" if is_here else "no password"
        return "" if self._has_session(headers) else "sign in"

    def wait(self, peer: str | None) -> float:
        """Return the seconds for which nobody at this address may try a password; 0 or less for none."""
        return max(self._throttle.wait(peer or ""), self._throttle.wait(ALL))

    def sign_in(self, password: str, peer: str | None) -> str | None:
        """Return the secret of a new session; None if the password is wrong."""
        if self._password is None:
            return None
        is_right = compare_digest(_digest(password[:LONGEST_PASSWORD]), _digest(self._password.reveal()))
        for name in (peer or "", ALL):
            self._throttle.note(name, is_right=is_right)
        if not is_right:
            return None
        made = self._token()
        self._sessions[_digest(made)] = self._monotonic()
        return made

    def sign_out(self, headers: Mapping[str, str]) -> None:
        """End the session of a request."""
        self._sessions.pop(_digest(_cookie(headers)), None)

    def _has_session(self, headers: Mapping[str, str]) -> bool:
        key = _digest(_cookie(headers))
        used = self._sessions.get(key)
        if used is None or self._monotonic() - used > IDLE:
            self._sessions.pop(key, None)
            return False
        self._sessions[key] = self._monotonic()
        return True


def is_loopback(peer: str | None) -> bool:
    """Return whether an address is this machine's own."""
    try:
        return peer is not None and ip_address(peer.partition("%")[0]).is_loopback
    except ValueError:
        return False


def is_ours(headers: Mapping[str, str]) -> bool:
    """Return whether a request that changes something is of our own page: by `Sec-Fetch-Site`, else by `Origin`."""
    site = headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = headers.get("Origin")
    return origin is None or origin.partition("://")[2].lower() == headers.get("Host", "").lower()


def _cookie(headers: Mapping[str, str]) -> str:
    try:
        found = SimpleCookie(headers.get("Cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return "" if found is None else found.value


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
