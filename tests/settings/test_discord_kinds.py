from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.settings.discord_kinds import api_url, bot_token, snowflake, token_owner, webhook
from steward.settings.problems import BadValue
from tests.settings.examples import TOKEN


@given(st.integers(10**16, 2**64 - 1))
def test_every_id_is_read(number):
    assert snowflake().read(str(number)) == number


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("<#613425648685547541>", "only its digits: 613425648685547541"),
        ("<@&613425648685547541>", "only its digits"),
        ("https://discord.com/channels/613425648685547541/613425648685547542", "such as 613425648685547542"),
        ("613425648685547541 # my server", "line of its own"),
        ("12345", "has 5 digits"),
        ("99999999999999999999", "has 20 digits"),
        ("general", "name or other text"),
        ("٦١٣٤٢٥٦٤٨٦٨٥٥٤٧٥٤١", "name or other text"),
    ],
)
def test_an_invalid_id_is_refused_with_the_reason(text, hint):
    with pytest.raises(BadValue) as caught:
        snowflake().read(text)
    assert hint in str(caught.value)


def test_a_token_is_read_and_hidden():
    secret = bot_token().read(TOKEN)
    assert secret.reveal() == TOKEN
    assert TOKEN not in repr(secret)


@given(st.integers(10**16, 10**20 - 1))
def test_a_token_names_its_bot(number):
    head = base64.urlsafe_b64encode(str(number).encode()).decode().rstrip("=")
    assert token_owner(f"{head}.abcdef.ghijkl") == number


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"Bot {TOKEN}", "which Steward adds by itself"),
        (f"{TOKEN[:30]} {TOKEN[30:]}", "contains white space"),
        ("a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6", "client secret"),
        ("0123456789abcdef" * 4, "public key"),
        ("613425648685547541", "application id"),
        ("mfa.abcdefghijk", "person's account"),
        ("https://discord.com/api/webhooks/613425648685547541/abcdef", "webhook"),
        ("your-token-here", "placeholder"),
        ("<token>", "placeholder"),
        (TOKEN.rpartition(".")[0], "2 parts separated by dots"),
        (TOKEN + ".x", "4 parts separated by dots"),
        (TOKEN[1:], "start with a bot's id"),
        (TOKEN.replace(".G", ".€"), "characters that no bot token has"),
        ("..", "characters that no bot token has, or an empty part"),
    ],
)
def test_the_usual_mistakes_with_a_token_are_named(text, why):
    with pytest.raises(BadValue) as caught:
        bot_token().read(text)
    assert why in caught.value.why
    assert "Reset Token" in caught.value.fix
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize(
    "address", ["https://discord.com/api/v10", "http://127.0.0.1:8081/api/v10/", "http://[::1]:80/api/v10"]
)
def test_api_urls_lose_their_trailing_slash(address):
    assert api_url().read(address) == address.rstrip("/")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("discord.com/api/v10", "not an http or https URL"),
        ("ftp://discord.com/api/v10", "not an http or https URL"),
        ("http://127.0.0.1:8081", "does not end in /api/v10"),
        ("https://discord.com/api/v9", "does not end in /api/v10"),
        ("http://discord.com/api/v10", "unencrypted"),
        ("https://discord.com/api/v10?x=1", "query"),
        ("https://me:pw@discord.com/api/v10", "user"),
        ("http://127.0.0.1:x/api/v10", "not a URL"),
        ("http://[::1/api/v10", "not a URL"),
    ],
)
def test_other_urls_are_refused_with_the_reason(text, why):
    with pytest.raises(BadValue) as caught:
        api_url().read(text)
    assert why in caught.value.why


@given(st.text() | st.from_regex(r"[\w.<>#@:/ -]{0,80}", fullmatch=True))
def test_no_text_crashes_a_kind(text):
    for kind in (snowflake(), bot_token(), api_url()):
        try:
            kind.read(text)
        except BadValue as bad:
            assert bad.why
            assert bad.fix


@pytest.mark.parametrize(
    "given",
    [
        "https://discord.com/api/webhooks/1098765432109876543/abcdefghij_klmnop-qrstuv",
        "http://127.0.0.1:8081/api/v10/webhooks/1098765432109876543/abcdefghij",
    ],
)
def test_a_webhook_url_is_a_secret(given):
    read = webhook().read(given)
    assert read.reveal() == given
    assert given not in repr(read)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("1098765432109876543", "not an http"),
        ("https://discord.com/api/webhooks/1098765432109876543", "was cut"),
        ("https://discord.com/channels/1098765432109876543/1098765432109876543", "not the URL of a webhook"),
        ("http://discord.com/api/webhooks/1098765432109876543/abcdefghij", "unencrypted"),
        ("https://[discord.com/api/webhooks/1/2", "not a URL"),
    ],
)
def test_other_urls_are_no_webhook(given, why):
    with pytest.raises(BadValue, match=why):
        webhook().read(given)
