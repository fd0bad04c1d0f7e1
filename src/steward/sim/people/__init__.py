"""Users: members that tests act as, computed crowds, and bot accounts."""
