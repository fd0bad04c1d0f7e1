"""What the bot and members may do in a guild's channels."""
