"""The picture of a post in README.md, drawn from what the simulator received: `python -m tests.pictures` makes it."""
