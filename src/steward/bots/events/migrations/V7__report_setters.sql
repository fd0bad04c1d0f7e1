-- Reason: whoever had reports posted is told when their channel is gone or closed to the bot.
ALTER TABLE event_reports ADD COLUMN set_by BIGINT;  -- NULL: nobody is told
