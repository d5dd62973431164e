"""From a command's options to its answer, the same way for each command that reads predictions."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from headway.answers import check_out, save
from headway.cli.options import LOOKS, question
from headway.cli.screen import messages, show, working
from headway.workbench.making import project_at

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from headway.report.answer import Answer

__all__ = ["answer", "answer_plain", "command_line"]


BEFOREHAND: Final = frozenset({"HW366"})
"""Findings that are told before the numbers, on standard error."""


def command_line() -> str:
    """The command as it was typed."""
    return shlex.join(["headway", *sys.argv[1:]])


def answer(
    use_case: Callable[..., Answer[Any]],
    files: Sequence[str],
    options: dict[str, Any],
    **more: Any,  # noqa: ANN401
) -> Answer[Any]:
    """Ask a use-case, show its answer, and write it where that is asked.

    Args:
        use_case: A function of the workbench.
        files: Files, patterns, or errors given as numbers.
        options: The options of the command.
        **more: Further arguments of the use-case.

    Returns:
        The answer, for a command whose exit code tells of it.
    """
    look = {name: options.pop(name) for name in LOOKS}
    check_out(look["out"])
    asked = question(options, files, command_line())
    with working("Counting", quiet=look["quiet"]):
        found = use_case(asked.pop("source", None), project=project_at(Path.cwd()), **asked, **more)
    _shown(found, look)
    return found


def answer_plain(
    use_case: Callable[..., Answer[Any]],
    given: dict[str, Any],
    *,
    in_project: bool = False,
    **more: Any,  # noqa: ANN401
) -> Answer[Any]:
    """Ask a use-case that reads no predictions, and show its answer.

    Args:
        use_case: A function of the workbench.
        given: The options of the command.
        in_project: Whether it takes the project found here.
        **more: Further arguments of the use-case.

    Returns:
        The answer, for a command whose exit code tells of it.
    """
    look = {name: given.pop(name) for name in LOOKS}
    check_out(look["out"])
    project = {"project": project_at(Path.cwd())} if in_project else {}
    found = use_case(**given, **project, **more)
    _shown(found, look)
    return found


def _shown(found: Answer[Any], look: dict[str, Any]) -> None:
    """Show an answer, what must be known first before it, and write it where that is asked."""
    for finding in found.findings:
        if finding.code in BEFOREHAND:
            messages(quiet=False).print(f"Warning: {finding.sentence}")
    show(found, look)
    if look["out"] is not None:
        n = save(found.document, look["out"])
        messages(quiet=look["quiet"]).print(f"Wrote {look['out']} ({n:,} bytes).")
