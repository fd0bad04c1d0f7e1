-- Reason: what is due stands in one table of all bots, `due`; polls that are open are due to be closed.
INSERT INTO due (kind, number, name, guild_id, at, try_at)
    SELECT CASE m.kind WHEN 'post' THEN 'event_post' WHEN 'remind' THEN 'event_remind' WHEN 'close' THEN 'event_close'
        WHEN 'start' THEN 'event_start' ELSE 'event_end' END, m.occurrence_id, m.name, o.guild_id, m.due_at, m.due_at
    FROM event_moments m JOIN event_occurrences o ON o.id = m.occurrence_id
    WHERE m.done_at IS NULL AND m.kind IN ('post', 'remind', 'close', 'start', 'end');
INSERT INTO due (kind, number, name, guild_id, at, try_at)
    SELECT 'event_poll_close', id, '', guild_id, closes_at, closes_at FROM event_polls WHERE state = 'open';
DROP TABLE event_moments;
