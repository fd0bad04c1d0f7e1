"""Values shared by the settings tests."""

from __future__ import annotations

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcdE.canary_hijklmnopqrstuvwxyz12345"
GUILD = "613425648685547541"
LEAST = {"BOT_TOKEN": TOKEN, "GUILD_ID": GUILD}
