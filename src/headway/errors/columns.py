"""Columns that are missing, or hold what their role does not allow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from headway.errors.refusal import HeadwayError, closest, listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["ColumnError"]


class ColumnError(HeadwayError):
    """A column is missing, or holds what its role does not allow."""

    code = "column"

    @classmethod
    def missing(cls, role: str, name: str, present: Sequence[str]) -> Self:
        """A column was named for a role and is not in the table."""
        close = closest(name, present)
        return cls(
            f"Column '{name}', given for the role '{role}', is not in the table.",
            f"one of its {len(present)} columns: {listed(present)}.",
            f"did you mean '{close}'?" if close else f"name it with --columns {role}=NAME.",
        )

    @classmethod
    def no_event_column(cls, name: str, present: Sequence[str]) -> Self:
        """A table of events lacks a column."""
        return cls(
            f"The table of events has no column '{name}'.",
            f"that column beside those found: {listed(present)}.",
            f"rename the column that holds it to '{name}'.",
        )

    @classmethod
    def unfit_events(cls, name: str, found: str) -> Self:
        """A column of a table of events holds what cannot be matched."""
        return cls(
            f"Column '{name}' of the table of events holds {found}.",
            "a number in each row; moments as a column of times.",
            "correct the column.",
        )

    @classmethod
    def unknown(cls, name: str, present: Sequence[str]) -> Self:
        """Rows were asked by a column that is not in the table."""
        close = closest(name, present)
        return cls(
            f"The table has no column '{name}' to count by.",
            f"one of its {len(present)} columns: {listed(present)}.",
            f"did you mean '{close}'?" if close else "check the names of the columns.",
        )

    @classmethod
    def unknown_role(cls, role: str, roles: Sequence[str]) -> Self:
        """A name was given for a role that does not exist."""
        close = closest(role, roles)
        return cls(
            f"'{role}' is not a role that a column can play.",
            f"one of the {len(roles)} roles: {listed(roles)}.",
            f"did you mean '{close}'?" if close else "write --columns label=NAME,prediction=NAME.",
        )

    @classmethod
    def ambiguous(cls, role: str, names: Sequence[str]) -> Self:
        """Several columns have a usual name of the same role."""
        return cls(
            f"The columns {listed(names)} could each be the {role}.",
            f"one column for the role '{role}'.",
            f"name it with --columns {role}={names[0]}.",
        )

    @classmethod
    def unfit(cls, role: str, name: str, found: str, expected: str) -> Self:
        """A column holds what its role does not allow."""
        return cls(
            f"Column '{name}', used as {role}, holds {found}.",
            f"{expected}.",
            f"correct the column, or name another with --columns {role}=NAME.",
        )

    @classmethod
    def fractional(cls, role: str, name: str) -> Self:
        """A column of fractions was asked as a key."""
        return cls(
            f"Column '{name}', used as {role}, holds numbers with decimals.",
            "text, booleans or whole numbers, because rows are counted by its values.",
            f"cut '{name}' into named bins first, or use it as a loss.",
        )

    @classmethod
    def nothing_to_judge(cls, present: Sequence[str]) -> Self:
        """No column says whether a prediction was right."""
        return cls(
            f"None of the {len(present)} columns says whether a prediction was right: "
            f"{listed(present)}.",
            "label and prediction (or p_<class>), or correct, or loss.",
            "name them with --columns label=NAME,prediction=NAME.",
        )

    @classmethod
    def role_absent(cls, role: str, purpose: str, present: Sequence[str]) -> Self:
        """A question needs a role that no column plays."""
        return cls(
            f"No column plays the role '{role}', which {purpose} needs.",
            f"that role beside those found: {listed(sorted(present))}.",
            f"name it with --columns {role}=NAME.",
        )

    @classmethod
    def no_value(cls, name: str, value: object) -> Self:
        """No row has the value that was chosen."""
        return cls(
            f"No row has '{value}' in column '{name}'.",
            f"a value that '{name}' holds, written as it is there.",
            "check its spelling; capitals matter.",
        )

    @classmethod
    def uneven(cls, lengths: Mapping[str, int]) -> Self:
        """Columns of one table have different lengths."""
        said = listed(f"{name} {n}" for name, n in lengths.items())
        return cls(
            f"The columns have different lengths: {said}.",
            "one value per row in each column.",
            "compare how the columns were made.",
        )

    @classmethod
    def mixed(cls, name: str, kinds: Sequence[str]) -> Self:
        """A column holds values of several kinds."""
        return cls(
            f"Column '{name}' mixes {listed(kinds)}.",
            "one kind of value in a column, or none where it is missing.",
            f"write every value of '{name}' as the same kind.",
        )

    @classmethod
    def unknown_in_rule(cls, name: str, present: Sequence[str]) -> Self:
        """A rule of weights names a column that is not in the table."""
        close = closest(name, present)
        return cls(
            f"A rule of weights asks for the column '{name}', which the table does not have.",
            f"one of its {len(present)} columns: {listed(present)}.",
            f"did you mean '{close}'?" if close else "correct 'where' in the rule.",
        )

    @classmethod
    def already_there(cls, name: str) -> Self:
        """A column to be added has the name of one that is there."""
        return cls(
            f"The table has a column '{name}' already.",
            "a name that is not taken.",
            f"choose another one, such as column='{name}_by_rule'.",
        )
