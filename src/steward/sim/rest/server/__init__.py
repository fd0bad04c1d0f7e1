"""Routes of a guild's settings, widget, welcome screen, onboarding, templates and integrations."""
