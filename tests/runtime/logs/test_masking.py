from __future__ import annotations

import base64
import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.runtime.logs.masking import MASK, Masker

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcdE.canary_hijklmnopqrstuvwxyz12345"

FORMS = {
    "bare": TOKEN,
    "header": f"Authorization: Bot {TOKEN}",
    "dict": repr({"Authorization": f"Bot {TOKEN}"}),
    "json": json.dumps({"token": TOKEN}),
    "url": f"https://host/path/{quote(TOKEN)}?t={quote(TOKEN, safe='')}",
    "bytes": repr(TOKEN.encode()),
    "last part": f"signature {TOKEN.rpartition('.')[2]}",
    "hexadecimal": TOKEN.encode().hex(),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_registered_secret_is_masked_in_every_encoding(form):
    cleaned = Masker([TOKEN]).clean(FORMS[form])
    assert MASK in cleaned
    assert "canary" not in cleaned
    assert b"canary".hex() not in cleaned


@given(before=st.binary(max_size=4), after=st.binary(max_size=4))
def test_a_secret_inside_base64_is_masked_at_any_offset(before, after):
    whole = base64.b64encode(before + TOKEN.encode() + after).decode()
    cleaned = Masker([TOKEN]).clean(whole)
    assert MASK in cleaned
    assert len(cleaned) < len(MASK) + 24


@given(secret=st.text(min_size=4, max_size=40), around=st.text(max_size=20))
def test_any_secret_is_masked_bare_and_as_json_and_repr(secret, around):
    masker = Masker([secret])
    for form in (secret, json.dumps(secret), repr(secret)):
        assert masker.clean(form).strip("'\"").replace(MASK, "") == ""
    assert secret not in masker.clean(around + " " + secret).replace(MASK, "")


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        ("https://discord.com/api/webhooks/613425648685547541/canary_abcdefghijk", "/webhooks/613425648685547541/"),
        ("POST /interactions/613425648685547541/canary.abc-def/callback", "/interactions/613425648685547541/"),
        ("token aW50ZXJhY3Rpb246canarycanary", "aW50ZXJhY3Rpb24"),
        ("GET /calendar/canary_abcdefghijk.ics HTTP/1.1", "/calendar/"),
        ("Bot canarycanary.ab.cd", "Bot "),
        ("postgresql://me:canary@host/db", "postgresql://me:"),
        (f"someone else's {TOKEN}", "someone else's"),
    ],
)
def test_unregistered_secrets_are_masked_by_shape(text, stays):
    cleaned = Masker().clean(text)
    assert "canary" not in cleaned
    assert stays in cleaned


@pytest.mark.parametrize(
    "text",
    [
        "Robot arms. Bot is ready",
        "channel 613425648685547541 renamed",
        "http://127.0.0.1:8080/healthz",
        "steward.client.gateway.gateway.session closed",
        "2026-11-21T01:57:56.451Z",
    ],
)
def test_ordinary_lines_stay_as_they_are(text):
    assert Masker([TOKEN]).clean(text) == text


def test_the_shortest_texts_are_not_secrets():
    assert Masker(["a", ""]).clean("banana") == "banana"
