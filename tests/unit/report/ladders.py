"""Ladders by name, each one reading of the numbers, for the tests of words and pictures."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from headway.counts import Counts, CountTable, Intake
from headway.report.document import Settings
from headway.stats.forms import Binomial, Effective, Fixed, Mean, Measured
from headway.strategy import breakdown, ideas, next_steps
from headway.strategy import table as tables
from headway.strategy.gaps import judge_rungs
from headway.strategy.human import parse
from headway.strategy.ideas import Idea, Ideas
from headway.strategy.ladder import Gaps, Ladder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from headway.strategy.next_steps import NextSteps
    from headway.strategy.table import SourceTable


def rate(n_errors: int, n: int) -> Measured:
    """An error from counts."""
    return Binomial(n_errors=n_errors, n=n)


def judged(
    rungs: Mapping[str, Measured], human: str | None = None, kind: str = "human", **how: Any
) -> Gaps:
    """A ladder, judged with a fixed seed."""
    reference = parse(human, kind=kind) if human else None
    rng = np.random.default_rng(0)
    return judge_rungs(rungs, rng=rng, reference=reference, settings=Ladder(**how))


CAT: Final = {
    "train": rate(4305, 205_000),
    "train_dev": rate(318, 10_000),
    "dev": rate(382, 4_000),
    "test": rate(398, 4_000),
    "field": rate(144, 1_200),
}
"""The notes' cat classifier, trained on web photos and judged on phone photos."""


def cat() -> Gaps:
    """Data mismatch leads."""
    return judged(CAT, "team of five=0.006/1000,one person=0.021/1000", margin=0.01)


def loss() -> Gaps:
    """A ladder of losses."""
    rungs = {
        "train": Mean(mean=0.412, variance=0.3, n=20_000, skew=2.0),
        "train_dev": Mean(mean=0.455, variance=0.35, n=5_000, skew=2.0),
        "dev": Mean(mean=0.693, variance=0.5, n=4_000, skew=2.0),
    }
    return judged(rungs, is_rate=False, metric="loss")


CASES: Final[Mapping[str, Callable[[], Gaps]]] = {
    "dominant": cat,
    "bare": lambda: judged({"train": Fixed(value=0.08), "dev": Fixed(value=0.10)}, "0.01"),
    "tied": lambda: judged(
        {"train": rate(2000, 20_000), "train_dev": rate(1100, 10_000), "dev": rate(2000, 10_000)},
        "0.0",
    ),
    "several": lambda: judged(
        {"train": rate(100, 1000), "train_dev": rate(110, 1000), "dev": rate(200, 1000)}, "0.0"
    ),
    "none_material": lambda: judged(
        {"train": rate(200, 20_000), "train_dev": rate(105, 10_000), "dev": rate(110, 10_000)},
        "0.008/10000",
        margin=0.01,
    ),
    "confounded": lambda: judged({"train": rate(200, 20_000), "dev": rate(1000, 10_000)}, "0.0"),
    "depends": lambda: judged({"train": rate(1600, 20_000), "dev": rate(1000, 10_000)}),
    "ambiguous": lambda: judged(
        {"train": rate(60, 20_000), "dev": rate(40, 10_000)},
        "team=0.005/1000,one=0.01/1000",
        same_distribution=True,
    ),
    "alone": lambda: judged({"dev": rate(230, 10_000)}),
    "holes": lambda: judged(
        {"train": rate(200, 20_000), "test": rate(1000, 10_000), "field": rate(300, 2_000)},
        "0.5%/1000",
    ),
    "negative": lambda: judged(
        {"train": rate(1000, 10_000), "train_dev": rate(500, 10_000), "dev": rate(1500, 10_000)},
        "2%/500",
    ),
    "loss": loss,
}
"""Each reading of a ladder by name."""


def clustered() -> Gaps:
    """A ladder whose dev error comes from too few clusters for an interval."""
    rungs = {
        "train": rate(200, 20_000),
        "train_dev": rate(105, 10_000),
        "dev": Effective(rate=0.05, n_eff=4.0, n=400, n_clusters=4),
    }
    return judged(rungs, "0.5%/1000")


def broken_down() -> Gaps:
    """The cat classifier, its dev error broken down by the device."""
    keys = ("split", "device", "misclassified")
    cells = [("dev", d, wrong) for d in ("phone", None) for wrong in (False, True)]
    counts = Counts(tables={keys: CountTable.of(keys, cells, [1500, 300, 2100, 82])})
    return replace(cat(), by=breakdown.judge(counts, ["device"]))


def team_ideas(gaps: Gaps | None = None) -> Ideas:
    """Four ideas: one worth it, two for later, one that is no knob."""
    listed = [
        Idea(name="blur the web photos", knob="make_train_like_dev", cost_days=6),
        Idea(name="try Adam", cost_days=2),
        Idea(name="collect more data"),
        Idea(name="better chairs"),
    ]
    return ideas.judge(listed, gaps or cat())


def steps(name: str = "dominant") -> NextSteps:
    """The next steps on one of the ladders."""
    return next_steps.judge(CASES[name]())


def sources(*, human: bool = True) -> SourceTable:
    """The general table of two sources, one cell blank."""
    model = {
        ("trained_on", "web"): rate(400, 20_000),
        ("not_trained_on", "web"): rate(250, 5_000),
        ("not_trained_on", "phone"): rate(520, 4_000),
    }
    people = {"web": rate(8, 1000), "phone": rate(20, 1000)} if human else {}
    return tables.judge(model, human=people)


INTAKE: Final = Intake(
    rows=224_214,
    unusable={"no_label": 14, "bad_loss": 0},
    recognised={"label": "y_true"},
    roles={"label": "y_true", "prediction": "guess", "split": "split"},
    abstained={"dev": 3},
    sources=("runs/dev.parquet",),
    engine="duckdb",
)
"""What was read of the cat classifier."""

SETTINGS: Final = Settings(
    command="headway report runs/*.parquet",
    version="0.1.0",
    project="cat-photos",
    model="net-34",
    date="27 May 2026",
    seed=7,
    digest="7f3a91",
)
"""Where its document comes from."""
