"""Red-DiscordBot, which finds cogs in examples/ops_in_red."""

import os
import sys

import discord
from redbot.__main__ import main
from speech import API, TOKEN

if __name__ == "__main__":
    discord.http.Route.BASE = API  # being sharded, it asks there for the gateway
    cogs, owner = ["--no-cogs", "--cog-path", os.environ["COGS"]], os.environ["OWNER"]
    sys.argv = ["redbot", "--no-instance", "--no-prompt", "--token", TOKEN, "--prefix", "!", *cogs, "--owner", owner]
    main()
