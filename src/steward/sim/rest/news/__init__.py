"""Routes of announcement channels, and of Slack's and GitHub's webhook formats."""
