"""Pages as a phone shows them."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from steward.bots.ops.facts import Fact, Grade
from steward.bots.ops.views import COLOURS, page_view

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
FACTS = st.lists(
    st.builds(
        Fact,
        st.text(min_size=1, max_size=300),
        st.text(max_size=5000),
        st.sampled_from(Grade),
        st.text(max_size=2000),
    ),
    max_size=60,
)


def test_the_worst_comes_first_and_gives_the_colour_and_advice_stands_once():
    facts = [
        Fact("Disk", "plenty"),
        Fact("Memory", "scarce", Grade.WATCH, "Free some."),
        Fact("Gateway", "gone", Grade.BAD, "Wait."),
        Fact("Cache", "full", Grade.WATCH, "Free some."),
    ]
    (embed,) = page_view("Health", facts, NOON)["embeds"]
    assert embed["description"].splitlines() == [
        "🔴 **Gateway** gone",
        "🟡 **Memory** scarce",
        "🟡 **Cache** full",
        "🟢 **Disk** plenty",
    ]
    assert embed["color"] == COLOURS[Grade.BAD]
    assert embed["fields"] == [{"name": "What to do", "value": "• Wait.\n• Free some.", "inline": False}]


@given(FACTS)
def test_discord_takes_whatever_there_is_to_tell(facts):
    """Bounds of an embed (docs: Message > "Embed Limits"): 4,096 in a description, 1,024 in a field, none empty."""
    (embed,) = page_view("Health", facts, NOON)["embeds"]
    assert 0 < len(embed["description"]) <= 4096
    for field in embed.get("fields", []):
        assert 0 < len(field["value"]) <= 1024
    shown = embed["description"].count("**") // 2
    assert len(facts) <= max(shown, 26) or "more" in embed["description"]
