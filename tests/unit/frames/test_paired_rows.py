from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from headway.frames.paired_rows import paired_rows
from headway.frames.scored import scored
from headway.frames.source import read
from tests.known import known

if TYPE_CHECKING:
    from tests.conftest import FrameOf

N = 200


def losses(*, shuffled: bool = False) -> tuple[dict[str, list[Any]], np.ndarray[Any, Any]]:
    """Rows of three models on the same examples, and their losses side by side."""
    rng = np.random.default_rng(5)
    hard = rng.gamma(2.0, 1.0, N)
    values = np.stack([hard + rng.gamma(1.0 + k, 1.0, N) for k in range(3)])
    order = rng.permutation(3 * N) if shuffled else np.arange(3 * N)
    rows = {
        "id": np.tile(np.arange(N), 3)[order].tolist(),
        "model": np.repeat(["a", "b", "c"], N)[order].tolist(),
        "split": ["dev"] * 3 * N,
        "loss": values.reshape(-1)[order].tolist(),
    }
    return rows, values


def test_losses_when_paired_then_their_covariance_is_that_of_the_columns(
    frame_of: FrameOf,
) -> None:
    rows, values = losses(shuffled=True)
    found = known(paired_rows(read(frame_of(rows)), "loss", ["a", "b", "c"], splits=["dev"]))
    assert (N, ("a", "b", "c")) == (found.n, found.models)
    assert np.cov(values, bias=True) == pytest.approx(found.covariance, rel=1e-9)


def test_example_when_a_model_did_not_meet_it_or_met_it_twice_then_is_left_out() -> None:
    rows, values = losses()
    part = {name: [*column[1:], column[-1]] for name, column in rows.items()}
    found = known(paired_rows(read(part), "loss", ["a", "b", "c"]))
    assert N - 2 == found.n
    assert np.cov(values[:, 1:-1], bias=True) == pytest.approx(found.covariance)


def test_example_when_it_has_no_number_or_no_id_then_is_left_out() -> None:
    rows, values = losses()
    rows["loss"][0] = None
    rows["loss"][1] = float("nan")
    rows["id"][2] = None
    found = known(paired_rows(read(rows), "loss", ["a", "b", "c"]))
    assert N - 3 == found.n
    assert np.cov(values[:, 3:], bias=True) == pytest.approx(found.covariance)


def test_rows_when_of_another_split_then_are_left_out() -> None:
    rows, values = losses()
    rows["split"] = (["validation"] * (N - 20) + ["test"] * 20) * 3
    found = known(paired_rows(read(rows), "loss", ["a", "b"], splits=["dev", "validation"]))
    assert N - 20 == found.n
    assert np.cov(values[:2, :-20], bias=True) == pytest.approx(found.covariance)


def test_shares_when_paired_then_count_examples() -> None:
    rows, values = losses()
    frame = scored(read({**rows, "ms": rows["loss"]}), "share", column="ms", bound=4.0)
    found = known(paired_rows(frame, "correct", ["a", "b"]))
    assert np.cov(values[:2] > 4, bias=True) == pytest.approx(found.covariance)


def test_models_when_they_share_no_example_then_there_is_no_covariance() -> None:
    rows = {"id": [1, 2, 3, 4], "model": ["a", "a", "b", "b"], "loss": [1.0, 2.0, 3.0, 4.0]}
    assert paired_rows(read(rows), "loss", ["a", "b"]) is None
