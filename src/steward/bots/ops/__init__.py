"""The operator's bot: how the bot itself is doing, in Discord, in true figures with what to do about them."""
