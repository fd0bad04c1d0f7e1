"""The rules are rows: what the worked cases were graded by is what a market's rule says."""

import pytest

from steward.bots.bets.grading.markets import MARKETS, BadPick, require_pick
from steward.bots.bets.grading.picks import BetPick
from steward.bots.bets.grading.rules import ANY, ROWS, VARIANTS, Scoring, SettlementRule, clash, rule_for
from steward.bots.bets.grading.windows import LEAGUE_WEEK, LOCAL_DAY, TWO_DAYS, UNTIL_PLAYED
from steward.bots.bets.views.setup import VARIANT_NAMES
from tests.bots.bets.oracle import FILE, oracle

SCOPES = {"regulation": Scoring.REGULATION, "incl_ot": Scoring.OVERTIME, "incl_ot_so1": Scoring.SHOOTOUT}
WINDOWS = {"48h": TWO_DAYS, "league_week Thu-Wed": LEAGUE_WEEK, "local_day": LOCAL_DAY, "until_played": UNTIL_PLAYED}


def test_every_sport_of_the_worked_cases_has_the_rule_they_say(shared_data):
    said = {sport: rule for sport, rule in oracle(shared_data / FILE)["meta"]["rules"].items() if rule.get("window")}
    assert len(said) == 10
    for sport, words in said.items():
        rule = rule_for(sport, "total")
        assert rule.window == WINDOWS[words["window"]], sport
        if "scope" in words:
            assert rule.scoring is SCOPES[words["scope"]], sport
        if "min_minutes" in words:
            assert rule.minimum == words["min_minutes"], sport
        if "half_round" in words:
            assert f"{rule.half_round}s" == words["half_round"], sport


def test_a_row_names_fields_of_a_rule_and_markets_that_exist():
    for rows in (ROWS, *VARIANTS.values()):
        for (_, market), fields in rows.items():
            assert market in {ANY, *MARKETS}
            assert set(fields) <= set(SettlementRule._fields)


def test_the_rows_of_a_guild_come_last_and_change_no_other_guild():
    own = {("nba", ANY): {"minimum": 48}, ("nba", "1x2"): {"scoring": Scoring.OVERTIME}}
    assert rule_for("nba", "total", own).minimum == 48
    assert rule_for("nba", "1x2", own).scoring is Scoring.OVERTIME
    assert rule_for("nba", "1x2").scoring is Scoring.REGULATION
    assert rule_for("nba", "total").minimum == 43


@pytest.mark.parametrize(
    "pick",
    [
        BetPick("dice", "home"),
        BetPick("moneyline", "draw"),
        BetPick("moneyline", "home", 4),
        BetPick("spread", "home"),
        BetPick("european_handicap", "home", -2),
        BetPick("rounds_total", "over", 4),
        BetPick("correct_score", "2-1 "),
        BetPick("method", "home:draw"),
    ],
)
def test_a_pick_that_could_only_lose_is_refused(pick):
    with pytest.raises(BadPick):
        require_pick(pick)


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ((), None),
        (("soccer_same_day", "soccer_awarded", "draw_offered"), None),
        (("soccer_same_day", "draw_offered", "soccer_three_days"), ("soccer_same_day", "soccer_three_days")),
        (("tennis_one_ball", "tennis_full_match"), ("tennis_one_ball", "tennis_full_match")),
    ],
)
def test_two_variants_of_the_same_clash(names, found):
    assert clash(names) == found


def test_every_variant_has_a_name_in_setup():
    assert VARIANT_NAMES.keys() == VARIANTS.keys()
