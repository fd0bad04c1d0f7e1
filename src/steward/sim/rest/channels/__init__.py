"""Channels over REST: settings, threads, forums, invites, webhooks."""
