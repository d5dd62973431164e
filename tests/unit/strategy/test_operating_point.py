from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics as oracle

from headway.counts import CountTable
from headway.errors import TargetError
from headway.findings import Verdict
from headway.strategy.operating_point import judge
from headway.strategy.operating_said import threshold_words
from headway.strategy.target import policy
from headway.strategy.thresholds import OperatingPoint, Scores
from tests.known import known

BINS = 200


def scores(n: int, seed: int = 0, *, hours: float | None = None, shift: float = 0.4) -> Scores:
    """Scores in bins: one row in fifty is positive."""
    rng = np.random.default_rng(seed)
    positive = rng.random(n) < 0.02
    places = (np.clip(rng.normal(0.3 + shift * positive, 0.12), 0, 0.999) * BINS).astype(int)
    cells, counted = np.unique(np.stack([positive, places]), axis=1, return_counts=True)
    named = [(bool(p), int(b)) for p, b in cells.T.tolist()]
    table = CountTable.of(("is_positive", "score_bin"), named, counted.tolist())
    return Scores(
        table=table, low=0.0, width=1 / BINS, exposure_s=None if hours is None else 3600 * hours
    )


def point_of(dev: Scores, aim: str, *limits: str, test: Scores | None = None) -> OperatingPoint:
    """The operating point for a class called wake."""
    target = policy(maximize=aim, subject_to=limits, positive="wake")
    rng = np.random.default_rng(0)
    return judge(dev, target, positive="wake", rng=rng, test=test)


def said(found: OperatingPoint, code: str) -> tuple[Verdict, str]:
    """A finding."""
    finding = next(f for f in found.findings if f.code == code)
    return finding.verdict, finding.sentence


def test_threshold_when_there_is_no_limit_then_is_the_best_of_scikit_learn() -> None:
    dev = scores(5_000)
    labels = np.repeat(np.array(dev.table.column("is_positive"), dtype=bool), dev.table.n)
    places = np.repeat(np.array(dev.table.column("score_bin"), dtype=int), dev.table.n)
    best = max(oracle.f1_score(labels, places >= place) for place in set(places.tolist()))
    assert best == pytest.approx(known(known(point_of(dev, "f1").chosen).optimized).estimate)


def test_threshold_when_a_limit_is_set_then_keeps_it_with_the_probability_asked() -> None:
    chosen = known(point_of(scores(50_000), "recall", "precision >= 0.8").chosen)
    assert chosen.p_feasible >= 0.95
    assert chosen.limits[0].measured.estimate > 0.8


def test_threshold_when_limits_are_two_then_the_doubts_add_up() -> None:
    limits = ("precision >= 0.7", "false_positives_per_24h <= 30")
    found = point_of(scores(50_000, hours=200), "recall", *limits)
    chosen = known(found.chosen)
    doubts = sum(1 - k.probability for k in chosen.limits)
    assert 1 - doubts == pytest.approx(chosen.p_feasible)


def test_threshold_when_the_hours_are_too_few_then_none_is_chosen_and_hours_are_wanted() -> None:
    found = point_of(scores(500, hours=2), "recall", "false_positives_per_24h <= 0.01")
    assert found.chosen is None
    assert Verdict.UNDETERMINED is said(found, "HW311")[0]
    assert "No threshold is shown to keep" in said(found, "HW311")[1]
    assert ["exposure_hours"] == [want.what for want in found.wants]


def test_threshold_when_the_limit_cannot_be_kept_then_says_so() -> None:
    found = point_of(scores(50_000), "precision", "recall >= 0.99", "false_positive_rate <= 0.0001")
    assert Verdict.NO is said(found, "HW311")[0]
    assert "No threshold keeps" in said(found, "HW311")[1]
    assert Verdict.NOT_APPLICABLE is said(found, "HW312")[0]


def test_threshold_when_test_is_alike_then_is_confirmed() -> None:
    found = point_of(scores(50_000), "recall", "precision >= 0.7", test=scores(200_000, 1))
    assert Verdict.YES is said(found, "HW312")[0]


def test_threshold_when_test_is_worse_then_is_not_confirmed() -> None:
    worse = scores(200_000, 1, shift=0.2)
    found = point_of(scores(50_000), "recall", "precision >= 0.8", test=worse)
    assert Verdict.NO is said(found, "HW312")[0]


def test_threshold_when_there_is_no_test_then_a_test_set_is_wanted() -> None:
    found = point_of(scores(50_000), "f1")
    assert Verdict.UNDETERMINED is said(found, "HW312")[0]
    assert ["test"] == [want.what for want in found.wants]


def test_metric_when_undefined_at_a_threshold_then_that_one_is_not_chosen() -> None:
    table = CountTable.of(("is_positive", "score_bin"), [(False, 1), (False, 5)], [10, 10])
    found = point_of(Scores(table=table, low=0.0, width=0.1), "recall")
    assert found.chosen is None
    assert "0/0 at every threshold" in said(found, "HW311")[1]


def test_rows_when_they_have_no_score_then_are_never_positive() -> None:
    cells = [(True, None), (True, 5), (False, 1)]
    table = CountTable.of(("is_positive", "score_bin"), cells, [10, 10, 100])
    found = point_of(Scores(table=table, low=0.0, width=0.1), "recall")
    assert 0.5 == known(known(found.chosen).optimized).estimate


def test_rows_when_they_have_weights_then_the_weights_count() -> None:
    cells = [(True, 5, 1.0), (True, 0, 9.0), (False, 1, 1.0)]
    table = CountTable.of(("is_positive", "score_bin", "weight"), cells, [50, 50, 900])
    found = point_of(Scores(table=table, low=0.0, width=0.1), "f1")
    assert known(found.chosen).value < 0.5


def test_metric_when_no_threshold_decides_it_then_it_is_refused() -> None:
    with pytest.raises(TargetError, match="No threshold of a score decides 'auc"):
        point_of(scores(100), "auc")
    linear = policy(linear="recall - 0.1*precision")
    with pytest.raises(TargetError, match="decides 'a linear combination'"):
        judge(scores(100), linear, positive=1, rng=np.random.default_rng(0))


def test_curve_when_there_are_many_thresholds_then_holds_some_and_the_chosen() -> None:
    found = point_of(scores(50_000), "f1")
    assert found.n_tried > 100
    assert 64 <= len(found.curve) <= 65
    assert known(found.chosen) in found.curve


def test_threshold_when_written_then_has_three_digits() -> None:
    assert ("0.420", "−2.50", "−300") == tuple(map(threshold_words, (0.42, -2.5, -300.4)))


def test_threshold_when_written_large_then_has_three_digits_too() -> None:
    assert ("1e+03", "123", "0.00123") == tuple(map(threshold_words, (1000.0, 123.4, 0.00123)))


def test_test_when_it_has_no_positive_then_cannot_confirm() -> None:
    table = CountTable.of(("is_positive", "score_bin"), [(False, 10), (False, 90)], [300, 300])
    bare = Scores(table=table, low=0.0, width=1 / BINS)
    verdict, sentence = said(point_of(scores(50_000), "recall", test=bare), "HW312")
    assert (Verdict.UNDETERMINED, "On test the metric is 0/0.") == (verdict, sentence)


@pytest.mark.parametrize(
    ("shift", "verdict", "end"),
    [(0.4, Verdict.YES, "in line with dev."), (0.2, Verdict.NO, "less good than dev showed.")],
)
def test_test_when_there_is_no_limit_then_is_held_against_dev(
    shift: float, verdict: Verdict, end: str
) -> None:
    found = point_of(scores(50_000), "f1", test=scores(200_000, 1, shift=shift))
    assert verdict is said(found, "HW312")[0]
    assert said(found, "HW312")[1].endswith(end)


def test_curve_when_the_metric_is_nowhere_defined_then_holds_some_thresholds() -> None:
    cells = [(False, place) for place in range(150)]
    table = CountTable.of(("is_positive", "score_bin"), cells, [4] * 150)
    found = point_of(Scores(table=table, low=0.0, width=1 / BINS), "recall")
    assert found.chosen is None
    assert 64 == len(found.curve)
