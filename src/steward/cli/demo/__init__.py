"""The demo behind `steward demo`: its community, its checks and its views."""
