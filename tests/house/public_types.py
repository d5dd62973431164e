"""The public signatures as users meet them: checked by mypy, never run."""

from __future__ import annotations

from typing import assert_type

import headway
from headway.report.answer import Answer
from headway.strategy.ideas import Ideas
from headway.strategy.knobs import KnobMap
from headway.strategy.ladder import Gaps
from headway.strategy.next_steps import NextSteps
from headway.strategy.table import SourceTable


def questions(source: object) -> None:
    """Each use-case answers with its own result."""
    assert_type(headway.gaps(source), Answer[Gaps])
    assert_type(headway.next_steps("predictions.parquet", human="1%"), Answer[NextSteps])
    assert_type(headway.ideas(["a.csv", "b.csv"], given=["try Adam"]), Answer[Ideas])
    assert_type(headway.table(source, people={"mobile": 0.01}), Answer[SourceTable])
    assert_type(headway.knobs(), Answer[KnobMap])


def values(answer: Answer[Gaps]) -> None:
    """What an answer holds."""
    assert_type(answer.result.focus, tuple[str, ...])
    assert_type(answer.result.rungs[0].error.lower, float | None)
    assert_type(answer.findings[0].verdict, headway.Verdict)
    assert_type(answer.result.wants[0].n, int | None)


def refusals(error: headway.HeadwayError) -> None:
    """What a refusal says."""
    assert_type(error.hint, str)
    assert_type(error.exit_code, int)
