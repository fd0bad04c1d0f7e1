"""Markets that members make: `/market`, and what is pressed below their posts."""
