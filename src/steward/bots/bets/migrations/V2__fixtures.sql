-- Reason: games with their prices and results, which feed tells what of them, and what waits for a person.
-- Columns that name a row of another table are called as it is: league, team, game. Instants are milliseconds.
CREATE TABLE bet_leagues (
    id {auto_key},
    league_key VARCHAR(60) NOT NULL,     -- of the catalogue, or made of what a file says
    sport VARCHAR(20) NOT NULL,
    name VARCHAR(100) NOT NULL,
    zone VARCHAR(64) NOT NULL,           -- in which it keeps its days
    source VARCHAR(20),                  -- the feed whose names make teams; NULL: nobody has told of it yet
    CONSTRAINT bet_league UNIQUE (league_key)
);

CREATE TABLE bet_teams (
    id {auto_key},
    league BIGINT NOT NULL,
    name VARCHAR(100) NOT NULL,          -- as shown
    CONSTRAINT bet_team UNIQUE (league, name)
);

CREATE TABLE bet_team_names (
    league BIGINT NOT NULL,
    folded VARCHAR(100) NOT NULL,
    team BIGINT NOT NULL,
    PRIMARY KEY (league, folded)
) {compact};

CREATE TABLE bet_team_refs (
    provider VARCHAR(20) NOT NULL,
    league BIGINT NOT NULL,
    ref VARCHAR(64) NOT NULL,            -- the provider's own id
    team BIGINT NOT NULL,
    PRIMARY KEY (provider, league, ref)
) {compact};

CREATE TABLE bet_team_terms (
    term VARCHAR(100) NOT NULL,          -- a folded name from any of its words on, for search by prefix
    team BIGINT NOT NULL,
    PRIMARY KEY (term, team)
) {compact};

CREATE TABLE bet_games (
    id {auto_key},
    league BIGINT NOT NULL,
    home BIGINT NOT NULL,
    away BIGINT NOT NULL,
    number SMALLINT NOT NULL,            -- 2 for the second of a day
    listed_at BIGINT NOT NULL,           -- the start as first heard
    starts_at BIGINT NOT NULL,           -- as last heard
    began_at BIGINT,                     -- the real start, where a feed tells it
    status VARCHAR(10) NOT NULL,
    stage VARCHAR(10) NOT NULL DEFAULT 'open' CHECK (stage IN ('open', 'final', 'ready', 'waiting')),
    stage_at BIGINT NOT NULL,            -- since when
    note VARCHAR(200) NOT NULL DEFAULT '', -- why its result waits for a person
    CONSTRAINT bet_game UNIQUE (league, home, away, listed_at, number)
);
CREATE INDEX bet_games_by_start ON bet_games (starts_at);
CREATE INDEX bet_games_by_league ON bet_games (league, starts_at);
CREATE INDEX bet_games_by_home ON bet_games (home, starts_at);
CREATE INDEX bet_games_by_away ON bet_games (away, starts_at);
CREATE INDEX bet_games_by_stage ON bet_games (stage, starts_at);

CREATE TABLE bet_game_refs (
    provider VARCHAR(20) NOT NULL,
    ref VARCHAR(64) NOT NULL,            -- the provider's own id
    league BIGINT NOT NULL,
    game BIGINT NOT NULL,
    swapped SMALLINT NOT NULL,           -- 1: its home side is our away side
    starts_at BIGINT NOT NULL,           -- as it tells
    status VARCHAR(10) NOT NULL,
    gone_at BIGINT,                      -- when it was last listed; NULL: it still is
    PRIMARY KEY (provider, ref)
) {compact};
CREATE INDEX bet_game_refs_by_game ON bet_game_refs (game);
CREATE INDEX bet_game_refs_by_league ON bet_game_refs (provider, league, starts_at);

CREATE TABLE bet_prices (
    game BIGINT NOT NULL,
    provider VARCHAR(20) NOT NULL,
    market VARCHAR(20) NOT NULL,
    period VARCHAR(10) NOT NULL,
    selection VARCHAR(30) NOT NULL,
    line INTEGER NOT NULL,               -- in quarters; 0 where the market has none
    numerator BIGINT NOT NULL,
    denominator BIGINT NOT NULL,
    received VARCHAR(30) NOT NULL,       -- the odds as the feed wrote them
    told_at BIGINT NOT NULL,
    is_open SMALLINT NOT NULL,           -- 0: kept, but no bet is taken: it can't be right
    PRIMARY KEY (game, provider, market, period, selection, line)
) {compact};

CREATE TABLE bet_price_snapshots (
    game BIGINT NOT NULL,
    provider VARCHAR(20) NOT NULL,
    market VARCHAR(20) NOT NULL,
    period VARCHAR(10) NOT NULL,
    selection VARCHAR(30) NOT NULL,
    line INTEGER NOT NULL,
    told_at BIGINT NOT NULL,
    numerator BIGINT NOT NULL,
    denominator BIGINT NOT NULL,
    PRIMARY KEY (game, provider, market, period, selection, line, told_at)
) {compact};

CREATE TABLE bet_told_results (
    game BIGINT NOT NULL,
    provider VARCHAR(20) NOT NULL,       -- or `person`
    body TEXT,                           -- JSON of the result; NULL: not final, any more
    doubt VARCHAR(200) NOT NULL,         -- why a person has to look; empty for a sure one
    alone SMALLINT NOT NULL,             -- 0: another feed's result counts in place of it
    since BIGINT NOT NULL,               -- when it was first told so
    last BIGINT NOT NULL,                -- when it was last told so
    PRIMARY KEY (game, provider)
) {compact};

CREATE TABLE bet_results (
    game BIGINT NOT NULL,
    version INTEGER NOT NULL,            -- 1, 2, 3 ...: what bets are settled by, never changed
    body TEXT NOT NULL,
    at BIGINT NOT NULL,
    by_person SMALLINT NOT NULL,
    PRIMARY KEY (game, version)
) {compact};

CREATE TABLE bet_unmatched (
    id {auto_key},
    provider VARCHAR(20) NOT NULL,
    league BIGINT NOT NULL,
    item VARCHAR(110) NOT NULL,          -- team: and the folded name, or game: and the provider's id
    reason VARCHAR(20) NOT NULL,
    home VARCHAR(100) NOT NULL,
    away VARCHAR(100) NOT NULL,
    starts_at BIGINT NOT NULL,
    name VARCHAR(100) NOT NULL,          -- of the team that is unknown
    ref VARCHAR(64) NOT NULL,            -- the provider's id of the team or the game; may be empty for a team
    game BIGINT,                         -- which it may be
    first_at BIGINT NOT NULL,            -- since when it waits
    CONSTRAINT bet_unmatched_item UNIQUE (provider, league, item)
);

CREATE TABLE bet_feed_calls (
    provider VARCHAR(20) NOT NULL,
    league BIGINT NOT NULL,
    kind VARCHAR(10) NOT NULL,
    succeeded_at BIGINT,
    rests_until BIGINT NOT NULL DEFAULT 0,
    problem VARCHAR(300),
    PRIMARY KEY (provider, league, kind)
) {compact};

CREATE TABLE bet_feeds (
    provider VARCHAR(20) NOT NULL PRIMARY KEY,
    spent_day BIGINT NOT NULL DEFAULT 0, -- days since 1970, in UTC
    spent INTEGER NOT NULL DEFAULT 0,    -- requests of that day
    remaining INTEGER,                   -- as the provider last said
    failures INTEGER NOT NULL DEFAULT 0, -- in a row
    rests_until BIGINT NOT NULL DEFAULT 0,
    problem VARCHAR(300)
);
