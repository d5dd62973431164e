"""Engines and optional dependencies that are missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from headway.errors.refusal import HeadwayError, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["EngineError"]


class EngineError(HeadwayError):
    """An engine or an optional dependency is missing."""

    code = "engine"

    @classmethod
    def missing(cls, name: str, purpose: str, extra: str) -> Self:
        """An optional package is not installed."""
        return cls(
            f"{name} is not installed, and {purpose} cannot be read without it.",
            f"the extra '{extra}' of Headway.",
            f"install it: pip install 'headway[{extra}]'.",
        )

    @classmethod
    def unfit(cls, name: str, what: str, known: Sequence[str]) -> Self:
        """An engine cannot do what it was chosen for."""
        return cls(
            f"The engine '{name}' cannot compare {what}.",
            f"one of {listed(known)}.",
            f"make the table one of {known[0]}'s.",
        )

    @classmethod
    def no_mlflow(cls, url: str) -> Self:
        """A tracking server was named, and MLflow is not installed."""
        return cls(
            f"MLflow is not installed, so the runs on '{url}' cannot be read.",
            "the extra mlflow, which is mlflow-skinny: it needs the URL of a tracking server.",
            "run pip install 'headway[mlflow]', or give the table by mlflow.search_runs.",
        )

    @classmethod
    def no_answer(cls, url: str, why: str) -> Self:
        """A tracking server cannot be read."""
        return cls(
            f"MLflow cannot read the tracking server '{url}': {why}.",
            "the URL of a server that runs, such as http://127.0.0.1:5000.",
            "open it in a browser; for a folder or a database start mlflow server first.",
        )

    @classmethod
    def unknown(cls, name: str, known: Sequence[str]) -> Self:
        """An engine was named that does not exist."""
        return cls(
            f"'{name}' is not an engine for files.",
            f"one of {listed(known)}.",
            "leave --engine out to use the quickest.",
        )

    @classmethod
    def no_text_keys(cls, engine: str, name: str) -> Self:
        """Rows of an engine cannot be split by a column of text."""
        return cls(
            f"Rows of {engine} cannot be split by the texts of '{name}'.",
            "a key of whole numbers, or rows of Polars, DuckDB, pandas or PyArrow.",
            "save the table as Parquet and split the file, or name a numeric id.",
        )

    @classmethod
    def no_row_keys(cls, engine: str) -> Self:
        """Rows of an engine have nothing that tells one from another."""
        return cls(
            f"Nothing tells one row of {engine} from another.",
            "a column 'id' or 'group'.",
            "name it with --columns id=NAME, or save the table as Parquet and split the file.",
        )
