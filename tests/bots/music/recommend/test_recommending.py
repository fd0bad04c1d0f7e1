"""Whom the whole of it recommends, on the invented catalogue: better than popularity, never twice, never refused."""

from itertools import islice

import pytest

from steward.bots.music.catalogue.keeping import ToldArtist, keep_artists
from steward.bots.music.recommend.feedback import Feedback
from steward.bots.music.recommend.reasons import AlikeListeners, MostHeard, NearArtists, SharedTags
from steward.bots.music.recommend.recommending import ArtistRanking, Wanted, recommend, recommend_to_group
from steward.bots.music.recommend.similar import most_heard, near_of, others_taste
from tests.bots.music.kept import music_tables


def wanted_by(invented, number, **feedback):
    known = invented.kept[number - 1]
    said = Feedback(**{name: frozenset(artists) for name, artists in feedback.items()})
    return Wanted(dict.fromkeys(known, 1.0), frozenset(), frozenset({number}), said)


def shown(invented, wanted, count=5):
    return [pick.artist.id for pick in recommend(invented.tx, wanted, count)]


def hits(artists, held):
    return len(held & {*artists}) / len(held)


def test_near_artists_beat_popularity_twice_and_all_of_it_is_no_worse(invented):
    popular = [*most_heard(invented.tx, 300)]
    by_popularity = by_near = by_all = 0.0
    for number in range(1, 401, 4):
        known, held = {*invented.kept[number - 1]}, invented.held[number - 1]
        by_popularity += hits(islice((one for one in popular if one not in known), 20), held)
        near = near_of(invented.tx, dict.fromkeys(known, 1.0)).scores
        best = sorted((one for one in near if one not in known), key=lambda one: -near[one])
        by_near += hits(best[:20], held)
        by_all += hits(
            [one.artist for one in ArtistRanking(invented.tx, wanted_by(invented, number), 20).best[:20]], held
        )
    assert by_near >= 2 * by_popularity
    assert by_all >= 0.95 * by_near


def test_four_answers_in_a_row_are_twenty_artists_and_none_is_known(invented):
    for number in range(1, 401, 40):
        seen = []
        for _ in range(4):
            seen += shown(invented, wanted_by(invented, number, shown=seen))
        assert len(set(seen)) == 20
        assert not {*invented.kept[number - 1]} & {*seen}


@pytest.mark.slow
def test_what_was_refused_for_good_is_not_shown_in_a_thousand_answers(invented):
    wanted = wanted_by(invented, 3)
    never, seen = shown(invented, wanted), []
    for call in range(1000):
        found = shown(invented, wanted_by(invented, 3, never=never, shown=seen, liked=seen[-3:]))
        assert not {*never} & {*found}, call
        seen = (seen + found)[-200:]


def test_a_like_lifts_what_is_near_it(invented):
    wanted = wanted_by(invented, 5)
    before = ArtistRanking(invented.tx, wanted, 5).best
    liked = before[20].artist
    near = [*near_of(invented.tx, {liked: 1.0}).scores][:10]
    after = ArtistRanking(invented.tx, wanted_by(invented, 5, liked=[liked]), 5).best
    assert liked not in {one.artist for one in after}
    assert mean_place(after, near) < mean_place(before, near)


def mean_place(ranking, artists):
    places = {one.artist: place for place, one in enumerate(ranking)}
    return sum(places.get(artist, len(ranking)) for artist in artists) / len(artists)


def test_a_dislike_takes_it_out_and_lowers_what_is_near_it(invented):
    before = ArtistRanking(invented.tx, wanted_by(invented, 5), 5).best
    disliked = before[0].artist
    near = [*near_of(invented.tx, {disliked: 1.0}).scores][:10]
    after = ArtistRanking(invented.tx, wanted_by(invented, 5, disliked=[disliked]), 5).best
    assert disliked not in {one.artist for one in after}
    assert mean_place(after, near) > mean_place(before, near)


def test_every_pick_has_a_reason_that_is_true(invented):
    kinds = set()
    tags_of = dict(zip(invented.ids, invented.catalogue.artists, strict=True))
    for number in range(1, 401, 20):
        wanted = wanted_by(invented, number)
        for pick in recommend(invented.tx, wanted, 5):
            kinds.add(type(pick.reason))
            match pick.reason:
                case NearArtists(artists):
                    assert {one.id for one in artists} <= wanted.profile.keys()
                    assert 1 <= len(artists) <= 2
                case AlikeListeners(listeners, count, shared):
                    assert number not in listeners
                    assert all(pick.artist.id in invented.kept[one - 1] for one in listeners)
                    assert count >= len(listeners) >= 1
                    assert all(one.id in invented.kept[listeners[0] - 1] for one in shared)
                    assert shared
                case SharedTags(tags):
                    assert {*tags} <= {*tags_of[pick.artist.id].tags}
                case other:
                    pytest.fail(f"{other} for somebody of whom much is known")
    assert NearArtists in kinds


def test_one_artist_alone_is_enough_to_begin_with(invented):
    for artist in invented.ids[:200:10]:
        picks = recommend(invented.tx, Wanted({artist: 1.0}), 5)
        assert len({pick.artist.id for pick in picks}) == 5
        assert artist not in {pick.artist.id for pick in picks}


def test_nobody_is_asked_about_themselves(invented):
    found = others_taste(invented.tx, invented.kept[0], {1})
    assert 1 not in found.listeners
    assert 1 in others_taste(invented.tx, invented.kept[0]).listeners
    assert [*found.listeners.values()] == sorted(found.listeners.values(), reverse=True)


def test_a_seed_without_neighbours_backs_off_to_its_tags_and_then_to_what_is_popular():
    with music_tables() as tx:
        told = [ToldArtist(f"Artist {n}", listeners=n, tags={"jazz" if n % 2 else "folk": 5}) for n in range(1, 41)]
        ids = keep_artists(tx, [*told, ToldArtist("Lonely"), ToldArtist("Jazzy", tags={"jazz": 2})])
        from tests.bots.music.kept import learn_now

        learn_now(tx)
        by_tags = recommend(tx, Wanted({ids[-1]: 1.0}), 3)
        assert [pick.artist.name for pick in by_tags] == ["Artist 39", "Artist 37", "Artist 35"]
        assert all(pick.reason == SharedTags(("jazz",)) for pick in by_tags)
        alone = recommend(tx, Wanted({ids[-2]: 1.0}), 2)
        assert [(pick.artist.name, pick.reason) for pick in alone] == [
            ("Artist 40", MostHeard(40)),
            ("Artist 39", MostHeard(39)),
        ]


def test_an_empty_catalogue_recommends_nothing():
    with music_tables() as tx:
        assert recommend(tx, Wanted(), 5) == recommend(tx, Wanted({7: 1.0}), 5) == []
        assert recommend_to_group(tx, {1: Wanted(), 2: Wanted({3: 1.0})}, 5) == []


def test_a_group_gets_what_none_of_them_knows_or_refuses_and_each_gets_something(invented):
    members = {number: wanted_by(invented, number) for number in (1, 2, 3, 4)}
    never = recommend_to_group(invented.tx, members, 10)[0].artist.id
    members[2] = wanted_by(invented, 2, never=[never])
    picks = recommend_to_group(invented.tx, members, 10)
    artists = [pick.artist.id for pick in picks]
    assert len(set(artists)) == 10
    assert never not in artists
    assert not {*artists} & {one for number in members for one in invented.kept[number - 1]}
    assert {member for pick in picks for member in pick.members} == {1, 2, 3, 4}
