from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from headway.errors import SplitError, TargetError
from headway.findings import Verdict
from headway.stats.changes import Flips, change_of
from headway.stats.forms import Binomial, Fixed, Measured
from headway.strategy.changes import SIGNATURES, judge, record
from headway.strategy.human import parse
from headway.strategy.ladder import Ladder
from headway.strategy.movements import Changes, Pair
from tests.known import known

VECTORS = {
    vector["name"]: vector
    for vector in json.loads(
        (Path(__file__).parents[2] / "methods_vectors.json").read_text(encoding="utf-8")
    )["vectors"]
}


def flips(wrong: int, fixed: int, broken: int, n: int) -> Pair:
    """A split of which some examples changed sides."""
    return Pair(
        before=Binomial(n_errors=wrong, n=n),
        after=Binomial(n_errors=wrong - fixed + broken, n=n),
        change=Flips(fixed=fixed / n, broken=broken / n, n=n),
    )


def judged(pairs: dict[str, Pair], **options: Any) -> Changes:
    """A change with the default settings."""
    return judge(pairs, rng=np.random.default_rng(5), **options)


def numbers(before: dict[str, float], after: dict[str, float]) -> dict[str, Pair]:
    """Pairs of bare numbers."""
    names = [name for name in before if name != "human"]
    return {n: Pair.apart(Fixed(value=before[n]), Fixed(value=after[n])) for n in names}


def test_early_stopping_signature_when_only_train_moved_then_it_is_the_vector() -> None:
    given, expected = (VECTORS["early_stopping_signature"][k] for k in ("inputs", "expected"))
    pairs = numbers(given["before"], given["after"])
    found = judged(pairs, target=given["target"], reference=parse("0%"))

    assert expected["delta"] == pytest.approx(
        {gap.name: gap.change.estimate for gap in found.gaps}, abs=1e-11
    )
    assert expected["orthogonality"] == pytest.approx(known(found.orthogonality).share.estimate)
    assert ("exchange", ["avoidable_bias", "variance"]) == (
        found.signature,
        [gap.name for gap in found.moved],
    )


def test_rung_move_paired_when_computed_then_it_is_the_vector() -> None:
    given, expected = (VECTORS["rung_move_paired"][k] for k in ("inputs", "expected"))
    pair = flips(100, given["v1_wrong_v2_right"], given["v1_right_v2_wrong"], given["n"])
    found = change_of(pair.change)

    assert expected["delta_error"] == pytest.approx(found.estimate, abs=1e-9)
    assert expected["bonett_price"] == pytest.approx([found.lower, found.upper], abs=1e-9)


def test_change_when_dev_fell_and_one_gap_moved_then_it_is_progress() -> None:
    found = judged(
        {"train": flips(100, 5, 5, 10_000), "train_dev": flips(200, 10, 10, 4000)}
        | {"dev": flips(400, 180, 40, 4000)}
    )

    assert ("progress", "better", Verdict.YES) == (found.signature, found.state, found.material)
    assert ["data_mismatch"] == [gap.name for gap in found.moved]
    assert "HW321" == found.findings[0].code
    assert "180 fixed, 40 broken, of 4,000 examples" in found.findings[0].sentence


def test_change_when_dev_fell_but_test_did_not_then_it_is_a_side_effect() -> None:
    found = judged({"dev": flips(400, 200, 20, 4000), "test": flips(400, 20, 22, 4000)})

    assert ("side_effect", "better") == (found.signature, found.state)
    assert any("enlarged dev overfit" in f.sentence for f in found.findings)


def test_change_when_bias_and_variance_shrank_then_attribution_is_unclear() -> None:
    found = judged({"train": flips(800, 380, 20, 10_000), "dev": flips(800, 500, 20, 4000)})

    assert "two_gaps" == found.signature
    assert any("Change one knob at a time" in f.sentence for f in found.findings)


def test_change_when_dev_rose_then_it_is_worse() -> None:
    found = judged({"dev": flips(400, 20, 200, 4000)})

    assert ("side_effect", "worse", Verdict.NO) == (
        found.signature,
        found.state,
        found.findings[0].verdict,
    )


def test_change_when_nothing_moved_on_many_examples_then_there_is_none() -> None:
    found = judged({"train": flips(400, 5, 6, 40_000), "dev": flips(2000, 100, 95, 40_000)})

    assert ("no_change", "equal", ()) == (found.signature, found.state, found.wants)


def test_change_when_dev_is_small_then_it_is_undetermined_and_says_what_would_settle_it() -> None:
    found = judged({"dev": flips(20, 6, 3, 200)})
    (want,) = found.wants

    assert ("undetermined", "undetermined") == (found.signature, found.state)
    assert ("examples", "dev") == (want.what, want.split)
    assert known(want.n) > 200


def test_change_when_there_are_nine_examples_then_there_is_no_verdict() -> None:
    found = judged({"dev": flips(9, 9, 0, 9)})

    assert "undetermined" == found.state


def test_change_when_clear_of_zero_but_below_the_margin_then_it_does_not_matter() -> None:
    pairs = {"dev": flips(10_000, 1000, 700, 100_000)}

    assert "no_change" == judged(pairs).signature
    assert "progress" == judged(pairs, settings=Ladder(margin=0.0)).signature
    assert Verdict.YES is judged(pairs, settings=Ladder(margin=0.0)).material


def test_change_when_the_margin_lies_in_the_interval_then_that_is_said() -> None:
    found = judged({"dev": flips(400, 80, 40, 4000)})

    assert ("progress", Verdict.UNDETERMINED) == (found.signature, found.material)
    assert "is not shown" in found.findings[0].sentence


def test_change_when_rungs_share_clusters_then_the_gap_between_them_is_sharper() -> None:
    pairs = {"train_dev": flips(200, 60, 20, 2000), "dev": flips(200, 60, 20, 2000)}
    matrix = np.array([[1.0, 0.9], [0.9, 1.0]])
    alone, shared = judged(pairs), judged(pairs, correlation=matrix)

    assert known(shared.gap("data_mismatch").change.upper) < known(
        alone.gap("data_mismatch").change.upper
    )


def test_change_when_only_train_dev_moved_and_dev_is_last_then_it_was_paid_for() -> None:
    found = judged(numbers({"train_dev": 0.05, "dev": 0.10}, {"train_dev": 0.08, "dev": 0.10}))

    assert "exchange" == found.signature
    assert any("paid for below the lowest rung" in f.sentence for f in found.findings)


def test_change_when_only_a_gap_behind_dev_grew_then_it_is_a_side_effect() -> None:
    found = judged(numbers({"dev": 0.10, "test": 0.10}, {"dev": 0.10, "test": 0.14}))

    assert ("side_effect", "equal") == (found.signature, found.state)


def test_change_when_dev_was_not_measured_then_the_last_rung_is_judged() -> None:
    assert "train_dev" == judged(numbers({"train_dev": 0.05}, {"train_dev": 0.01})).judged_on


def test_change_when_examples_were_not_shared_then_that_is_said() -> None:
    pairs = {"dev": flips(400, 200, 20, 4000)}
    found = judged(pairs, left_out=["test"], unshared={"dev": (12, 0), "train": (0, 0)})
    said = {finding.code: finding.sentence for finding in found.findings}

    assert "dev 12 only before and 0 only after" in said["HW327"]
    assert "Only one version was measured on test" in said["HW328"]


def test_change_when_versions_met_different_examples_then_it_is_compared_as_such() -> None:
    before, after = Binomial(n_errors=400, n=4000), Binomial(n_errors=200, n=4000)
    found = judged({"dev": Pair.apart(before, after)}, apart_because="there is no id column")

    assert "progress" == found.signature
    assert any("there is no id column" in f.sentence for f in found.findings)


def test_wants_when_unpaired_then_their_number_is_planned_from_the_spread() -> None:
    before, after = Binomial(n_errors=20, n=200), Binomial(n_errors=18, n=200)

    assert known(judged({"dev": Pair.apart(before, after)}).wants[0].n) > 200


@pytest.mark.parametrize("after", [Fixed(value=0.09), Binomial(n_errors=2, n=12)])
def test_wants_when_no_number_can_be_planned_then_more_are_asked_for(after: Measured) -> None:
    found = judged({"dev": Pair.apart(Binomial(n_errors=2, n=15), after)})

    assert "undetermined" == found.state
    assert found.wants


def test_target_when_it_is_no_gap_then_the_closest_is_named() -> None:
    with pytest.raises(TargetError, match="'varianse' is no gap between these splits"):
        judged(
            numbers({"train": 0.1, "train_dev": 0.1}, {"train": 0.1, "train_dev": 0.1}),
            target="varianse",
        )


def test_change_when_no_split_is_shared_then_it_is_refused() -> None:
    with pytest.raises(SplitError, match="have no split in common"):
        judged({})


def test_record_when_made_then_it_holds_plain_values() -> None:
    found = record(judged({"train": flips(100, 5, 5, 10_000), "dev": flips(400, 180, 40, 4000)}))

    assert found["signature"] in SIGNATURES
    assert json.loads(json.dumps(found)) == found


def test_gap_when_one_rung_has_nine_examples_then_it_is_not_said_to_have_moved() -> None:
    found = judged({"train_dev": flips(9, 9, 0, 9), "dev": flips(400, 10, 10, 4000)})

    assert Verdict.UNDETERMINED is found.gap("data_mismatch").moved


def test_change_when_examples_come_in_clusters_then_flips_are_told_as_shares() -> None:
    change = Flips(fixed=0.05, broken=0.01, n=4000, n_eff=1000.0, n_clusters=50)
    before, after = Binomial(n_errors=400, n=4000), Binomial(n_errors=240, n=4000)
    found = judged({"dev": Pair(before=before, after=after, change=change)})

    assert "by weight or cluster" in found.findings[0].sentence
