"""The Discord side: what every bot needs of Discord, lean and within its limits."""
