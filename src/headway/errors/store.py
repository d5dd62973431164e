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
