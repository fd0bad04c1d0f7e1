"""What to listen to next: learnt in a child process, looked up in some queries, each pick with its reason as data."""
