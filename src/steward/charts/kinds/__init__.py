"""Drawing code for each kind of chart."""
