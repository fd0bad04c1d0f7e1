"""What each kind of chart draws."""
