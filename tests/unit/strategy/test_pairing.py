from __future__ import annotations

import numpy as np
import pytest

from headway.counts import Counts, CountTable, Scalar
from headway.stats.changes import Drawn, FlipLevels, Flips, change_of
from headway.stats.forms import Binomial, Effective, Levels, Mean
from headway.stats.metrics import metric_of
from headway.strategy.pairing import Sides, class_pairs, error_pairs, loss_pairs, needs, unshared
from headway.strategy.rungs import Errors
from tests.known import known

KEYS = ("split", "met", "was", "now")
CELLS = [("dev", "both", was, now) for was in (0, 1) for now in (0, 1)]


def counted(
    n: list[int],
    more: list[tuple[tuple[Scalar, ...], int]] | None = None,
    sums: dict[str, list[float]] | None = None,
) -> Counts:
    """Counts of one dev set, and cells of examples that not both met."""
    extra = more or []
    cells = [*CELLS, *(cell for cell, _ in extra)]
    table = CountTable.of(KEYS, cells, [*n, *(k for _, k in extra)], sums)
    return Counts(tables={KEYS: table})


def errors(measured: dict[str, object]) -> Errors:
    """Errors of splits, as they come from rows."""
    return Errors(
        measured=measured,  # type: ignore[arg-type]
        n_errors={},
        correlation=None,
        is_rate=True,
        weighted=False,
    )


def test_error_pairs_when_unweighted_then_flips_and_errors_are_counted() -> None:
    pair = error_pairs(counted([850, 45, 85, 20]))["dev"]

    assert Flips(fixed=0.085, broken=0.045, n=1000) == pair.change
    assert (Binomial(n_errors=105, n=1000), Binomial(n_errors=65, n=1000)) == (
        pair.before,
        pair.after,
    )


def test_error_pairs_when_most_examples_are_not_shared_then_the_split_is_not_paired() -> None:
    alone: list[tuple[tuple[Scalar, ...], int]] = [
        (("dev", "before", 0, 0), 5000),
        (("dev", "after", 0, 0), 4000),
    ]
    counts = counted([850, 45, 85, 20], alone)

    assert {} == error_pairs(counts)
    assert {"dev": (5000, 4000)} == unshared(counts)


def test_error_pairs_when_one_set_holds_the_other_then_it_is_paired() -> None:
    counts = counted([850, 45, 85, 20], [(("dev", "after", 0, 0), 90_000)])

    assert 1000 == change_of(error_pairs(counts)["dev"].change).n


def test_error_pairs_when_weights_have_levels_then_they_are_told_apart() -> None:
    cells = [(*cell, weight) for cell in CELLS for weight in (1, 10)]
    table = CountTable.of((*KEYS, "weight"), cells, [800, 50, 40, 5, 75, 10, 15, 5])
    pair = error_pairs(Counts(tables={(*KEYS, "weight"): table}))["dev"]

    assert FlipLevels(weights=(1.0, 10.0), n=(930, 70), fixed=(75, 10), broken=(40, 5)) == (
        pair.change
    )
    assert isinstance(pair.before, Levels)


def test_error_pairs_when_only_one_weight_counts_then_the_rest_is_left_out() -> None:
    cells = [(*cell, weight) for cell in CELLS for weight in (0, 2)]
    table = CountTable.of((*KEYS, "weight"), cells, [5, 850, 5, 45, 5, 85, 5, 20])
    pair = error_pairs(Counts(tables={(*KEYS, "weight"): table}))["dev"]

    assert (0.085, 0.045) == pytest.approx((pair.change.fixed, pair.change.broken))  # type: ignore[union-attr]


def test_error_pairs_when_weights_are_many_then_examples_are_worth_less() -> None:
    rng = np.random.default_rng(1)
    drawn = [rng.exponential(size=k) for k in (850, 45, 85, 20)]
    sums = {"w": [d.sum() for d in drawn], "w2": [(d**2).sum() for d in drawn]}
    pair = error_pairs(counted([850, 45, 85, 20], sums=sums))["dev"]
    w = np.concatenate(drawn)
    step = np.repeat([0, 1, -1, 0], [850, 45, 85, 20]) - change_of(pair.change).estimate

    assert isinstance(pair.before, Effective)
    assert isinstance(pair.change, Flips)
    spread = pair.change.fixed + pair.change.broken - change_of(pair.change).estimate ** 2
    assert (w**2 * step**2).sum() / w.sum() ** 2 == pytest.approx(spread / known(pair.change.n_eff))


def test_error_pairs_when_rows_come_in_clusters_then_the_flips_are_worth_fewer() -> None:
    rates = errors({"dev": Effective(rate=0.1, n_eff=200.0, n=1000, n_clusters=50)})
    change = errors({"dev": Mean(mean=-0.04, variance=1000 * 0.0004, n=1000, n_clusters=50)})
    sides = Sides(before=rates, after=rates, change=change)
    pair = error_pairs(counted([850, 45, 85, 20]), sides)["dev"]

    assert 50 == pair.change.n_clusters  # type: ignore[union-attr]
    assert (0.13 - 0.04**2) / 0.0004 == pytest.approx(pair.change.n_eff)  # type: ignore[union-attr]


def test_error_pairs_when_no_example_of_a_cluster_flipped_then_clusters_count() -> None:
    rates = errors({"dev": Effective(rate=0.1, n_eff=200.0, n=1000, n_clusters=50)})
    change = errors({"dev": Mean(mean=0.0, variance=0.0, n=1000, n_clusters=50)})
    sides = Sides(before=rates, after=rates, change=change)

    assert 50 == error_pairs(counted([900, 0, 0, 100]), sides)["dev"].change.n_eff  # type: ignore[union-attr]


def test_loss_pairs_when_sides_are_counted_then_they_are_taken() -> None:
    keys = ("split", "met")
    counts = Counts(tables={keys: CountTable.of(keys, [("dev", "both")], [100])})
    means = [errors({"dev": Mean(mean=m, variance=1.0, n=100)}) for m in (0.5, 0.4, -0.1)]
    sides = Sides(before=means[0], after=means[1], change=means[2])

    assert -0.1 == change_of(loss_pairs(counts, sides)["dev"].change).estimate


CLASS_KEYS = ("split", "met", "truth", "guess_was", "guess_now")


def classes(n: dict[tuple[int, int, int], int]) -> Counts:
    """Counts of one dev set by label and both guesses."""
    cells = [("dev", "both", *cell) for cell in n]
    return Counts(tables={CLASS_KEYS: CountTable.of(CLASS_KEYS, cells, list(n.values()))})


def test_class_pairs_when_f1_is_asked_then_the_error_is_one_minus_it() -> None:
    counts = classes({(1, 1, 1): 80, (1, 0, 1): 15, (1, 1, 0): 5, (0, 0, 0): 900})
    pair = class_pairs(counts, metric_of("f1", positive=1))["dev"]

    assert 2 * 85 / 185 - 2 * 95 / 195 == pytest.approx(change_of(pair.change).estimate)
    assert pair.paired


def test_class_pairs_when_a_metric_has_no_value_then_the_split_is_left_out() -> None:
    assert {} == class_pairs(classes({(0, 0, 0): 10}), metric_of("recall", positive=1))


def test_class_pairs_when_rows_come_in_clusters_then_draws_are_wider() -> None:
    counts = classes({(1, 1, 1): 80, (1, 0, 1): 15, (1, 1, 0): 5, (0, 0, 0): 900})
    metric = metric_of("f1", positive=1)
    alone = class_pairs(counts, metric)["dev"].change
    grouped = class_pairs(counts, metric, effects={"dev": (4.0, 30)})["dev"].change

    assert isinstance(alone, Drawn)
    assert isinstance(grouped, Drawn)
    assert 2.0 == pytest.approx(grouped.values.std() / alone.values.std())
    assert 30 == change_of(grouped).n_clusters


@pytest.mark.parametrize(
    ("by", "weight_levels", "keys", "sums"),
    [
        ("error", 2, ("split", "met", "was", "now", "weight"), set()),
        ("error", None, ("split", "met", "was", "now"), {"w", "w2"}),
        ("class", None, CLASS_KEYS, {"w", "w2"}),
        ("loss", 2, ("split", "met"), set()),
    ],
)
def test_needs_when_examples_carry_weights_then_they_are_counted(
    by: str, weight_levels: int | None, keys: tuple[str, ...], sums: set[str]
) -> None:
    spec = needs(frozenset({"split", "weight"}), by=by, weight_levels=weight_levels)

    assert ({keys}, sums) == (set(spec.groupings), set(spec.sums))
