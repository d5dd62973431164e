"""Which column plays which role."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Self

from headway.errors import ColumnError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["ROLES", "Columns"]

ROLES: Final = (
    "id",
    "split",
    "label",
    "prediction",
    "correct",
    "loss",
    "score",
    "weight",
    "sampling_weight",
    "exposure_s",
    "label_time",
    "group",
    "source",
    "model",
    "media",
    "text",
    "trace",
)
"""The parts a column can play, each known by its own name; every other column is metadata."""

USUAL_NAMES: Final = {
    "id": ("example_id",),
    "label": ("y_true", "target", "gt", "ground_truth"),
    "prediction": ("y_pred", "pred", "yhat", "y_hat"),
}
"""Other names under which a role is recognised."""

PROBABILITY: Final = "p_"
"""What a column of probabilities is called, before the name of its class."""

USUAL_PROBABILITIES: Final = ("proba_", "prob_", "p")
"""Other beginnings, recognised where the names are exactly the classes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Which column plays which role, and what was understood without being told.

    Args:
        roles: Per role that is filled, its column.
        probabilities: Per class (its name as text), the column of its probability.
        usual_probabilities: Per beginning of a name, classes and columns that are probabilities
            if, and only if, their names are exactly the classes.
        metadata: The other columns, in the order of the table.
        recognised: Roles that were found under another name, with their column.

    Examples:
        >>> columns = Columns.recognise({"split": "text", "y_true": "integer", "pred": "integer"})
        >>> columns.roles["label"], columns.recognised
        ('y_true', {'label': 'y_true', 'prediction': 'pred'})
    """

    roles: Mapping[str, str]
    probabilities: Mapping[str, str] = field(default_factory=dict)
    usual_probabilities: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    metadata: tuple[str, ...] = ()
    recognised: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def recognise(cls, kinds: Mapping[str, str], given: Mapping[str, str] | None = None) -> Self:
        """The roles of a table's columns.

        Args:
            kinds: Per column of the table, what it holds: ``"integer"``, ``"float"``, ...
            given: Per role, the column that the user named. ``"p_<class>"`` is a role too.

        Returns:
            The roles: those given, then exact names, then usual names.

        Raises:
            ColumnError: If a role or a column is unknown, or two usual names compete.
        """
        present = list(kinds)
        roles = _given(present, given or {})
        probabilities = {
            role.removeprefix(PROBABILITY): roles.pop(role)
            for role in list(roles)
            if role.startswith(PROBABILITY)
        }
        free = [name for name in present if name not in roles.values()]
        recognised: dict[str, str] = {}
        for role in ROLES:
            if role not in roles and (name := _known_as(role, free)) is not None:
                roles[role] = name
                if name != role:
                    recognised[role] = name
        taken = {*roles.values(), *probabilities.values()}
        numbers = [n for n in free if n not in taken and kinds[n] in {"integer", "float", "null"}]
        if not probabilities:
            probabilities = _begun(numbers, PROBABILITY)
        usual = {start: _begun(numbers, start) for start in USUAL_PROBABILITIES}
        taken |= set(probabilities.values())
        return cls(
            roles=roles,
            probabilities=probabilities,
            usual_probabilities={} if probabilities else {k: v for k, v in usual.items() if v},
            metadata=tuple(name for name in present if name not in taken),
            recognised=recognised,
        )

    def column(self, key: str) -> str | None:
        """The column of a role or the metadata column of this name; None where there is none."""
        if key in ROLES:
            return self.roles.get(key)
        return key if key in self.metadata else None


def _given(present: Sequence[str], given: Mapping[str, str]) -> dict[str, str]:
    """The roles that the user named, checked."""
    for role, name in given.items():
        if role not in ROLES and not role.startswith(PROBABILITY):
            raise ColumnError.unknown_role(role, ROLES)
        if name not in present:
            raise ColumnError.missing(role, name, present)
    return dict(given)


def _known_as(role: str, free: Sequence[str]) -> str | None:
    """The free column that has the name of the role, or else a usual one."""
    if role in free:
        return role
    names = (role, *USUAL_NAMES.get(role, ()))
    found = [name for name in free if name.strip().lower().replace("-", "_") in names]
    if len(found) > 1:
        raise ColumnError.ambiguous(role, found)
    return found[0] if found else None


def _begun(names: Sequence[str], start: str) -> dict[str, str]:
    """Columns with this beginning by the class that follows it; none where there is only one."""
    begun = {n.removeprefix(start): n for n in names if n.startswith(start) and n != start}
    return begun if len(begun) > 1 else {}
