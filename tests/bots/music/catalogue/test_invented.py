"""The invented catalogue: the same each time, as lopsided as real listening, with names that break things."""

from collections import Counter

from steward.bots.music.catalogue.invented import ALL_GENRES, HOSTILE, MOODS, invented_catalogue
from steward.bots.music.catalogue.names import folded_name


def test_a_seed_gives_the_same_catalogue_and_another_another():
    assert invented_catalogue(3) == invented_catalogue(3)
    assert invented_catalogue(3) != invented_catalogue(4)


def test_its_sizes_are_as_promised():
    catalogue = invented_catalogue()
    assert (len(catalogue.artists), len(catalogue.listeners)) == (1500, 400)
    assert (len(set(ALL_GENRES)), len(MOODS)) == (40, 20)
    assert all(len(plays) == 50 and min(plays.values()) >= 1 for plays in catalogue.listeners)
    assert all(2 <= len(one.tags) <= 4 and one.listeners > 0 for one in catalogue.artists)
    assert {tag for one in catalogue.artists for tag in one.tags} == {*ALL_GENRES, *MOODS}
    assert all(genre in ALL_GENRES for homes in MOODS.values() for genre in homes.split(", "))
    assert len(catalogue.friends) == 399


def test_names_are_different_and_the_hostile_ones_are_among_them():
    names = [folded_name(one.name) for one in invented_catalogue().artists]
    assert "" not in names
    assert len(set(names)) == len(names)
    assert {folded_name(name) for name in HOSTILE} <= set(names)


def test_few_artists_have_most_of_the_listening():
    heard = Counter(index for plays in invented_catalogue().listeners for index in plays)
    most = sorted(heard.values(), reverse=True)
    assert sum(most[:150]) > sum(most) / 3
    assert most[0] > 100
    assert sum(times == 1 for times in most) > 30
