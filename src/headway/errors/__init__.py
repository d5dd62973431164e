"""How Headway says no: one family of errors, one wording.

Each refusal is three sentences built from data, always in this order: what is wrong, what was
expected, what to do now. No message is written at the place where it is raised.
"""

from headway.errors.columns import ColumnError
from headway.errors.engines import EngineError
from headway.errors.numbers import CountError
from headway.errors.project import ProjectError
from headway.errors.refusal import HeadwayError
from headway.errors.sources import SourceError
from headway.errors.splits import SplitError
from headway.errors.store import StoreError
from headway.errors.target import TargetError

__all__ = [
    "ColumnError",
    "CountError",
    "EngineError",
    "HeadwayError",
    "ProjectError",
    "SourceError",
    "SplitError",
    "StoreError",
    "TargetError",
]
