"""What feeds leave open and the operator decides: listed page by page, and each decided once."""
