"""The operator's dashboard: how the bot is doing and how it was, in a browser. It reads only."""
