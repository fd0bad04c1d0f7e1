"""Time zones: of each guild, and of each member who has set one."""
