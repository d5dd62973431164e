"""Errors of several models, summed within clusters of examples and multiplied between models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import narwhals.stable.v2 as nw
import numpy as np

from headway.errors import ColumnError, CountError, SourceError
from headway.frames.engines import asked as engine_asked
from headway.frames.engines import fetched
from headway.frames.examples import Asked, Met
from headway.frames.expressions import FRACTION
from headway.frames.joint import planned
from headway.frames.kinds import scalar
from headway.frames.splits import split_of
from headway.joint import ClusterMoments

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from headway.frames.examples import Examples
    from headway.frames.source import Frame

__all__ = ["MOST_MODELS", "cluster_moments"]

MOST_MODELS: Final = 50
"""Most models: a pair of them is a column, and a pattern must fit a float on some engines."""

AT_ONCE: Final = 64
"""Sums asked at once of an engine that makes a whole column for each."""

IN_MEMORY: Final = frozenset({"pandas", "pyarrow", "modin", "cudf"})
"""Engines that do."""

SPLIT: Final = "split"
LONE: Final = "lone"
_WHOLE: Final = nw.Int64()


def cluster_moments(
    frame: Frame,
    *,
    models: Sequence[str] | None = None,
    split: str | None = None,
    weighted: bool = False,
    max_unusable: float = 0.01,
    mature_after_days: float | None = None,
    as_of: date | str | None = None,
) -> dict[str, ClusterMoments]:
    """Sums over clusters of the errors of several models, and of their products, split by split.

    Two passes, as by ``joint``, whose rules decide which examples are shared; the list of clusters
    never leaves the engine.

    Args:
        frame: Rows of several models, with the roles ``id``, ``model`` and ``group``.
        models: The models, at most 50; None for all, by name.
        split: The only split wanted, or None for all.
        weighted: Whether examples count by their weight.
        max_unusable: Largest share of rows that may be left out, a fraction in [0, 1].
        mature_after_days: Age in days at which labels count as final, or None for any.
        as_of: The day from which the age is measured, also as ISO text.

    Returns:
        The sums of each split.

    Raises:
        HeadwayError: As ``joint``, or if there is no group or there are more than 50 models.

    Examples:
        >>> from headway.frames.source import read
        >>> frame = read({"id": [1, 2, 1, 2], "model": list("aabb"), "correct": [0, 0, 1, 0],
        ...     "group": [7, 7, 7, 7]})
        >>> found = cluster_moments(frame)["dev"]
        >>> found.n_clusters, found.mm, found.y.tolist(), found.yy.tolist()
        (1, 4.0, [2.0, 1.0], [[4.0, 2.0], [2.0, 1.0]])

    References:
        Methods note, sections 0.7 and 3.3.
    """
    if "group" not in frame.columns.roles:
        raise ColumnError.role_absent("group", "summing errors by cluster", sorted(frame.roles))
    plan = planned(
        frame,
        Asked(
            models={},
            answers="correct",
            classes=(),
            keys=("group",),
            sums=("w",) if weighted else (),
        ),
        models=models,
        split=split,
        max_unusable=max_unusable,
        aging=(mature_after_days, as_of),
    )
    names = tuple(plan.asked.models)
    if len(names) > MOST_MODELS:
        raise CountError.outside("number of models", len(names), f"at most {MOST_MODELS}")
    with engine_asked(frame.engine, frame.sources):
        clusters = _clusters(plan.examples, len(names), weighted=weighted)
        found = _summed(clusters, _products(len(names)), frame.engine)
    if any(sums["fractional"] for sums in found.values()):
        raise ColumnError.fractional("group", frame.columns.roles["group"])
    splits = {split_of(name): sums for name, sums in found.items()}
    moments = {name: _moments(names, sums) for name, sums in splits.items() if name is not None}
    if not moments:
        raise SourceError.nothing_shared(names)
    return moments


def _clusters(found: Examples, n_models: int, *, weighted: bool) -> nw.LazyFrame[Any]:
    """One row for each cluster: its shared examples, their weight, and that of errors by model."""
    group, pattern = nw.col(found.keys["group"]), nw.col("pattern").cast(_WHOLE)
    is_lone = group.is_null()
    one, none = nw.lit(1.0), nw.lit(0.0)
    has_fractions = found.kinds["group"] == "float"
    fraction = nw.when(group == FRACTION).then(one).otherwise(none) if has_fractions else none
    rows = found.rows.filter(nw.col("met") == int(Met.SHARED)).select(
        (nw.lit("dev") if found.split is None else nw.col(found.split).cast(nw.String)).alias(
            SPLIT
        ),
        group.alias("group"),
        nw.when(is_lone).then(nw.col("id")).alias(LONE),
        one.alias("n"),
        fraction.alias("fractions"),
        (nw.col("w") if weighted else one).alias("m"),
        *((pattern // 2**i % 2).alias(f"right_{i}") for i in range(n_models)),
    )
    rows = rows.with_columns(
        *(((1.0 - nw.col(f"right_{i}")) * nw.col("m")).alias(f"y_{i}") for i in range(n_models))
    )
    return rows.group_by(SPLIT, "group", LONE, drop_null_keys=False).agg(
        *(
            nw.col(name).sum()
            for name in ("n", "m", "fractions", *(f"y_{i}" for i in range(n_models)))
        )
    )


def _products(n_models: int) -> dict[str, nw.Expr]:
    """What is summed over clusters, by name."""
    m, y = nw.col("m"), [nw.col(f"y_{i}") for i in range(n_models)]
    products = {"examples": nw.col("n"), "clusters": nw.lit(1.0), "sum_m": m, "mm": m * m}
    products["fractional"] = nw.col("fractions")
    products |= {f"sum_y_{i}": y[i] for i in range(n_models)}
    products |= {f"my_{i}": m * y[i] for i in range(n_models)}
    pairs = [(i, j) for i in range(n_models) for j in range(i, n_models)]
    return products | {f"yy_{i}_{j}": y[i] * y[j] for i, j in pairs}


def _summed(
    clusters: nw.LazyFrame[Any], products: Mapping[str, nw.Expr], engine: str
) -> dict[str, dict[str, float]]:
    """Sums of products over clusters, split by split."""
    found: dict[str, dict[str, float]] = {}
    for names in _blocks(list(products), AT_ONCE if engine in IN_MEMORY else len(products)):
        columns = clusters.select(SPLIT, *(products[name].alias(name) for name in names))
        sums = columns.group_by(SPLIT).agg(*(nw.col(name).sum() for name in names))
        for split, *values in fetched(sums, [SPLIT, *names]):
            row = dict(zip(names, (float(value or 0.0) for value in values), strict=True))
            found.setdefault(str(scalar(split)), {}).update(row)
    return found


def _blocks(names: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """Names in blocks."""
    return (names[start : start + size] for start in range(0, len(names), size))


def _moments(names: tuple[str, ...], sums: Mapping[str, float]) -> ClusterMoments:
    """The sums of one split."""
    n_models = len(names)
    yy = np.zeros((n_models, n_models))
    for i in range(n_models):
        for j in range(i, n_models):
            yy[i, j] = yy[j, i] = sums[f"yy_{i}_{j}"]
    return ClusterMoments(
        models=names,
        n=round(sums["examples"]),
        n_clusters=round(sums["clusters"]),
        m=sums["sum_m"],
        mm=sums["mm"],
        y=np.array([sums[f"sum_y_{i}"] for i in range(n_models)]),
        my=np.array([sums[f"my_{i}"] for i in range(n_models)]),
        yy=yy,
    )
