"""What all bots keep about members: shown, exported, forgotten; and who doesn't want to be counted."""
