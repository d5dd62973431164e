from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

import headway
from tests.known import known

if TYPE_CHECKING:
    from pathlib import Path

    from headway.strategy.ladder import Gaps

pytestmark = pytest.mark.external

MERGED = "avoidable_bias_or_variance_or_mismatch"


def tiers(folder: Path) -> str:
    """The error of a team of about 51 people and of one of them, from their answers."""
    counts = pl.read_parquet(folder / "cifar10h" / "counts.parquet")
    votes = counts.select(pl.col("^n_.*$"))
    given = counts["given_label"].to_numpy()
    matrix = votes.to_numpy()
    team = int((matrix.argmax(axis=1) != given).sum())
    right = int(matrix[range(len(given)), given].sum())
    return f"team={team / len(given)}/{len(given)},one={1 - right / matrix.sum()}/{matrix.sum()}"


def ladder(folder: Path, proxy: str) -> Gaps:
    """The model of the label-errors repository against a tier of people."""
    return headway.gaps(
        folder / "label_errors_cifar10" / "pred_probs.parquet",
        columns={"label": "given_label"},
        human=tiers(folder),
        proxy=proxy,
    ).result


@pytest.mark.parametrize(("proxy", "points"), [("one", 0.0230), ("team", 0.0627)])
def test_model_when_held_against_people_then_the_merged_gap_is_theirs(
    external_data: Path, proxy: str, points: float
) -> None:
    found = ladder(external_data, proxy)
    gap = found.gap(MERGED)

    assert points == pytest.approx(gap.estimate, abs=0.00005)
    assert known(gap.lower) < points < known(gap.upper)
    assert known(gap.lower) > 0.015
    assert gap.verdict == "undetermined"
    assert gap.merges == ("avoidable_bias", "variance", "data_mismatch")
    assert {"train", "train_dev"} == {want.split for want in found.wants if want.split}


def test_model_when_it_has_probabilities_alone_then_the_largest_is_its_prediction(
    external_data: Path,
) -> None:
    answer = headway.gaps(
        external_data / "label_errors_cifar10" / "pred_probs.parquet",
        columns={"label": "given_label"},
    )

    assert known(answer.intake).prediction_from == "probabilities"
    assert known(answer.intake).no_split
    assert known(answer.result.rung("dev")).n_errors == 706
    assert {"HW103", "HW104"} <= {finding.code for finding in answer.findings}
