"""Numbers outside their range, and counts that do not belong together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from headway.errors.refusal import HeadwayError, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["CountError"]


class CountError(HeadwayError):
    """A number that cannot be a count, a rate, a weight or a level."""

    code = "count"

    @classmethod
    def outside(cls, name: str, value: object, expected: str) -> Self:
        """A number lies outside its range."""
        return cls(f"{name} is {value}.", f"{expected}.", f"correct {name} and try again.")

    @classmethod
    def weightless(cls, where: str) -> Self:
        """No row weighs anything."""
        return cls(
            f"Every weight {where} is 0, so that no row counts.",
            "weights at least 0, at least one above 0.",
            "correct the weights, or leave them out: then every row counts once.",
        )

    @classmethod
    def too_many_cells(cls, keys: Sequence[str], widest: str, most: int) -> Self:
        """Counting by these keys would not give a small table."""
        return cls(
            f"Counting by {listed(keys)} gives more than {most} cells.",
            f"at most {most} cells.",
            f"'{widest}' has the most values: leave it out, or cut it into fewer.",
        )

    @classmethod
    def too_many_categories(cls, column: str, n: int, most: int, value: object) -> Self:
        """A column has too many values for each to be a category of its own."""
        return cls(
            f"Column '{column}' has {n} values, and each would be a category.",
            f"a column with at most {most} values, or one of its values.",
            f"name the value that matters more: --category '{column}={value}'.",
        )

    @classmethod
    def too_many_answers(cls, n_models: int, n_answers: int) -> Self:
        """The joint answers of so many models have no number each."""
        return cls(
            f"{n_models} models with {n_answers} answers each have too many patterns together: "
            f"{n_answers}^{n_models}.",
            "at most 2^62 patterns.",
            "name fewer models, or count only right and wrong.",
        )

    @classmethod
    def too_many_patterns(cls, n_models: int, most: int) -> Self:
        """The joint answers of several models would not give a small table."""
        return cls(
            f"The answers of {n_models} models form more than {most} patterns.",
            f"at most {most} patterns.",
            "name fewer models, or fewer further keys.",
        )
