"""Who may read the dashboard: this machine alone, or whoever knows the password; never a foreign page."""

import pytest

from steward.settings.secret import Secret
from steward.web.dashboard.access import IDLE, DashboardAccess, is_loopback, is_ours

PASSWORD = "correct horse battery"


class Watch:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


def access(password=PASSWORD, hosts=(), watch=None):
    numbers = iter(range(1000))
    given = Secret(password) if password else None
    return DashboardAccess(given, hosts, watch or Watch(), token=lambda: f"t{next(numbers)}")


def cookie(session):
    return {"Host": "localhost:8080", "Cookie": f"other=1; steward_session={session}"}


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("127.0.0.1:8080", True), ("localhost:8080", True), ("LOCALHOST", True), ("[::1]:8080", True),
        ("bot.example.org", True), ("BOT.example.org:443", True),
        ("127.1:8080", False), ("2130706433:8080", False), ("127.0.0.1.evil.example:8080", False),
        ("localhost@evil.example", False), ("evil.example", False), ("localhost.:8080", False), ("", False),
        (":8080", False),
    ],
)  # fmt: skip
def test_only_our_own_names_are_answered(host, known):
    assert access(hosts=["bot.example.org"]).knows_host(host) is known


def test_without_a_password_only_this_machine_reads():
    found = access(password="")
    here = {"Host": "127.0.0.1:8080"}
    assert found.refusal(here, "127.0.0.1") == ""
    assert found.refusal({"Host": "[::1]:8080"}, "::1") == ""
    assert found.refusal({"Host": "[::1]"}, "::1") == "", "on the port that browsers leave out"
    assert found.refusal(here, "192.0.2.7") == "no password", "whoever writes our name into the header is not here"
    assert found.refusal({"Host": "bot.example.org"}, "127.0.0.1") == "no password", "through a proxy"
    assert found.sign_in("", "127.0.0.1") is None


def test_with_a_password_everybody_signs_in_also_here():
    found = access()
    assert found.refusal(cookie("t0"), "127.0.0.1") == "sign in"
    assert found.sign_in("wrong", "127.0.0.1") is None
    session = found.sign_in(PASSWORD, "127.0.0.1")
    assert found.refusal(cookie(session), "192.0.2.7") == ""
    assert found.refusal(cookie(session + "x"), "127.0.0.1") == "sign in"
    assert found.refusal({"Host": "localhost", "Cookie": "\x00;=;=" + "a" * 60_000}, "127.0.0.1") == "sign in"
    found.sign_out(cookie(session))
    assert found.refusal(cookie(session), "127.0.0.1") == "sign in"


def test_a_session_ends_half_a_day_after_it_was_last_used():
    watch = Watch()
    found = access(watch=watch)
    session = found.sign_in(PASSWORD, "::1")
    for _ in range(3):
        watch.now += IDLE - 1
        assert found.refusal(cookie(session), "::1") == ""
    watch.now += IDLE + 1
    assert found.refusal(cookie(session), "::1") == "sign in"


def test_whoever_guesses_waits_longer_and_longer_up_to_a_quarter_of_an_hour():
    watch = Watch()
    found = access(watch=watch)
    waits = []
    for _ in range(20):
        assert found.sign_in("wrong", "192.0.2.7") is None
        waits.append(round(found.wait("192.0.2.7")))
        watch.now += max(0, found.wait("192.0.2.7"))
    assert waits[:8] == [0, 0, 0, 0, 1, 2, 4, 8]
    assert waits[-1] == 900
    assert found.wait("192.0.2.8") == 0, "the pause is over for all"
    found.sign_in("wrong", "192.0.2.9")
    assert found.wait("198.51.100.1") > 600, "guesses from many addresses count together"


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://localhost:8080"}, False),
        ({"Origin": "http://localhost:8080"}, True),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "null"}, False),
        ({}, True),
    ],
)
def test_only_our_own_page_may_send_a_password(headers, ours):
    assert is_ours({"Host": "localhost:8080", **headers}) is ours


@pytest.mark.parametrize(
    ("peer", "here"), [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("10.0.0.1", False), (None, False)]
)  # fmt: skip
def test_this_machine_is_known_by_its_address(peer, here):
    assert is_loopback(peer) is here
