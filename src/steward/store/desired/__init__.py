"""What Discord should show, what it shows, and when the next write is allowed."""
