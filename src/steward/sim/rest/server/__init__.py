"""What a guild is like: its settings and those of its widget, welcome, onboarding, templates and integrations."""
