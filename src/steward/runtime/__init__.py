"""The performance layer: clock, cache, limits, HTTP, tasks, memory, logs. Knows no bot, no store and no Discord."""
