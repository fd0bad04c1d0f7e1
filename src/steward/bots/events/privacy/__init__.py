"""What events keep about members, and how it is forgotten."""
