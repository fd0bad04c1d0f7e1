"""The events bot: who comes, and what follows from it."""
