"""Project files that cannot be read or written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from headway.errors.refusal import HeadwayError, closest, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["ProjectError"]


class ProjectError(HeadwayError):
    """The project file cannot be read or written."""

    code = "project"

    @classmethod
    def absent(cls, folder: str) -> Self:
        """No project file was found."""
        return cls(
            f"No headway.toml in {folder} or above it.",
            "a project, or the predictions on the command line.",
            "make one with 'headway init', or give the files.",
        )

    @classmethod
    def exists(cls, path: str) -> Self:
        """A project file would be written over."""
        return cls(
            f"{path} exists already.",
            "a folder without a project.",
            "edit it by hand, or remove it first.",
        )

    @classmethod
    def not_read(cls, path: str, reason: str) -> Self:
        """The project file is there and cannot be read."""
        return cls(
            f"{path} cannot be read: {reason}.",
            "a project file that you may read.",
            "correct its permissions, or name another project.",
        )

    @classmethod
    def not_toml(cls, path: str, reason: str) -> Self:
        """The project file is not TOML."""
        return cls(
            f"{path} is not TOML: {reason}.",
            "a file such as 'headway init' writes.",
            "correct that line.",
        )

    @classmethod
    def bad_key(cls, path: str, key: str, reason: str, known: Sequence[str]) -> Self:
        """A key of the project file is unknown, or holds what it may not."""
        last = key.rpartition(".")[2]
        close = closest(last, known)
        return cls(
            f"'{key}' in {path}: {reason}.",
            f"one of the keys {listed(known)}." if known else "what docs/guide/init.md shows.",
            f"did you mean '{close}'?" if close else f"correct or remove '{key}'.",
        )

    @classmethod
    def not_written(cls, path: str, reason: str) -> Self:
        """A file cannot be written."""
        return cls(
            f"{path} cannot be written: {reason}.",
            "a place where files may be written.",
            "choose another folder, or correct its permissions.",
        )

    @classmethod
    def nothing_declared(cls, path: str, what: str, hint: str) -> Self:
        """The project does not say what a command needs."""
        return cls(f"{path} declares no {what}.", f"at least one {what}.", hint)

    @classmethod
    def weights_declared(cls, path: str, n: int) -> Self:
        """Weights by rule stand in the project file already."""
        return cls(
            f"{path} declares {n} {'weight' if n == 1 else 'weights'} by rule already.",
            "a target without weights, or leave to replace them.",
            "add --replace, or edit the file by hand.",
        )
