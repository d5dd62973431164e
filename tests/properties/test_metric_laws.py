from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from headway.counts import CountTable
from headway.stats.complements import complement
from headway.stats.composites import Bounded, Overlap, Poisson, Sampled
from headway.stats.confusion import gradient, of_confusion
from headway.stats.measured import estimate, grow, limits, point, variance
from headway.stats.metrics import METRICS, metric_of
from headway.stats.scores import of_scores

if TYPE_CHECKING:
    from headway.counts import Scalar
    from headway.stats.forms import Measured
    from headway.stats.metric import Metric

KEYS = ("label", "prediction")
NAMES = ("ant", "bee", "cat", "dog")

metrics = st.sampled_from(
    [
        *("error", "accuracy", "recall(cat)", "precision(cat)", "specificity(cat)", "fpr(cat)"),
        *("f1(cat)", "f2(cat)", "macro_f1", "weighted_f1", "macro_f0.5", "macro_precision"),
        *("weighted_precision", "balanced_accuracy", "mcc", "kappa", "micro_f1"),
    ]
).map(metric_of)

levels = st.floats(0.5, 0.999)
how = st.sampled_from(["sums", "levels"])


@st.composite
def confusions(draw: st.DrawFn) -> CountTable:
    """Counts of two to four classes, many of the cells empty."""
    names: list[Scalar] = list(NAMES[-draw(st.integers(2, 4)) :])
    cells = [(label, guess) for label in names for guess in [*names, None]]
    n = draw(st.lists(st.integers(0, 60), min_size=len(cells), max_size=len(cells)))
    return CountTable.of(KEYS, cells, n)


@st.composite
def new_forms(draw: st.DrawFn) -> Measured:
    """A metric in one of the forms that are no plain rate or mean."""
    n = draw(st.integers(2, 5000))
    shared = draw(st.integers(0, n))
    apart = draw(st.integers(0 if shared else 1, max(1, n - shared)))
    value = round(draw(st.floats(-1, 1)), 6)
    kinds: list[Measured] = [
        Overlap(n_shared=shared, n_apart=apart, n=n, mirrored=draw(st.booleans())),
        Bounded(value=value, n_eff=draw(st.floats(0.5, 5000)), n=n, lowest=-1.0),
        Bounded(value=abs(value), n_eff=50.0, n=n, slack_below=0.1, slack_above=0.2),
        Sampled(value=value, draws=np.linspace(-1, 1, 200) * abs(value), n=n, lowest=-1.0),
        Poisson(n_events=shared, exposure=draw(st.floats(0.01, 1e4)), mirrored=draw(st.booleans())),
        Poisson(n_events=shared, exposure=2.0, dispersion=draw(st.floats(1, 20)), n=n),
    ]
    return draw(st.sampled_from(kinds))


def both(metric: Metric, one: CountTable, other: CountTable) -> tuple[Any, Any]:
    """A metric of two tables: its value and its limits, or None."""
    found = (of_confusion(metric, one), of_confusion(metric, other))
    return tuple(None if m is None else (point(m), *limits(m)) for m in found)  # type: ignore[return-value]


@given(metrics, confusions())
def test_metric_when_made_then_lies_in_its_interval(metric: Metric, table: CountTable) -> None:
    found = of_confusion(metric, table)
    if found is not None:
        lower, upper = limits(found)
        assert -1 <= lower <= point(found) <= upper <= 1


@given(metrics, confusions(), st.permutations(NAMES))
def test_metric_when_the_classes_are_renamed_then_stays(
    metric: Metric, table: CountTable, names: list[str]
) -> None:
    new: dict[Scalar, Scalar] = dict(zip(NAMES, names, strict=True))
    cells = [(new[label], new.get(guess)) for label, guess in table.cells]
    renamed = CountTable.of(KEYS, cells, table.n)
    name = None if metric.positive is None else str(new[metric.positive])
    other = metric_of(metric.name.replace("cat", name or ""))
    was, now = of_confusion(metric, table), of_confusion(other, renamed)
    assert (was is None) == (now is None)
    if was is not None and now is not None:
        assert point(was) == pytest.approx(point(now), abs=1e-12)
        spread = limits(was)[1] - limits(was)[0]
        assert limits(was) == pytest.approx(limits(now), abs=0.1 * spread + 1e-9)


@given(metrics, confusions(), st.floats(1e-6, 1e6), how)
def test_metric_when_all_weights_are_equal_then_is_that_without_weights(
    metric: Metric, table: CountTable, weight: float, told: str
) -> None:
    if told == "sums":
        sums = {"w": table.n * weight, "w2": table.n * weight**2}
        weighted = CountTable.of(KEYS, table.cells, table.n, sums)
    else:
        cells = [(*cell, weight) for cell in table.cells]
        weighted = CountTable.of((*KEYS, "weight"), cells, table.n)
    without, with_weights = both(metric, table, weighted)
    assert without == with_weights


@given(metrics, confusions(), confusions(), st.floats(1e-3, 1e3), how)
def test_metric_when_weights_have_a_common_factor_then_stays(
    metric: Metric, one: CountTable, other: CountTable, factor: float, told: str
) -> None:
    pair = []
    for k in (1.0, factor):
        cells = [(*c, w * k) for w, t in ((1.0, one), (10.0, other)) for c in t.cells]
        table = CountTable.of((*KEYS, "weight"), cells, np.concatenate([one.n, other.n]))
        w = np.array(table.column("weight"), dtype=float)
        sums = {"w": table.n * w, "w2": table.n * w**2}
        bare = [cell[:2] for cell in table.cells]
        pair.append(CountTable.of(KEYS, bare, table.n, sums) if told == "sums" else table)
    was, now = both(metric, *pair)
    assert (was is None) == (now is None)
    if was is not None:
        assert was == pytest.approx(now, abs=1e-6)


@given(metrics, confusions())
def test_derivatives_when_added_up_then_a_metric_ignores_how_many_examples_there_are(
    metric: Metric, table: CountTable
) -> None:
    if of_confusion(metric, table) is not None:
        total = float(np.dot(table.n, gradient(metric, table)))
        assert total == pytest.approx(0, abs=1e-9)


@given(confusions())
def test_f1_when_precision_and_recall_are_known_then_is_their_harmonic_mean(
    table: CountTable,
) -> None:
    found = [of_confusion(metric_of(f"{name}(cat)"), table) for name in ("f1", "precision", "tpr")]
    if all(m is not None and point(m) > 0 for m in found):
        f1, precision, recall = (point(m) for m in found if m is not None)
        assert 2 / (1 / precision + 1 / recall) == pytest.approx(f1)


@given(new_forms(), levels, levels)
def test_form_when_the_level_rises_then_contains_the_metric_and_widens(
    m: Measured, one: float, other: float
) -> None:
    inner, outer = limits(m, level=min(one, other)), limits(m, level=max(one, other))
    slack = 1e-9 * (1 + abs(point(m)))
    assert outer[0] - slack <= inner[0] <= point(m) <= inner[1] <= outer[1] + slack
    shown = estimate(m)
    assert (shown.lower, shown.upper) == limits(m)


@given(new_forms())
def test_form_when_mirrored_twice_then_is_the_same(m: Measured) -> None:
    other = complement(m)
    assert 1 - point(m) == pytest.approx(point(other))
    assert variance(m) == pytest.approx(variance(other))
    assert limits(m) == pytest.approx(limits(complement(other)), abs=1e-9)


@given(new_forms(), st.integers(1, 10_000))
def test_form_when_it_grows_then_is_known_better(m: Measured, more: int) -> None:
    grown = grow(m, more)
    assert point(m) == pytest.approx(point(grown), abs=1e-9)
    assert variance(grown) <= variance(m) * (1 + 1e-9)


@given(
    st.lists(st.tuples(st.floats(0, 0.999), st.booleans()), min_size=2, max_size=80),
    st.integers(1, 64),
)
def test_area_when_scores_are_binned_then_its_bounds_contain_the_exact_one(
    rows: list[tuple[float, bool]], n_bins: int
) -> None:
    scores, labels = (np.array(column) for column in zip(*rows, strict=True))
    cells = [(bool(label), int(score * n_bins)) for score, label in rows]
    table = CountTable.of(("label", "score_bin"), cells, np.ones(len(cells), dtype=int))
    found = of_scores(metric_of("auc"), table)
    if not 0 < labels.sum() < labels.size:
        assert found is None
        return
    assert isinstance(found, Bounded)
    exact = roc_auc_score(labels, scores)
    assert found.value - found.slack_below - 1e-9 <= exact
    assert exact <= found.value + found.slack_above + 1e-9


@given(st.text(max_size=30))
def test_text_when_it_is_read_then_is_a_metric_that_is_read_again_or_is_refused(text: str) -> None:
    try:
        found = metric_of(text)
    except ValueError:
        return
    assert metric_of(found.name) == found


@given(st.sampled_from(sorted(METRICS)), st.text("abcxyz01 .-", min_size=1, max_size=8))
def test_positive_class_when_given_in_either_way_then_is_the_same(name: str, label: str) -> None:
    found = metric_of(name, positive=label.strip() or "x")
    assert metric_of(found.name) == found
