"""How the bots here are told where Discord is, and how they tell what they hear."""

import json
import os

API, TOKEN = os.environ["API"], os.environ["TOKEN"]


def say(event, name=""):
    print(json.dumps({"event": event, "name": name}), flush=True)


def load_ops(bot):
    """Load `steward.ops` and return what comes of it."""
    try:
        bot.load_extension("steward.ops")
    except Exception as error:
        cause = error.__cause__ or getattr(error, "original", None) or error
        return f"{type(cause).__name__}: {cause}"
    return "loaded"
