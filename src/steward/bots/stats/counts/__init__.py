"""The numbers of now, and the events behind them."""
