-- Reason: `/bet` offers games with odds; of the feeds of each game it reads this index alone.
-- From now on priced_at is when the feed last had prices at which bets are taken.
DROP INDEX bet_game_refs_by_game /*! ON bet_game_refs */;  -- only MariaDB and MySQL read this comment, and need it
CREATE INDEX bet_game_refs_priced ON bet_game_refs (game, priced_at);
