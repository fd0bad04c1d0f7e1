"""What statistics keep about members, how it is exported and forgotten."""
