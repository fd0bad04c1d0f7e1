"""What happens by itself at a time: scheduled events, how they repeat, threads that grow quiet."""
