"""`/setup`: a section a bot, each declared by its bot, and all chosen, tested, saved and taken back in one way."""
