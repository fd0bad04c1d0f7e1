-- Reason: PostgreSQL without statistics took this index for a transaction's key, and looked at all of its guild.
DROP INDEX bet_transactions_by_actor /*! ON bet_transactions */;  -- only MariaDB and MySQL read this comment, and need it
CREATE INDEX bet_transactions_by_member ON bet_transactions (actor_id, guild_id, at);
