"""The pictures of the documentation, made of what the simulator received and shows: `python -m tests.pictures`."""
