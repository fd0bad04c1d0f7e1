"""Settings by topic; `steward.settings.model` combines them."""
