"""Kinds of Discord values: tokens, ids, webhooks, the API's address."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import SplitResult

from steward.settings.declare import Kind
from steward.settings.kinds import address_parts
from steward.settings.problems import BadValue
from steward.settings.secret import Secret

WHERE_TOKEN = "Copy it from the Developer Portal: your application, page Bot, Reset Token."  # noqa: S105 - a sentence
WHERE_ID = "Switch on Developer Mode (User Settings, Advanced), right-click it in Discord and choose Copy ID."
API_PATH = "/api/v10"

_SNOWFLAKE = re.compile(r"[0-9]{17,20}")
_MENTION = re.compile(r"<(#|@&|@!?)([0-9]{17,20})>")
_PLACEHOLDER = re.compile(r"(?i)[<\[{(]|your|token|here|change.?me|example|x{5,}|\.\.\.|placeholder")
_PART = re.compile(r"[A-Za-z0-9_-]+")
_WEBHOOK = re.compile(r"/webhooks/[0-9]{17,20}/[\w.-]{10,}/?$")
_CLIENT_SECRET_LENGTH = 32
_PUBLIC_KEY = re.compile(r"[0-9a-f]{64}")


def snowflake() -> Kind[int]:
    """Return the kind of Discord ids: 17 to 20 digits."""

    def read(given: str) -> int:
        if _SNOWFLAKE.fullmatch(given) and int(given) < 1 << 64:
            return int(given)
        mention = _MENTION.fullmatch(given)
        if mention:
            raise BadValue("is a mention, not an id", f"Write only its digits: {mention[2]}.")
        link = re.search(r"discord(?:app)?\.com/channels/(?:[0-9@a-z]+)/([0-9]{17,20})", given)
        if link:
            raise BadValue("is a link, not an id", f"Write only the id, such as {link[1]}.")
        if re.match(r"[0-9]{17,20}\s*#", given):
            raise BadValue("has a comment after the id", "Put the comment on a line of its own.")
        if given.isdigit() and given.isascii():
            raise BadValue(f"has {len(given)} digits; a Discord id has 17 to 20", WHERE_ID)
        raise BadValue("is a name or other text; a Discord id is 17 to 20 digits", WHERE_ID)

    return Kind(read, "Discord id, 17 to 20 digits")


def bot_token() -> Kind[Secret]:
    """Return the kind of bot tokens: three parts separated by dots, the first the bot's id in base64."""

    def read(given: str) -> Secret:
        mistake = _other_credential(given)
        if mistake is not None:
            raise BadValue(mistake, WHERE_TOKEN)
        parts = given.split(".")
        if len(parts) != 3:  # noqa: PLR2004 - the shape of a token
            raise BadValue(f"has {len(parts)} parts separated by dots; a bot token has 3", WHERE_TOKEN)
        if not all(_PART.fullmatch(part) for part in parts):
            raise BadValue("has characters that no bot token has, or an empty part", WHERE_TOKEN)
        if token_owner(given) is None:
            raise BadValue("does not start with a bot's id; its first part is cut off or changed", WHERE_TOKEN)
        return Secret(given)

    return Kind(read, "bot token")


def token_owner(token: str) -> int | None:
    """Return the bot id in a token's first part; None if there is none."""
    head = token.partition(".")[0]
    try:
        decoded = base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        return None
    return int(decoded) if _SNOWFLAKE.fullmatch(decoded) else None


def _other_credential(given: str) -> str | None:
    shapes = (
        (given.lower().startswith("bot "), 'begins with "Bot ", which Steward adds by itself'),
        (re.search(r"\s", given) is not None, "contains white space; it was damaged while copying"),
        (given.lower().startswith("mfa."), "is the token of a person's account, which bots must not use"),
        ("/api/webhooks/" in given, "is the URL of a webhook, not a bot token"),
        (_SNOWFLAKE.fullmatch(given) is not None, "is an id, such as the application id, not a bot token"),
        (_PUBLIC_KEY.fullmatch(given) is not None, "is the application's public key, not a bot token"),
        (
            len(given) == _CLIENT_SECRET_LENGTH and _PART.fullmatch(given) is not None,
            "looks like the client secret of the OAuth2 page, not a bot token",
        ),
        (
            _PLACEHOLDER.search(given) is not None and token_owner(given) is None,
            "is still the placeholder from an example",
        ),
    )
    return next((why for matches, why in shapes if matches), None)


def webhook() -> Kind[Secret]:
    """Return the kind of webhook URLs, which are secret."""
    fix = "Copy it from Discord: the channel's settings, Integrations, Webhooks, Copy Webhook URL."

    def read(given: str) -> Secret:
        parts = address_parts(given, fix)
        if not _WEBHOOK.search(parts.path):
            raise BadValue("is not the URL of a webhook, or was cut off", fix)
        if _reaches_discord_in_clear(parts):
            raise BadValue("would be sent unencrypted", fix)
        return Secret(given)

    return Kind(read, "URL of a Discord webhook")


def api_url() -> Kind[str]:
    """Return the kind of URLs of Discord's REST API, without a trailing slash."""
    fix = f"Write a URL such as https://discord.com{API_PATH} or http://127.0.0.1:8081{API_PATH}."

    def read(given: str) -> str:
        parts = address_parts(given, fix)
        if parts.query or parts.fragment or parts.username:
            raise BadValue("has a user, query or fragment, which an API URL can't have", fix)
        if not parts.path.rstrip("/").endswith(API_PATH):
            raise BadValue(f"does not end in {API_PATH}, the version that Steward uses", fix)
        if _reaches_discord_in_clear(parts):
            raise BadValue("would send the token unencrypted", fix)
        return given.rstrip("/")

    return Kind(read, f"http(s) URL ending in {API_PATH}")


def _reaches_discord_in_clear(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    return parts.scheme == "http" and (host == "discord.com" or host.endswith(".discord.com"))
