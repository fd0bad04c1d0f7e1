"""Check the bot's account: token, login, login budget, intents."""

from __future__ import annotations

from datetime import timedelta

from steward.cli.checks.finding import Finding, fail, ok, skipped, warn
from steward.cli.checks.rest import HTTP_OK, HTTP_TOO_MANY, HTTP_UNAUTHORIZED, CheckAnswer
from steward.settings import Secret, token_owner
from steward.settings.discord_kinds import WHERE_TOKEN

# Discord's application flags: the intent is granted to a verified bot, or to one in fewer than 100 servers.
MEMBERS_GRANTED = 1 << 14 | 1 << 15
LOW_BUDGET = 0.1


def check_token(token: Secret) -> Finding:
    """Check the token's shape only."""
    owner = token_owner(token.reveal())
    if owner is None:
        return fail("token", "The token doesn't start with a bot's id.", WHERE_TOKEN)
    return ok("token", f"It looks like a bot token and belongs to the bot {owner}.")


def check_login(me: CheckAnswer) -> Finding:
    """Check the answer of `GET /users/@me`."""
    if me.good:
        note = "" if me.body.get("bot") else " It's a user account, which Discord doesn't allow for bots."
        return ok("login", f"Discord knows the bot as {me.body.get('username', '?')}.{note}")
    if me.status == HTTP_UNAUTHORIZED:
        return fail(
            "login", "Discord doesn't accept the token: it was reset, or it wasn't copied correctly.", WHERE_TOKEN
        )
    if me.status == HTTP_TOO_MANY:
        return fail(
            "login",
            "Discord is blocking this machine's address for a while, after too many requests (429).",
            "Stop every bot on this machine, wait an hour and try again.",
        )
    how = "something that isn't its usual JSON" if me.status == HTTP_OK else str(me.status)
    return fail("login", f"Discord answered {how}.", "See https://discordstatus.com and try again later.")


def check_identify_budget(gateway: CheckAnswer) -> Finding:
    """Check how many logins are left today, by the answer of `GET /gateway/bot`."""
    label = "login budget"
    if not gateway.good:
        return fail(label, f"Discord didn't say where its gateway is ({gateway.status}).", "Try again later.")
    limit = gateway.body.get("session_start_limit") or {}
    remaining, total = limit.get("remaining", 0), limit.get("total", 1000)
    reset = timedelta(seconds=round(limit.get("reset_after", 0) / 1000))
    finding = f"{remaining} of {total} logins are left; the count resets in {reset}."
    if remaining == 0:
        return fail(label, finding, "Don't start the bot before that. Find out why it keeps restarting.")
    if remaining < total * LOW_BUDGET:
        return warn(label, finding, "Find out why the bot keeps restarting; at 0 Discord resets its token.")
    return ok(label, finding)


def check_intents(application: CheckAnswer, *, members_intent: bool) -> Finding:
    """Check that the intents in the settings are granted, by the answer of `GET /applications/@me`."""
    label = "intents"
    if not application.good:
        return skipped(label, f"Discord didn't describe the application ({application.status}).")
    granted = bool(int(application.body.get("flags") or 0) & MEMBERS_GRANTED)
    if members_intent and not granted:
        return fail(
            label,
            "The settings ask for the Server Members intent, but it's switched off for this application.",
            "Switch it on in the Developer Portal, page Bot, Privileged Gateway Intents; "
            "or set STEWARD_MEMBERS_INTENT=false.",
        )
    if granted and not members_intent:
        return ok(label, "No privileged intent is needed. Server Members is on, if you want it later.")
    return ok(label, "Server Members is needed, and it's on." if granted else "No privileged intent is needed.")
