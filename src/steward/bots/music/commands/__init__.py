"""Commands of the music bot, and its section of `/setup`."""
