"""Routes of channels: settings, threads, forums, invites, webhooks."""
