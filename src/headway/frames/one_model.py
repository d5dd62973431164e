"""Which models a table holds, and the rows of one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import narwhals.stable.v2 as nw

from headway.errors import SourceError, TargetError
from headway.frames.engines import fetched
from headway.frames.kinds import scalar

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["models_in", "only_model"]

MOST_MODELS: Final = 1000
"""Most models that are told apart."""


def models_in(rows: nw.LazyFrame[Any], column: str) -> list[str]:
    """The names of the models in a column, in order; one pass over it.

    Args:
        rows: The rows.
        column: The column that holds the model.

    Returns:
        The names, at most 1,000 of them.
    """
    counted = rows.group_by(column).agg(nw.len().alias("n")).head(MOST_MODELS)
    found = {scalar(value) for value, _ in fetched(counted, (column, "n"))}
    return sorted(str(name) for name in found if name is not None)


def only_model(
    rows: nw.LazyFrame[Any], column: str, model: str | None, sources: Sequence[str]
) -> nw.LazyFrame[Any]:
    """The rows of one model of a table.

    Args:
        rows: The rows.
        column: The column that holds the model.
        model: The model, or None where the table holds one alone.
        sources: Names of what is read.

    Returns:
        Its rows; all of them where there is no such column.

    Raises:
        SourceError: If there are several models and none was named.
        TargetError: If the model is not there.
    """
    if column not in rows.collect_schema():
        return rows
    names = models_in(rows, column)
    if model is None:
        if len(names) > 1:
            raise SourceError.several_models(names)
        return rows
    if model not in names:
        raise TargetError.unknown(f"model in {', '.join(sources)}", model, names)
    return rows.filter(nw.col(column).cast(nw.String) == model)
