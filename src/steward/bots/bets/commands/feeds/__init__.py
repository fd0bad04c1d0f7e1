"""What the operator sees of feeds, and decides where they leave something open: `/feeds`."""
