-- Reason: what Discord should show stands in one table of all bots, `desired`; an occurrence keeps how often it was posted.
INSERT INTO desired (kind, number, name, guild_id, lane, revision, shown, ref, dirty)
    SELECT 'event_post', id, '', guild_id, channel_id, revision, shown, message_id,
        CASE WHEN shown < revision OR (state = 'posted' AND message_id IS NULL) THEN 1 ELSE 0 END
    FROM event_occurrences WHERE shown >= 0;
INSERT INTO desired (kind, number, name, guild_id, lane, revision, shown, ref, dirty)
    SELECT 'event_poll', id, '', guild_id, channel_id, revision, shown, message_id,
        CASE WHEN shown < revision OR message_id IS NULL THEN 1 ELSE 0 END
    FROM event_polls;
INSERT INTO desired (kind, number, name, guild_id, lane, revision, shown, ref, dirty)
    SELECT CASE m.kind WHEN 'thread' THEN 'event_thread' ELSE 'event_native' END, m.occurrence_id, '', o.guild_id,
        o.guild_id, m.wanted, m.shown, m.discord_id, CASE WHEN m.shown < m.wanted THEN 1 ELSE 0 END
    FROM event_mirrors m JOIN event_occurrences o ON o.id = m.occurrence_id;
INSERT INTO desired (kind, number, name, guild_id, lane, revision, shown, dirty)
    SELECT 'event_left', l.occurrence_id, l.message_id, o.guild_id, l.channel_id, 1, 0, 1
    FROM event_left_posts l JOIN event_occurrences o ON o.id = l.occurrence_id;
INSERT INTO desired (kind, number, name, guild_id, lane, revision, shown, dirty)
    SELECT 'event_role', role_id, '', MIN(guild_id), MIN(guild_id), 1, 0, 1
    FROM event_role_grants WHERE wanted = 0 OR has = 0 GROUP BY role_id;
DROP TABLE event_mirrors;
DROP TABLE event_left_posts;
ALTER TABLE event_occurrences ADD COLUMN posts INTEGER NOT NULL DEFAULT 0; -- that were put up
UPDATE event_occurrences SET posts = reposts + 1 WHERE shown >= 0;
ALTER TABLE event_occurrences DROP COLUMN message_id;
ALTER TABLE event_occurrences DROP COLUMN shown;
ALTER TABLE event_occurrences DROP COLUMN reposts;
ALTER TABLE event_polls DROP COLUMN message_id;
ALTER TABLE event_polls DROP COLUMN shown;
ALTER TABLE event_polls DROP COLUMN revision;
