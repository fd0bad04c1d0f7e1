"""Markets that members make: pools and fixed odds on a question of their own, and how two people settle them."""
