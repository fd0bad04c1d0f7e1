"""Settings: sources, kinds of values, and all problems reported together."""

from steward.settings.discord_kinds import token_owner
from steward.settings.load import load
from steward.settings.model import Settings, settings_table
from steward.settings.problems import Problem, SettingsError
from steward.settings.secret import Secret

__all__ = ["Problem", "Secret", "Settings", "SettingsError", "load", "settings_table", "token_owner"]
