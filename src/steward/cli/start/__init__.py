"""What `steward` does before it runs the bot: less to import, streams that are open."""
