"""An answer: a result with the document that says it, ready for a notebook, a terminal or JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from headway.report.render import to_html_fragment, to_json_value, to_plain_text

if TYPE_CHECKING:
    from headway.counts import Intake
    from headway.findings import Finding
    from headway.report.document import Document

__all__ = ["Answer"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Answer(Generic[T]):
    """What a use-case returns: the result, and everything that is said about it.

    Args:
        result: The result, a frozen value.
        document: The result in words and pictures.
        intake: What was read, or None where nothing was.
        findings: What was found, about the input first.
    """

    result: T
    document: Document
    intake: Intake | None = None
    findings: tuple[Finding, ...] = ()

    def __repr__(self) -> str:
        """The answer as a terminal shows it."""
        return to_plain_text(self.document)

    def _repr_html_(self) -> str:
        """The answer as a notebook shows it."""
        return to_html_fragment(self.document)

    def to_dict(self) -> dict[str, object]:
        """The answer as ``--json`` prints it: fractions, None for unknown, never NaN."""
        return to_json_value(self.document)
