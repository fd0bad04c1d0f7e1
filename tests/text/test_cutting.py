"""Text is cut between words, items and characters, never inside a mention."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from steward.text.cutting import MORE, cluster_end, cut_label, cut_list, cut_text

WHOLE = (
    "<@123456789012345678>",
    "<@!123456789012345678>",
    "<@&123456789012345678>",
    "<#123456789012345678>",
    "</event create:123456789012345678>",
    "<id:customize>",
    "<:penguin:123456789012345678>",
    "<a:dance:123456789012345678>",
    "<t:1767960000:R>",
    "<t:1767960000>",
    "[the guide](https://example.org/a/very/long/path)",
    "https://example.org/a/very/long/path?with=arguments",
    "<https://example.org/hidden>",
)
CLUSTERS = ("👨‍👩‍👧‍👦", "👍🏽", "🇩🇪", "e\u0301", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "1️⃣", "각")

parts = st.one_of(st.sampled_from(WHOLE), st.sampled_from(CLUSTERS), st.text(alphabet="ab \n*_~|`\\", max_size=12))
texts = st.lists(parts, max_size=20).map(" ".join)


@given(text=texts, longest=st.integers(1, 200))
@example(text="**bold", longest=3)
def test_cut_text_is_a_prefix_within_the_limit(text, longest):
    cut = cut_text(text, longest)
    assert len(cut) <= longest
    if len(text) <= longest:
        assert cut == text
    else:
        assert text.startswith(cut.rpartition(MORE)[0])


@given(items=st.lists(st.text(min_size=1, max_size=30), max_size=30), longest=st.integers(20, 200))
def test_a_list_shows_whole_items_and_counts_all_others(items, longest):
    cut = cut_list(items, longest, separator="|\x00|")
    assert len(cut) <= longest
    shown = cut.split("|\x00|") if cut else []
    more = re.fullmatch(r"and ([\d,]+) more", shown[-1]) if shown and len(shown) <= len(items) else None
    if len("|\x00|".join(items)) <= longest:
        assert shown == items
    elif len(shown) > 2:
        assert more is not None
        assert shown[:-1] == items[: len(shown) - 1]
        assert int(more[1].replace(",", "")) == len(items) - (len(shown) - 1)


@pytest.mark.parametrize("whole", WHOLE)
@pytest.mark.parametrize("cut", [cut_text])
def test_mentions_emoji_timestamps_and_links_stay_whole(whole, cut):
    for longest in range(1, len(whole) + 12):
        made = cut(f"see {whole} and more than that", longest)
        assert whole in made or re.fullmatch(r"(s|se|see)?\s?…", made), made


@pytest.mark.parametrize("cluster", CLUSTERS)
@pytest.mark.parametrize("cut", [cut_text, cut_label])
def test_grapheme_clusters_stay_whole(cluster, cut):
    assert cluster_end(cluster, 0) == len(cluster)
    for longest in range(1, 3 * len(cluster)):
        kept = cut(cluster * 4, longest).removesuffix(MORE)
        assert kept == cluster * (len(kept) // len(cluster))


@pytest.mark.parametrize(
    ("text", "longest", "cut"),
    [
        ("Raid night with everybody", 15, "Raid night…"),
        ("**Raid night with everybody** now", 17, "**Raid night…**"),
        ("||the secret word is penguin|| yes", 16, "||the secret…||"),
        ("```\nline one\nline two\n```", 18, "```\nline one…```"),
        ("2 * 3 is six and 2 * 4 is eight", 16, "2 * 3 is six…"),
        ("a snake_case name_of things", 16, "a snake_case…"),
        ("`code with ** in it` and ** more", 14, "`code with…`"),
        ("a" * 50, 10, "a" * 9 + "…"),
    ],
)
def test_text_is_cut_between_words_and_open_markdown_is_closed(text, longest, cut):
    assert cut_text(text, longest) == cut


def test_a_label_shows_signs_as_they_are():
    assert cut_label("**not bold** at all", 9) == "**not…"


def test_a_single_item_that_is_too_long_is_cut():
    assert cut_list(["the cause and the remedy", "b", "c"], 26) == "the cause and…\nand 2 more"
