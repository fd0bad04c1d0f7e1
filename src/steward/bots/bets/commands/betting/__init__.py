"""How members find games and bet on them: `/bet`, `/parlay`, their slips, and the bets that wait."""
