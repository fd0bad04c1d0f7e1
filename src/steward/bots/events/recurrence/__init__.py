"""By which rule an event repeats, and when its times are planned."""
