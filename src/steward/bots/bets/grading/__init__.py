"""From a result to what a bet returns: grades, rules of each sport, markets, parlays, pools."""
