"""The statistics bot: counters in channel names, joins and leaves, a heartbeat, a daily report."""
