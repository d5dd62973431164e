"""Stores that are busy, newer than the program, or unreadable."""

from __future__ import annotations

from typing import ClassVar, Self

from headway.errors.refusal import HeadwayError

__all__ = ["StoreError"]


class StoreError(HeadwayError):
    """The store cannot be opened or written; exit code 4."""

    code = "store"
    exit_code: ClassVar[int] = 4

    @classmethod
    def newer(cls, url: str, revision: str) -> Self:
        """The store was written by a newer program."""
        return cls(
            f"The store {url} has a newer form ({revision}) than this program knows.",
            "a store written by this version of Headway or an older one.",
            "install the newer Headway, or name another store in headway.toml.",
        )

    @classmethod
    def busy(cls, url: str, seconds: float) -> Self:
        """Another program holds the store."""
        return cls(
            f"The store {url} is busy: another program held it for {seconds:g} seconds.",
            "a store that other programs write to for moments only.",
            "try again, and look for a program that was left open on it.",
        )

    @classmethod
    def not_a_store(cls, url: str, reason: str) -> Self:
        """The file is no database, or a damaged one."""
        return cls(
            f"The store {url} cannot be read: {reason}.",
            "a database that Headway made, whole.",
            "bring it back from a copy, or move it away and begin a new one.",
        )

    @classmethod
    def not_writable(cls, url: str, reason: str) -> Self:
        """The place of the store cannot be written to."""
        return cls(
            f"The store {url} cannot be opened for writing: {reason}.",
            "a folder and a file that may be written to, on a disk with space.",
            "correct the permissions, or name another store in headway.toml.",
        )

    @classmethod
    def not_reached(cls, url: str, reason: str) -> Self:
        """The database does not answer, or answers with an error."""
        return cls(
            f"The store {url} does not answer as it should: {reason}.",
            "a database that is running, and an account that may use it.",
            "correct [store] url in headway.toml, or start the database.",
        )

    @classmethod
    def no_driver(cls, url: str, module: str) -> Self:
        """The driver of the database is not installed."""
        return cls(
            f"The store {url} needs the package '{module}', which is not installed.",
            "the driver of the database that [store] url names.",
            "install it: pip install 'headway[postgres]'.",
        )
