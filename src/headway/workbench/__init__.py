"""The use-cases: one function for each thing a person can do.

Each reads rows to counts, judges the counts, and returns an answer with the document that says it.
"""

from headway.workbench.changes import compare
from headway.workbench.gating import check
from headway.workbench.keeping import db
from headway.workbench.ladder import add_idea, gaps, ideas, knobs, next_steps, table
from headway.workbench.making import collect, demo, init, write_report
from headway.workbench.operating import operating_point
from headway.workbench.selecting import select
from headway.workbench.sizes import size
from headway.workbench.split_checking import check_splits
from headway.workbench.splitting import split
from headway.workbench.wearing import wear
from headway.workbench.weights import example_weights, reweight

__all__ = [
    "add_idea",
    "check",
    "check_splits",
    "collect",
    "compare",
    "db",
    "demo",
    "example_weights",
    "gaps",
    "ideas",
    "init",
    "knobs",
    "next_steps",
    "operating_point",
    "reweight",
    "select",
    "size",
    "split",
    "table",
    "wear",
    "write_report",
]
