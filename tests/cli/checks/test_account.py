from __future__ import annotations

import pytest

from steward.cli.checks.account import check_identify_budget, check_intents, check_login, check_token
from steward.cli.checks.rest import CheckAnswer
from steward.settings import Secret
from tests.settings.examples import TOKEN


def answer(status=200, **body) -> CheckAnswer:
    return CheckAnswer(status, body, "")


def test_a_token_contains_its_bots_id():
    assert "123456789012345678" in check_token(Secret(TOKEN)).finding
    assert check_token(Secret("a.b.c")).status == "fail"


@pytest.mark.parametrize(
    ("given", "status", "words"),
    [
        (answer(username="Steward", bot=True, id="1"), "ok", "Steward"),
        (answer(401), "fail", "doesn't accept the token"),
        (answer(429), "fail", "this machine's address"),
        (answer(503), "fail", "503"),
    ],
)
def test_the_login_is_checked(given, status, words):
    finding = check_login(given)
    assert finding.status == status
    assert words in finding.finding


@pytest.mark.parametrize(("remaining", "status"), [(1000, "ok"), (100, "ok"), (99, "warn"), (0, "fail")])
def test_the_login_budget_is_checked(remaining, status):
    limit = {"remaining": remaining, "total": 1000, "reset_after": 3_600_000}
    finding = check_identify_budget(answer(session_start_limit=limit))
    assert finding.status == status
    assert "1:00:00" in finding.finding


def test_an_unknown_budget_is_a_failure():
    assert check_identify_budget(answer(500)).status == "fail"


@pytest.mark.parametrize(
    ("flags", "wanted", "status"),
    [(1 << 14, True, "ok"), (1 << 15, True, "ok"), (0, True, "fail"), (0, False, "ok"), (1 << 15, False, "ok")],
)
def test_intents_are_checked(flags, wanted, status):
    assert check_intents(answer(flags=flags), members_intent=wanted).status == status


def test_intents_that_cannot_be_seen_are_skipped():
    assert check_intents(answer(500), members_intent=True).status == "skipped"
