"""The music bot's recommendations: how good they are on real listening, and what an answer and learning cost."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from itertools import combinations
from pathlib import Path
from random import Random
from statistics import fmean

from benchmarks.als import als_lists, is_installed
from benchmarks.engines import each_engine
from benchmarks.figures import TAIL_MARGIN
from benchmarks.last_fm import (
    SHOWN,
    LastFm,
    Split,
    Worth,
    most_popular,
    popularity,
    read_last_fm,
    shared_last_fm,
    split,
    worth,
)
from benchmarks.music_scale import MIGRATIONS, cpu_of_answers, fill, learning_child, memory_of_answers
from benchmarks.run import Run
from steward.bots.music.recommend.feedback import Feedback
from steward.bots.music.recommend.learning.rebuild import Learning
from steward.bots.music.recommend.moods.mood_tags import MoodOfTags, find_mood, mood_of_tags, tag_names, tag_numbers
from steward.bots.music.recommend.recommending import ArtistRanking, Wanted, recommend, recommend_to_group
from steward.bots.music.recommend.vectors import dot
from steward.runtime.clock import SystemClock
from steward.store import Store, Transaction, open_store

LIMIT = 7200.0
SEEDS, QUICK_SEEDS = 5, 1
COLD_SEEDS, GROUP_SEEDS = 3, 2
UNSEEN, GROUPS, CALLERS = 300, 300, 200
FEWEST_TAGGED = 30
SENTENCES = ("calm for studying, a bit sad", "angry workout", "late night jazz", "80s party")
MARGIN = 0.02

RECALL, NDCG, OF_POPULARITY, OF_ALS = 0.255, 0.263, 2.5, 0.88
LEAST_COVERAGE, MOST_POPULAR = 1300, 160
COLD = {1: 0.26, 3: 0.35, 5: 0.37}
GROUP_MEAN, GROUP_MIN = 0.155, 0.02
MOOD = 0.7
DIVERSITY_COST = 0.02
ANSWER_MS = 20.0
REBUILD_S, REBUILD_MIB, ADDED_MIB = 60.0, 100.0, 3.0


async def measure(run: Run) -> None:
    """Measure quality where the real listening is here, then the cost."""
    folder = shared_last_fm()
    data = read_last_fm(folder) if folder.is_dir() else None
    if data is None:
        run.skipped.append(f"music on real listening: there is none in {folder}; STEWARD_SHARED names its parent.")
    else:
        await _quality(run, data)
        await _cold(run, data)
        await _moods(run, data)
    async for engine, url in each_engine(run, "music"):
        run.progress(f"answers on {engine}")
        cpu = await cpu_of_answers(url, data, quick=run.quick)
        name = f"music.{engine}.answer"
        run.found(f"{name}.median", 1e3 * sorted(cpu)[len(cpu) // 2], "ms", better="lower")
        tail = 1e3 * sorted(cpu)[len(cpu) * 95 // 100]
        run.found(f"{name}.p95", tail, "ms", better="lower", target=ANSWER_MS, margin=TAIL_MARGIN)
    run.progress("learning from a million pairs")
    child = await learning_child(quick=run.quick)
    run.found("music.learning.pairs", child.pairs, "")
    run.found("music.learning.cpu", child.cpu, "s", better="lower", target=REBUILD_S)
    run.found("music.learning.wall", child.wall, "s", better="lower")
    run.found("music.learning.memory", child.peak_mib, "MiB", better="lower", target=REBUILD_MIB)
    run.progress("memory in the bot")
    code, resident = await memory_of_answers()
    run.found("music.import", code, "MiB", better="lower")
    run.found("music.memory", resident, "MiB", better="lower", target=ADDED_MIB)


async def _quality(run: Run, data: LastFm) -> None:
    """Protocol A: what is shown to each listener of whom something is held back, the mean of some splits."""
    seeds = QUICK_SEEDS if run.quick else SEEDS
    ours, theirs, als, groups = [], [], [], []
    for seed in range(seeds):
        run.progress(f"split {seed} of real listening")
        parts = split(data, seed)
        popular = popularity(parts.train)
        async with _learnt(data, parts.train, data.tags(parts.test)) as store:
            ours.append(worth(await store.read(partial(_lists, parts=parts)), parts.test, popular))
            if seed < GROUP_SEEDS:
                run.progress(f"groups of four, split {seed}")
                groups.append(await store.read(partial(_group_recalls, data=data, parts=parts, seed=seed)))
            if seed == 0:
                await _variety(run, store, parts)
        known = [{artist for artist, _ in plays} for plays in parts.train]
        lists = {one: most_popular(popular, known[one]) for one, held in enumerate(parts.test) if held}
        theirs.append(worth(lists, parts.test, popular))
        if is_installed():
            run.progress(f"tuned ALS, split {seed}")
            als.append(worth(als_lists(parts, len(data.names), seed), parts.test, popular))
    if not als:
        run.skipped.append("music beside tuned ALS: the library implicit is not installed (pip install implicit).")
    _found(run, "music", ours, recall=RECALL, ndcg=NDCG)
    _found(run, "music.popularity", theirs)
    _found(run, "music.als", als)
    for figure in ("recall", "ndcg"):
        for other, target in (("popularity", OF_POPULARITY), ("als", OF_ALS)):
            mine, its = run.value(f"music.{figure}"), run.value(f"music.{other}.{figure}")
            if mine and its:
                run.found(f"music.{figure}.of_{other}", mine / its, "", better="higher", target=target, margin=MARGIN)
    mean, least, by_popularity = (fmean(values) for values in zip(*groups, strict=True))
    run.found("music.group.recall", mean, "", better="higher", target=GROUP_MEAN, margin=MARGIN)
    run.found("music.group.least", least, "", better="higher", target=GROUP_MIN, margin=0.25)
    run.found("music.group.of_popularity", mean / by_popularity, "", better="higher", target=2.1, margin=MARGIN)


def _found(
    run: Run, name: str, found: Sequence[Worth], *, recall: float | None = None, ndcg: float | None = None
) -> None:
    """Add the means of some splits; the targets of coverage and popularity are of ours."""
    if not found:
        return
    own = recall is not None
    run.found(f"{name}.recall", fmean(one.recall for one in found), "", better="higher", target=recall, margin=MARGIN)
    run.found(f"{name}.ndcg", fmean(one.ndcg for one in found), "", better="higher", target=ndcg, margin=MARGIN)
    coverage = fmean(one.coverage for one in found)
    run.found(f"{name}.coverage", coverage, "", better="higher", target=LEAST_COVERAGE if own else None)
    shown = fmean(one.popularity for one in found)
    run.found(f"{name}.mean_popularity", shown, "", better="lower", target=MOST_POPULAR if own else None)


@asynccontextmanager
async def _learnt(
    data: LastFm, train: Sequence[Sequence[tuple[int, int]]], tags: Sequence[Mapping[str, int]]
) -> AsyncIterator[Store]:
    """Give a store with these listeners, learnt; listeners and artists have their index and 1 as numbers."""
    with tempfile.TemporaryDirectory(prefix="steward-bench-") as folder:
        async with open_store(Path(folder) / "steward.sqlite3", SystemClock(), migrations=MIGRATIONS) as store:
            await fill(store, data.names, tags, train)
            await Learning(store).run()
            yield store


def _wanted(train: Sequence[tuple[int, int]], listener: int, shown: Collection[int] = ()) -> Wanted:
    profile = {artist + 1: 1.0 for artist, _ in train}
    return Wanted(profile, listeners=frozenset({listener + 1}), feedback=Feedback(shown=frozenset(shown)))


def _lists(tx: Transaction, parts: Split) -> dict[int, list[int]]:
    """Return what is shown to each listener of whom something is held back."""
    return {
        listener: [
            one.artist - 1 for one in ArtistRanking(tx, _wanted(parts.train[listener], listener), SHOWN).best[:SHOWN]
        ]
        for listener, held in enumerate(parts.test)
        if held
    }


async def _variety(run: Run, store: Store, parts: Split) -> None:
    """Measure what it costs that picks differ, and that four answers in a row do."""
    run.progress("variety")
    popular = popularity(parts.train)
    plain, varied, alike, alike_varied = await store.read(partial(_varied, parts=parts))
    before, after = worth(plain, parts.test, popular), worth(varied, parts.test, popular)
    cost = 1 - after.recall / before.recall
    run.found("music.diverse.cost", cost, "", better="lower", target=DIVERSITY_COST)
    run.found("music.diverse.unlike", alike_varied, "", better="higher")
    run.found("music.diverse.unlike_without", alike, "")
    distinct, found = await store.read(partial(_four_calls, parts=parts))
    run.found("music.four_calls.distinct", distinct, "", better="higher", target=20)
    run.found("music.four_calls.recall", found, "", better="higher")


def _varied(tx: Transaction, parts: Split) -> tuple[dict[int, list[int]], dict[int, list[int]], float, float]:
    """Return lists without and with diversity for every third listener, and how unlike the artists in each are."""
    lists: tuple[dict[int, list[int]], dict[int, list[int]]] = ({}, {})
    unlike: tuple[list[float], list[float]] = ([], [])
    for listener in range(0, len(parts.test), 3):
        if not parts.test[listener]:
            continue
        ranking = ArtistRanking(tx, _wanted(parts.train[listener], listener), SHOWN)
        for of_all, how, chosen in zip(lists, unlike, (ranking.best[:SHOWN], ranking.diverse(SHOWN)), strict=True):
            artists = [one.artist for one in chosen]
            of_all[listener] = [artist - 1 for artist in artists]
            pairs = combinations((ranking.tags.get(artist, {}) for artist in artists), 2)
            how.append(fmean(1 - dot(one, other) for one, other in pairs))
    return *lists, fmean(unlike[0]), fmean(unlike[1])


def _four_calls(tx: Transaction, parts: Split) -> tuple[float, float]:
    """Return the fewest different artists in four answers of five, and the mean recall of all twenty."""
    fewest, recalls = SHOWN, []
    for listener in [one for one, held in enumerate(parts.test) if held][:CALLERS]:
        shown: list[int] = []
        for _ in range(4):
            shown += [pick.artist.id for pick in recommend(tx, _wanted(parts.train[listener], listener, shown), 5)]
        fewest = min(fewest, len({*shown}))
        recalls.append(len({*parts.test[listener]} & {artist - 1 for artist in shown}) / len(parts.test[listener]))
    return fewest, fmean(recalls)


def _group_recalls(tx: Transaction, data: LastFm, parts: Split, seed: int) -> tuple[float, float, float]:
    """
    Return the mean and the least recall of members of groups of four friends, and the mean by popularity.

    What another member knows is shown to nobody, so it isn't among what is to be found.
    """
    chance, popular = Random(seed), popularity(parts.train)
    means, least, others = [], [], []
    friends = [_with_tests(of_one, parts) for of_one in data.friends]
    hosts = [one for one, held in enumerate(parts.test) if held and len(friends[one]) >= 3]
    for host in chance.sample(hosts, min(GROUPS, len(hosts))):
        members = [host, *chance.sample(friends[host], 3)]
        wanted = {member: _wanted(parts.train[member], member) for member in members}
        known = {artist for member in members for artist, _ in parts.train[member]}
        rest = [held for member in members if (held := {*parts.test[member]} - known)]
        shown = {pick.artist.id - 1 for pick in recommend_to_group(tx, wanted, SHOWN)}
        recalls = [len(shown & held) / len(held) for held in rest]
        common = {*most_popular(popular, known)}
        means.append(fmean(recalls))
        least.append(min(recalls))
        others.append(fmean(len(common & held) / len(held) for held in rest))
    return fmean(means), fmean(least), fmean(others)


def _with_tests(listeners: Sequence[int], parts: Split) -> list[int]:
    return [one for one in listeners if parts.test[one]]


async def _cold(run: Run, data: LastFm) -> None:
    """Measure answers to some that nothing is known of but one, three or five artists."""
    found: dict[int, list[tuple[float, float]]] = {count: [] for count in COLD}
    for seed in range(QUICK_SEEDS if run.quick else COLD_SEEDS):
        run.progress(f"listeners nobody knows, split {seed}")
        chance = Random(seed)
        enough = [one for one, plays in enumerate(data.listeners) if len(plays) >= 2 * max(COLD)]
        unseen = {*chance.sample(enough, UNSEEN)}
        train = [() if one in unseen else plays for one, plays in enumerate(data.listeners)]
        hidden = [[artist for artist, _ in plays] if one in unseen else () for one, plays in enumerate(data.listeners)]
        async with _learnt(data, train, data.tags(hidden)) as store:
            for count in COLD:
                for listener in sorted(unseen):
                    artists = hidden[listener]
                    named = chance.sample(list(artists), count)
                    wanted = Wanted({artist + 1: 1.0 for artist in named})
                    best = await store.read(partial(_best, wanted=wanted))
                    hits = len({*best} & ({*artists} - {*named}))
                    found[count].append((hits / SHOWN, float(hits > 0)))
    for count, results in found.items():
        precision, some = (fmean(values) for values in zip(*results, strict=True))
        name = f"music.cold.{count}"
        run.found(f"{name}.precision", precision, "", better="higher", target=COLD[count], margin=MARGIN)
        run.found(f"{name}.with_a_hit", some, "", better="higher", margin=MARGIN)


def _best(tx: Transaction, wanted: Wanted) -> list[int]:
    return [one.artist - 1 for one in ArtistRanking(tx, wanted, SHOWN).best[:SHOWN]]


async def _moods(run: Run, data: LastFm) -> None:
    """Half of those who gave tags build the catalogue; the other half judges the first ten of each tag."""
    run.progress("moods")
    taggers = sorted({listener for listener, _, _ in data.tagged})
    Random(0).shuffle(taggers)
    build, judge = {*taggers[::2]}, {*taggers[1::2]}
    built, judged = data.tags([], build), data.tags([], judge)
    carriers = [Counter(tag for tags in of_half for tag in tags) for of_half in (built, judged)]
    async with _learnt(data, data.listeners, built) as store:
        asked = [tag for tag in carriers[0] if min(half[tag] for half in carriers) >= FEWEST_TAGGED]
        numbers = await store.read(partial(tag_numbers, names=asked))
        shares = [await _carrying(store, judged, mood_of_tags({number: 1.0}), {tag}) for tag, number in numbers.items()]
        run.found("music.moods.tags", len(shares), "")
        run.found("music.moods.precision", fmean(shares), "", better="higher", target=MOOD, margin=MARGIN)
        said = []
        for sentence in SENTENCES:
            mood = await store.read(partial(find_mood, text=sentence))
            names = await store.read(partial(tag_names, tags=mood.asked))
            said.append(await _carrying(store, judged, mood, {*names.values()}))
        run.found("music.moods.sentences", fmean(said), "", better="higher", target=MOOD, margin=0.1)


async def _carrying(
    store: Store, judged: Sequence[Mapping[str, int]], mood: MoodOfTags, tags: Collection[str]
) -> float:
    """Return the share of the first ten artists of a mood to which the judges give one of some tags."""
    picks = await store.read(partial(recommend, wanted=Wanted(mood=mood), count=10))
    return fmean(any(tag in judged[pick.artist.id - 1] for tag in tags) for pick in picks) if picks else 0.0
