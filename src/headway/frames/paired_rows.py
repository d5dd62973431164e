"""Numbers that several models made of the same examples, summed in pairs."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING, Final

import narwhals.stable.v2 as nw
import numpy as np

from headway.frames.engines import asked, fetched
from headway.frames.expressions import MOST, OURS, kept, measure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from headway.frames.source import Frame

__all__ = ["MOST_PAIRED", "PairedRows", "paired_rows"]

MOST_PAIRED: Final = 20
"""Most models whose numbers are summed in pairs."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PairedRows:
    """How numbers of several models vary together over the examples that all of them met.

    Args:
        models: Their names.
        n: Examples that each of them met exactly once, with a number for each.
        covariance: Covariance of the numbers of one example. Shape (n_models, n_models).
    """

    models: tuple[str, ...]
    n: int
    covariance: NDArray[np.float64]


def paired_rows(
    frame: Frame, role: str, models: Sequence[str], *, splits: Sequence[str] = ()
) -> PairedRows | None:
    """How the numbers of several models vary together, in one pass.

    Args:
        frame: The rows, with the roles ``id`` and ``model``.
        role: ``"loss"`` or ``"correct"``: what holds the number of a row.
        models: The models, at most 20.
        splits: Names of the split in the table; empty for all rows.

    Returns:
        The covariance, or None where fewer than two examples are shared.

    Examples:
        >>> from headway.frames.source import read
        >>> rows = {"id": [1, 2, 3] * 2, "model": list("aaabbb"), "loss": [1, 2, 3, 2, 4, 6]}
        >>> found = paired_rows(read(rows), "loss", ["a", "b"])
        >>> found.n, found.covariance.round(3).tolist()
        (3, [[0.667, 1.333], [1.333, 2.667]])

    References:
        Methods note, sections 0.5 and 3.3.
    """
    names = range(len(models))
    roles = frame.columns.roles
    value = measure(roles[role], frame.kind_of(role), role) - frame.look.loss_center
    model, identity = nw.col(roles["model"]).cast(nw.String), nw.col(roles["id"])
    rows = frame.rows.filter(~identity.is_null())
    if splits and "split" in roles:
        rows = rows.filter(nw.col(roles["split"]).cast(nw.String).is_in(list(splits)))
    finite = (value >= -MOST) & (value <= MOST)
    spread = rows.select(
        identity.alias(f"{OURS}id"),
        *(
            kept(kept(value, finite), model == nw.lit(name)).alias(_value(i))
            for i, name in zip(names, models, strict=True)
        ),
        *(
            kept(kept(nw.lit(1.0), finite), model == nw.lit(name)).alias(_met(i))
            for i, name in zip(names, models, strict=True)
        ),
    )
    sums = [nw.col(column).sum() for i in names for column in (_value(i), _met(i))]
    shared = spread.group_by(f"{OURS}id").agg(*sums)
    for i in names:
        shared = shared.filter(nw.col(_met(i)) == 1.0)
    pairs = list(combinations_with_replacement(names, 2))
    products = [(nw.col(_value(i)) * nw.col(_value(j))).alias(f"{OURS}{i}_{j}") for i, j in pairs]
    columns = [*map(_value, names), *(f"{OURS}{i}_{j}" for i, j in pairs)]
    added = shared.select(*map(_value, names), *products, nw.lit(1).alias(f"{OURS}n")).select(
        *(nw.col(column).sum() for column in (*columns, f"{OURS}n"))
    )
    with asked(frame.engine, frame.sources):
        (found,) = fetched(added, [*columns, f"{OURS}n"])
    return _made(models, found)


def _value(place: int) -> str:
    """The column of a model's number."""
    return f"{OURS}value_{place}"


def _met(place: int) -> str:
    """The column of how often a model met an example."""
    return f"{OURS}met_{place}"


def _made(models: Sequence[str], found: tuple[float | None, ...]) -> PairedRows | None:
    """The covariance from sums: of the numbers, of their products, and of the examples."""
    n, k = int(found[-1] or 0), len(models)
    if n < 2:
        return None
    mean = np.array(found[:k], dtype=np.float64) / n
    together = np.zeros((k, k))
    for (i, j), total in zip(combinations_with_replacement(range(k), 2), found[k:-1], strict=True):
        together[i, j] = together[j, i] = float(total or 0.0) / n
    return PairedRows(models=tuple(models), n=n, covariance=together - np.outer(mean, mean))
