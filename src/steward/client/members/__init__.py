"""Who is in a guild, online, and in voice."""
