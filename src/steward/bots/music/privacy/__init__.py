"""What music keeps about members, and for how long."""
