"""What a guild has set up for statistics, and what is tested before it is saved."""
