"""Which data is this? A digest of each split that no model's answers go into."""

from __future__ import annotations

from collections import defaultdict
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from headway.frames.engines import asked, fetched
from headway.frames.expressions import key
from headway.frames.kinds import scalar
from headway.frames.splits import split_of

if TYPE_CHECKING:
    from headway.counts import Scalar
    from headway.frames.source import Frame

__all__ = ["fingerprints"]

PRIME = 2_147_483_647


def fingerprints(frame: Frame) -> dict[str, str]:
    """A digest of each split, the same whatever model answered, and on every engine.

    It holds the number of examples by label and, where there are ids, their ends and sums; so two
    sets with the same labels and no ids share a digest.

    Args:
        frame: The frame, of one model.

    Returns:
        Per split its digest, 16 hexadecimal digits; one pass.

    Examples:
        >>> from headway.frames.source import read
        >>> rows = {"split": ["dev", "dev"], "id": [1, 2], "label": [0, 1], "prediction": [0, 0]}
        >>> other = rows | {"prediction": [1, 1]}
        >>> fingerprints(read(rows)) == fingerprints(read(other))
        True

    References:
        Methods note, section 5.1.
    """
    roles = frame.columns.roles
    split = nw.col(roles["split"]) if "split" in roles else nw.lit("dev")
    label: Any = nw.lit(0)
    if "label" in roles and frame.kind_of("label") not in {"other", "list"}:
        label = key(roles["label"], frame.kind_of("label"))
    columns = [split.alias("split"), label.alias("label")]
    names = ["split", "label", "n"]
    sums: list[nw.Expr] = [nw.len().alias("n")]
    if "id" in roles and frame.kind_of("id") in {"integer", "text"}:
        number, text = _of_id(roles["id"], frame.kind_of("id"))
        columns += [number.alias("number"), text.alias("low"), text.alias("high")]
        sums += [nw.col("number").sum(), nw.col("low").min(), nw.col("high").max()]
        names += ["number", "low", "high"]
    with asked(frame.engine, frame.sources):
        grouped = frame.rows.select(*columns).group_by("split", "label", drop_null_keys=False)
        rows = fetched(grouped.agg(*sums), names)
    found: dict[str, list[tuple[Scalar, ...]]] = defaultdict(list)
    for raw, *cell in rows:
        meant = split_of(scalar(raw))
        if meant is not None:
            found[meant].append(tuple(scalar(value) for value in cell))
    return {
        meant: sha256(repr(sorted(cells, key=repr)).encode()).hexdigest()[:16]
        for meant, cells in found.items()
    }


def _of_id(name: str, kind: str) -> tuple[nw.Expr, nw.Expr]:
    """A number and a text of an id, of which sums and ends are taken."""
    values = nw.col(name)
    if kind == "integer":
        return ((values % PRIME) * (values % PRIME)) % PRIME, values
    return values.str.len_chars().cast(nw.Int64), values
