"""What is kept of a member's taste: what they hear and named, what they said to picks, and who may see it."""
