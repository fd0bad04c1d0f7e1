"""From a result to what a bet returns: outcomes, rules of each sport, markets, parlays, pools, standings."""
