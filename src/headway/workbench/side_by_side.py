"""What is seen of splits beside each other: counts, a classifier, vectors and near copies."""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from headway.errors import ColumnError
from headway.findings import Verdict
from headway.frames.marginals import coded, column_kinds, cut_points, marginals
from headway.frames.sample import sample
from headway.frames.shared import group_sizes
from headway.stats.grouped_shares import at_full_size, grouped_test
from headway.strategy import leaks
from headway.strategy.alike import Seen
from headway.strategy.leaks import Leak

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from headway.counts import CountTable, Scalar
    from headway.frames.sample import Sample
    from headway.frames.source import Frame
    from headway.stats.grouped_shares import Grouped
    from headway.store.settings import Asked

__all__ = ["LookedAt", "looked_at", "near_copies", "seen"]

MOST_ROWS: Final = 50_000
"""Rows of each split that a classifier sees, and that are searched for near copies."""

MOST_VECTORS: Final = 2_500
"""Vectors of each split whose means are compared."""

MOST_PICTURES: Final = 5_000
"""Pictures of each split that are opened."""

FEWEST: Final = 20
"""Rows of a split below which no classifier is asked."""

NEAR: Final = {
    "text": "at least 0.8 of their runs of letters in common",
    "vector": "a cosine of at least 0.95",
    "media": "the same picture but for a pixel's shift, light or size",
}
"""What counts as almost the same, by kind of column."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LookedAt:
    """What was looked at of every split.

    Args:
        frame: The rows.
        samples: Per split, some of its rows.
        held: Per column, its kind: ``"number"``, ``"value"``, ``"vector"``, ``"text"``, ``"same"``
            or ``"name"``.
        counted: Per column of numbers or values, all rows by ``split`` and ``value``.
        cuts: Per column of numbers, its cut points.
        together: Per split, how many rows of its own group a row meets; empty without groups.
    """

    frame: Frame
    samples: Mapping[str, Sample]
    held: Mapping[str, str]
    counted: Mapping[str, CountTable]
    cuts: Mapping[str, Sequence[float]]
    together: Mapping[str, float]


def looked_at(frame: Frame, splits: Mapping[str, tuple[Scalar, int]], question: Asked) -> LookedAt:
    """A sample of each split, and all rows counted by each column; two passes.

    Args:
        frame: The rows.
        splits: Per split, what it is called there and its rows.
        question: What was asked: further columns, groups left aside, seed.

    Returns:
        What is needed to compare any two of the splits.

    Raises:
        ColumnError: If a column to break down by is not there.
    """
    roles = frame.columns.roles
    looked = [roles[r] for r in ("source", "label", "text", "media") if r in roles]
    given = [*looked, *frame.columns.metadata]
    for name in question.by:
        if frame.columns.column(name) is None:
            raise ColumnError.unknown(name, list(frame.kinds))
    group = [] if question.ignore_group else [roles[r] for r in ("group",) if r in roles]
    names = list(dict.fromkeys([*given, *group]))
    samples = sample(frame, names, splits, most=MOST_ROWS, seed=question.seed)
    held = column_kinds(samples, frame.kinds)
    for role, kind in (("text", "text"), ("media", "name")):
        if role in roles and roles[role] in held:
            held[roles[role]] = kind
    held = {name: kind for name, kind in held.items() if name in given}
    cuts = cut_points(samples, held)
    grouped = group and "split" in roles
    return LookedAt(
        frame=frame,
        samples=samples,
        held=held,
        counted=marginals(frame, splits, held, cuts),
        cuts=cuts,
        together=group_sizes(frame, group[0], splits) if grouped else {},
    )


def seen(pair: tuple[str, str], of: LookedAt, question: Asked, rng: np.random.Generator) -> Seen:
    """What is seen of two splits beside each other.

    Args:
        pair: Two splits.
        of: What was looked at.
        question: What was asked: groups left aside, level.
        rng: The source of halves, of vectors and of permutations.

    Returns:
        Counts, a classifier and means of vectors; the last two where a sample has enough rows.
    """
    frame, counted, samples, held = of.frame, of.counted, of.samples, of.held
    label = frame.columns.roles.get("label")
    columns = {}
    for name, table in counted.items():
        both = table
        if name == label and "field" in pair:
            cells = [(cell, n) for cell, n in table if cell[1] is not None]
            both = type(table).of(table.keys, [c for c, _ in cells], [n for _, n in cells])
        columns[name] = both
    first, second = (samples.get(split) for split in pair)
    ordered = frozenset(name for name, kind in held.items() if kind == "number")
    if first is None or second is None or min(first.n, second.n) < FEWEST:
        return Seen(first=pair[0], second=pair[1], columns=columns, ordered=ordered)
    group = None if question.ignore_group else frame.columns.roles.get("group")
    used = {n: k for n, k in held.items() if k in {"value", "number", "vector", "text"}}
    if "field" in pair:
        used.pop(label or "", None)
    groups = None if group is None else (_array(first, group), _array(second, group))
    return Seen(
        first=pair[0],
        second=pair[1],
        columns=columns,
        ordered=ordered,
        grouped={} if groups is None else _grouped((first, second), pair, of, groups),
        separation=_separation((first, second), used, groups, rng, question.level)
        if used
        else None,
        discrepancies=_discrepancies((first, second), used, groups, rng),
    )


def _grouped(
    parts: tuple[Sample, Sample],
    pair: tuple[str, str],
    of: LookedAt,
    groups: tuple[Any, Any],
) -> dict[str, Grouped]:
    """What the spread between groups makes of each column."""
    inside = [np.unique(group, return_inverse=True, return_counts=True) for group in groups]
    codes = inside[0][1], inside[1][1]
    n = [part.total for part in parts]
    met = [float((size**2).sum() / size.sum()) for _, _, size in inside]
    among = [of.together[split] for split in pair]
    # The larger set weighs less in the difference of two shares.
    meeting = (met[0] * n[1] + met[1] * n[0]) / sum(n)
    whole = (among[0] * n[1] + among[1] * n[0]) / sum(n)
    found = {}
    for name, kind in of.held.items():
        if kind in {"value", "number"}:
            both = coded([*parts[0].columns[name], *parts[1].columns[name]], of.cuts.get(name))
            tested = grouped_test((both[: parts[0].n], both[parts[0].n :]), codes)
            found[name] = replace(tested, effect=at_full_size(tested.effect, meeting, whole))
    return found


def _array(part: Sample, column: str) -> np.ndarray[Any, Any]:
    """A column of groups; a row without one is a group of its own."""
    values = part.columns[column]
    return np.array([f"row {i}" if v is None else str(v) for i, v in enumerate(values)])


def _separation(
    parts: tuple[Sample, Sample],
    used: Mapping[str, str],
    groups: tuple[Any, Any] | None,
    rng: np.random.Generator,
    level: float,
) -> Any:  # noqa: ANN401 - a Separation, whose module is loaded here
    """How well a classifier tells two splits apart."""
    first, second = parts
    learning, made = (import_module(f"headway.rows.{n}") for n in ("distribution", "features"))
    columns = {name: [*first.columns[name], *second.columns[name]] for name in used}
    every = made.features(columns, used, rng)
    which = np.arange(len(every)) < first.n
    return learning.told_apart(
        every.rows(which), every.rows(~which), rng=rng, groups=groups, level=level
    )


def _discrepancies(
    parts: tuple[Sample, Sample],
    used: Mapping[str, str],
    groups: tuple[Any, Any] | None,
    rng: np.random.Generator,
) -> dict[str, Any]:
    """How far the means of vectors of two splits lie apart, by column."""
    first, second = parts
    found = {}
    for name in (name for name, kind in used.items() if kind == "vector"):
        learning, made = (import_module(f"headway.rows.{n}") for n in ("distribution", "features"))
        both = made.vectors([*first.columns[name], *second.columns[name]], rng)
        whole = [
            np.flatnonzero(~np.isnan(part).any(axis=1)) + start
            for part, start in ((both[: first.n], 0), (both[first.n :], first.n))
        ]
        kept = [rows[rng.permutation(len(rows))[:MOST_VECTORS]] for rows in whole]
        if min(map(len, kept)) < FEWEST:
            continue
        of = None if groups is None else np.concatenate(groups)
        grouped = None if of is None else (of[kept[0]], of[kept[1]])
        found[name] = learning.mean_discrepancy(
            both[kept[0]], both[kept[1]], rng=rng, groups=grouped
        )
    return found


def near_copies(of: LookedAt) -> list[Leak]:
    """Near copies of texts, vectors and pictures in a sample of each split.

    Args:
        of: What was looked at.

    Returns:
        One answer for each column that could be searched, or one that says there is none.
    """
    frame, samples, held = of.frame, of.samples, of.held
    judged = [split for split in ("train", "train_dev", "dev", "test") if split in samples]
    pairs = [(b, a) for i, a in enumerate(judged) for b in judged[i + 1 :]]
    columns = {name: kind for name, kind in held.items() if kind in {"text", "vector"}}
    media = frame.columns.roles.get("media")
    if media is not None and _are_files(samples, media):
        columns[media] = "media"
    found = []
    for name, kind in columns.items() if pairs else ():
        most = MOST_PICTURES if kind == "media" else MOST_ROWS
        parts = {s: _filled(samples[s].columns[name], most) for s in judged}
        matched: dict[tuple[str, str], int] = {}
        for late, early in pairs:
            matches = _matches(kind, parts[early], parts[late])
            matched[late, early] = len(np.unique(matches.right))
            matched[early, late] = len(np.unique(matches.left))
        rows = {split: len(part) for split, part in parts.items()}
        found.append(leaks.judge_near(name, matched, rows, NEAR[kind]))
    if not found and pairs:
        found.append(Leak(kind="near", by=(), verdict=Verdict.NOT_APPLICABLE))
    return found


def _are_files(samples: Mapping[str, Sample], column: str) -> bool:
    """Whether the first picture of each split is a file that lies here."""
    firsts = [
        next((v for v in part.columns[column] if v is not None), None)
        for part in samples.values()
        if column in part.columns
    ]
    return bool(firsts) and all(v is not None and Path(str(v)).is_file() for v in firsts)


def _filled(values: Sequence[Any], most: int) -> list[Any]:
    """The first values that are not missing."""
    return [value for value in values if value is not None][:most]


def _matches(kind: str, early: Sequence[Any], late: Sequence[Any]) -> Any:  # noqa: ANN401
    """Near copies of two splits."""
    if kind == "text":
        return import_module("headway.rows.text").near_text(early, late)
    if kind == "vector":
        near = import_module("headway.rows.vectors").near_directions
        return near(np.asarray(early, dtype=float), np.asarray(late, dtype=float))
    media, images = (import_module(f"headway.rows.{n}") for n in ("media", "images"))
    return images.near_images(media.pictures(early), media.pictures(late))
