"""Splits that cannot be told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from headway.errors.refusal import HeadwayError, closest, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["SplitError"]


class SplitError(HeadwayError):
    """Splits are missing, unknown or empty."""

    code = "split"

    @classmethod
    def two_words(cls, split: str, column: str) -> Self:
        """A table was named for one split and has a column of splits."""
        expected = f"rows of {split} alone, without that column."
        hint = "give the files without a split option, or drop the column."
        return cls(f"The rows of '{split}' have a column '{column}' of their own.", expected, hint)

    @classmethod
    def only_unknown(cls, names: Sequence[str]) -> Self:
        """No row belongs to a split that Headway knows."""
        return cls(
            f"The split column holds only unknown splits: {listed(names) or 'nothing'}.",
            "train, train_dev, dev, test or field (val, valid, eval and prod are understood).",
            "rename the splits, or name the right column with --columns split=NAME.",
        )

    @classmethod
    def two_names(cls, split: str, names: Sequence[str]) -> Self:
        """Two names in the table mean the same split."""
        return cls(
            f"The splits {listed([repr(name) for name in names])} would all be read as '{split}'.",
            "one name for each split.",
            "rename all but one, or give them the name of another split.",
        )

    @classmethod
    def unknown(cls, name: str, known: Sequence[str]) -> Self:
        """A split was named that is not one of those known."""
        close = closest(name, known)
        return cls(
            f"'{name}' is no split.",
            f"one of {listed(known)}.",
            f"did you mean '{close}'?" if close else "name it as one of these.",
        )

    @classmethod
    def no_rung(cls) -> Self:
        """No split holds a row that can be used."""
        return cls(
            "There is no error to stand on a ladder.",
            "predictions with labels in at least one of train, train_dev, dev, test, field.",
            "name the split column with --columns split=NAME.",
        )

    @classmethod
    def no_shared_rung(cls) -> Self:
        """Two versions were not measured on any split in common."""
        return cls(
            "The two versions have no split in common.",
            "at least one of train, train_dev, dev, test, field in both.",
            "predict the same dev set with both versions.",
        )

    @classmethod
    def too_few(cls, n: int) -> Self:
        """There are fewer rows than parts."""
        return cls(
            f"{n} {'row is' if n == 1 else 'rows are'} too few to be split.",
            "rows of the target for dev and for test, and rows that are left for train.",
            "name more sources, or ask for smaller sets.",
        )

    @classmethod
    def empty(cls, splits: Sequence[str], n: int, way: str) -> Self:
        """A split came out without rows, which were taken by group, time or hash."""
        hints = {
            "group": "name smaller groups, or let rows of one group part: --ignore-group.",
            "time": "name other moments with --dev-from and --test-from, or leave them out.",
        }
        return cls(
            f"Of {n} rows, {' and '.join(splits)} would get none.",
            "at least one row each for train, dev and test.",
            hints.get(way, "ask for larger parts, or name more rows."),
        )

    @classmethod
    def too_few_moments(cls, n: int) -> Self:
        """Rows of fewer than three moments cannot be split by time."""
        return cls(
            f"The rows of the target hold {n} different moments.",
            "at least three, for train, dev and test.",
            "name another column of times, or split by hash without --time.",
        )

    @classmethod
    def shuffled(cls, target: Sequence[str], share: float, n_others: int, n_dev: int) -> Self:
        """A shuffle of all rows was asked for, and the target is only a part of them."""
        return cls(
            f"A shuffled dev set would hold {share:.1%} other rows ({n_others} of {n_dev} "
            f"expected), and the target is {listed(target)}.",
            "dev and test of the target alone; the rest goes to train.",
            "leave --shuffle out, or leave --target-source out if all sources matter alike.",
        )

    @classmethod
    def there_already(cls, column: str) -> Self:
        """The rows to be split have a column of splits."""
        return cls(
            f"The rows have a column '{column}' that says their split.",
            "rows that have not been split.",
            "check it with headway check-splits, or split anew with --again.",
        )

    @classmethod
    def two_ways(cls, one: str, other: str) -> Self:
        """Two ways to split were asked for that exclude each other."""
        return cls(
            f"The rows cannot be split by {one} and by {other} at once.",
            "one of the two.",
            f"leave out the {other}.",
        )

    @classmethod
    def no_time(cls, options: Sequence[str]) -> Self:
        """Moments were named, and no column of times."""
        return cls(
            f"{listed(options)} would be read only with a column of times.",
            "a column that says when each row was made.",
            "name it with --time, or leave them out.",
        )

    @classmethod
    def mixed_groups(cls, n: int, column: str) -> Self:
        """Groups have rows in several strata."""
        return cls(
            f"{n} {'group has' if n == 1 else 'groups have'} rows of several values of '{column}'.",
            "groups that lie in one stratum each, because a group stays in one split.",
            "leave --stratify out, or split rows with --ignore-group.",
        )

    @classmethod
    def no_rows(cls, split: str, present: Sequence[str]) -> Self:
        """A split was named that holds no row."""
        return cls(
            f"There are no rows of '{split}' to judge the limits on.",
            f"one of the splits that are there: {listed(present)}.",
            "name it with --on, or add its rows.",
        )
