from __future__ import annotations

import numpy as np
import pytest

from headway.stats.forms import Effective, Fixed, Levels, Measured
from headway.strategy.gaps import judge_rungs
from headway.strategy.human import parse


def said(code: str, human: str | None = None, **rungs: Measured) -> str:
    """What is said of a ladder under one code."""
    reference = parse(human) if human else None
    found = judge_rungs(rungs, rng=np.random.default_rng(0), reference=reference).findings
    return " ".join(finding.sentence for finding in found if finding.code == code)


@pytest.mark.parametrize(
    ("n_errors", "shares"),
    [((260, 40), "39 % from weight 1 and 61 % from weight 10"), ((0, 0), "0 % from weight 1")],
)
def test_weights_when_few_then_what_each_contributes_is_said(
    n_errors: tuple[int, int], shares: str
) -> None:
    dev = Levels(weights=(1.0, 10.0), n=(9900, 100), n_errors=n_errors)

    assert f"The dev error is weighted: {shares}" in said("HW210", dev=dev)


def test_interval_when_weak_then_it_is_said_why() -> None:
    dev = Effective(rate=0.1, n_eff=40.0, n=400, n_clusters=4)

    assert "The interval of dev is weak: only 4 clusters" in said("HW213", dev=dev)


def test_error_when_given_without_n_then_it_is_said_to_be_taken_as_exact() -> None:
    sentence = said("HW212", "1%/500", train=Fixed(value=0.02), train_dev=Fixed(value=0.05))

    assert sentence.startswith("No n was given for train and train-dev:")
