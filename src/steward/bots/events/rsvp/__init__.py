"""Who comes: answers, seats, the waitlist, and members who leave."""
