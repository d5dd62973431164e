"""Targets, metrics, limits and reference levels that cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from headway.errors.refusal import HeadwayError, closest, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["TargetError"]


class TargetError(HeadwayError):
    """The target or the reference level cannot be read."""

    code = "target"

    @classmethod
    def unknown(cls, role: str, name: str, known: Sequence[str]) -> Self:
        """A name was given that is not one of those known."""
        close = closest(name, known)
        return cls(
            f"'{name}' is no {role}.",
            f"one of {listed(known)}.",
            f"did you mean '{close}'?" if close else f"choose one of the {len(known)}.",
        )

    @classmethod
    def repeated(cls, role: str, name: str) -> Self:
        """A name was given twice."""
        hint = "give the second one another name, or leave it out."
        return cls(f"The {role} '{name}' is given twice.", f"each {role} once.", hint)

    @classmethod
    def one_question(cls, n: int) -> Self:
        """Not exactly one question was asked."""
        return cls(
            f"{n} questions are asked at once.",
            "one of half_width, difference, n, total and no_error.",
            "ask one: headway size --rate 5% --half-width 0.5%",
        )

    @classmethod
    def not_a_day(cls, text: str) -> Self:
        """A text is no day."""
        return cls(f"'{text}' is no day.", "a day such as 2026-01-31.", "write it so: --as-of.")

    @classmethod
    def needs_rows(cls, what: str) -> Self:
        """Numbers were given where rows are needed."""
        return cls(
            f"{what[0].upper()}{what[1:]} cannot be made from bare numbers.",
            "a predictions table.",
            "give the files: headway table predictions.parquet",
        )

    @classmethod
    def not_a_rate(cls, text: str) -> Self:
        """A text cannot be read as an error with or without its n."""
        return cls(
            f"'{text}' cannot be read as an error.",
            "a fraction from 0 to 1 or a percentage, with the number of examples if known.",
            "write 0.08, 8% or 8%/50000.",
        )

    @classmethod
    def no_probabilities(cls, roles: Sequence[str]) -> Self:
        """A metric of probabilities was asked of rows that have none."""
        return cls(
            f"The metric needs probabilities, and the table has the roles {listed(roles)}.",
            "a 'score' column with the probability of the positive class, or one p_<class> each.",
            "name it with --columns score=NAME, or choose a metric of the predictions.",
        )

    @classmethod
    def no_positive(cls) -> Self:
        """A metric needs a positive class, and nobody named it."""
        return cls(
            "The metric has a positive class, and nobody said which class that is.",
            "the name of one class.",
            "write it behind the metric, such as recall(cat), or give --positive cat.",
        )

    @classmethod
    def not_so_many(cls, k: int, n_classes: int) -> Self:
        """More classes are allowed than could ever be missed."""
        return cls(
            f"Top {k} of {n_classes} classes is no question.",
            f"a number from 1 to {n_classes - 1}.",
            "ask for fewer, such as top_1_error.",
        )
