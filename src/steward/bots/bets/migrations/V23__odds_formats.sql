-- Reason: the format of odds of a server, for its boards and for members who chose none: an empty one in bet_preferences.
ALTER TABLE bet_board_channels ADD COLUMN odds_format VARCHAR(12) NOT NULL DEFAULT 'decimal';
