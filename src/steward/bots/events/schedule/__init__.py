"""What is due when: sign-up that closes, reminders, begin and end; and what is old."""
