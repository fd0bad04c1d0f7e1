"""The settings by theme; `steward.settings.model` joins them into one."""
