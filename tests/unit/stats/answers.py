"""The numbers that the stats room gives for the inputs of the methods note's vectors."""

from __future__ import annotations

from functools import partial
from itertools import product
from math import exp, lgamma, sqrt
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pytest
from scipy.special import ndtr
from scipy.stats import binom

from headway.counts import ClusterSums
from headway.stats import (
    differences,
    intervals,
    means,
    measured,
    moments,
    paired,
    pools,
    power,
    quantiles,
    resampling,
    sizes,
)
from headway.stats.forms import Binomial, Effective, Fixed, Levels, Mean

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from headway.stats.forms import Measured

    Array: TypeAlias = NDArray[np.float64]

Given: TypeAlias = Any
"""The inputs of a vector, an interval of any kind: whatever JSON or a room holds."""

N_DRAWS = 200_000


def fresh() -> np.random.Generator:
    return np.random.default_rng(1)


def ends(found: Given) -> dict[str, float]:
    return {"lower": float(found.lower), "upper": float(found.upper)}


def pair(found: Given) -> list[float]:
    return [float(found.lower), float(found.upper)]


def rung(given: Mapping[str, Any]) -> Measured:
    if "fixed" in given:
        return Fixed(value=given["fixed"])
    return Binomial(n_errors=given["x"], n=given["n"])


def multinomial_identity(given: Given) -> dict[str, float]:
    cells, target = given["cells"], given["target"]
    rows = np.repeat(np.arange(len(cells)), cells)
    tallies = [np.bincount(rows[list(drawn)], minlength=3) for drawn in product(range(4), repeat=4)]
    hits = np.mean([(tally == target).all() for tally in tallies])
    logs = lgamma(5) - sum(lgamma(k + 1) for k in target)
    pmf = exp(logs) * np.prod((np.array(cells) / 4) ** np.array(target))
    return {"row_bootstrap_probability": float(hits), "multinomial_pmf": float(pmf)}


def bootstrap_accuracy(given: Given) -> dict[str, float]:
    cells = [given[name] for name in ("tp", "fp", "fn", "tn")]

    def accuracy(n: Array) -> Array:
        return np.asarray((n[:, 0] + n[:, 3]) / n.sum(axis=1))

    drawn = resampling.multinomial_bootstrap(cells, accuracy, rng=fresh())
    lower, upper = np.quantile(drawn, [0.025, 0.975])
    return {"accuracy": 0.85, "se": drawn.std(), "lower": lower, "upper": upper}


def f1(n: Array) -> Array:
    return 2 * n[:, 0] / (2 * n[:, 0] + n[:, 1] + n[:, 2])


def delta_f1(given: Given) -> dict[str, Any]:
    cells = [given[name] for name in ("tp", "fp", "fn", "tn")]
    slopes = resampling.gradient(cells, f1)
    return {
        "f1": f1(np.array([cells]))[0],
        "gradient": dict(zip(("tp", "fp", "fn"), slopes, strict=False)),
        "se": sqrt(resampling.delta_variance(cells, f1)),
    }


def delta_macro_f1(given: Given) -> dict[str, float]:
    confusion = np.array(given["confusion_true_rows"], dtype=float)

    def macro_f1(n: Array) -> Array:
        tables = n.reshape(-1, *confusion.shape)
        both = tables.sum(axis=1) + tables.sum(axis=2)
        return np.asarray((2 * np.einsum("nii->ni", tables) / both).mean(axis=1))

    flat = confusion.ravel()
    se = sqrt(resampling.delta_variance(flat, macro_f1))
    return {"macro_f1": macro_f1(flat[None])[0], "se": se}


def delta_paired_f1(given: Given) -> dict[str, float]:
    cells = np.array([[c["label"], c["a"], c["b"]] for c in given["joint_cells"]])
    counts = [c["n"] for c in given["joint_cells"]]

    def one(n: Array, column: int) -> Array:
        hit = n @ (cells[:, 0] * cells[:, column])
        return np.asarray(2 * hit / (n @ (cells[:, 0] + cells[:, column])))

    def difference(n: Array) -> Array:
        return one(n, 1) - one(n, 2)

    drawn = resampling.multinomial_bootstrap(counts, difference, 50_000, rng=fresh())
    return {
        "difference": difference(np.array([counts]))[0],
        "delta_se": sqrt(resampling.delta_variance(counts, difference)),
        "bootstrap_percentile": np.quantile(drawn, [0.025, 0.975]).tolist(),
    }


def sums_of(w: Array, loss: Array) -> dict[str, float]:
    return {
        "sw": float(w.sum()),
        "sw2": float((w**2).sum()),
        "swl": float((w * loss).sum()),
        "sw2l": float((w**2 * loss).sum()),
        "sw2l2": float((w**2 * loss**2).sum()),
    }


def weighted_moments(given: Given) -> dict[str, Any]:
    sums = sums_of(np.array(given["w"]), np.array(given["loss"]))
    rate = moments.weighted_rate(6, **sums)
    mean = moments.weighted_mean(6, **sums)
    assert mean.mean == rate.rate
    assert measured.variance(mean) == pytest.approx(measured.variance(rate), rel=1e-12)
    named = {"n": 6, **{name.replace("l2", "ll"): value for name, value in sums.items()}}
    return {
        "moments": named,
        "mean": mean.mean,
        "se": sqrt(measured.variance(mean)),
        "kish_neff": mean.n_eff,
    }


def coverage(n: int, p: float, method: str) -> float:
    counts = np.arange(n + 1)
    lower, upper = intervals.rate_limits(counts, n, method=method)
    return float(binom.pmf(counts, n, p)[(lower <= p) & (p <= upper)].sum())


def exact_coverage(given: Given) -> dict[str, list[float]]:
    cases = list(zip(given["n"], given["p"], strict=True))
    return {
        "wilson": [coverage(n, p, "wilson") for n, p in cases],
        "guarded": [coverage(n, p, "guarded_wilson") for n, p in cases],
    }


def one_interval(method: Callable[..., intervals.Interval], given: Given) -> dict[str, float]:
    return ends(method(given["x"], given["n"], level=given["level"]))


def sums_of_clusters(m: list[list[float]], y: list[list[float]]) -> ClusterSums:
    sizes_, wrong = np.array(m, dtype=float), np.array(y, dtype=float)
    seen = (sizes_ > 0).astype(np.int64)
    return ClusterSums(
        splits=("train_dev", "dev")[: len(m)],
        shared=seen @ seen.T,
        m=sizes_.sum(axis=1),
        y=wrong.sum(axis=1),
        mm=sizes_ @ sizes_.T,
        my=sizes_ @ wrong.T,
        yy=wrong @ wrong.T,
    )


def cluster_rate(given: Given) -> dict[str, Any]:
    sums = sums_of_clusters([given["cluster_sizes"]], [given["cluster_errors"]])
    found = moments.clustered(sums).measured["train_dev"]
    assert isinstance(found, Effective)
    shown = measured.estimate(found, level=given["level"])
    return {
        "moments": {
            "G": found.n_clusters,
            "sm": sums.m[0],
            "sy": sums.y[0],
            "smm": sums.mm[0, 0],
            "sym": sums.my[0, 0],
            "syy": sums.yy[0, 0],
        },
        "error": found.rate,
        "se": sqrt(measured.variance(found)),
        "deff": found.n / found.n_eff,
        "n_eff": shown.n_eff,
        "t_crit": quantiles.critical_value(0.95, df=5),
        **ends(shown),
    }


def cluster_bootstrap(given: Given) -> dict[str, float]:
    m, y, clusters = (np.array([p[k] for p in given["profiles"]]) for k in ("m", "y", "clusters"))
    drawn = resampling.multinomial_bootstrap(
        clusters, lambda n: (n @ y) / (n @ m), N_DRAWS, rng=fresh()
    )
    return {"se": float(drawn.std())}


def gap(given: Given) -> dict[str, Any]:
    counts = [given[name] for name in ("x_next", "n_next", "x_previous", "n_previous")]
    found = differences.newcombe_difference(*counts)
    score = differences.miettinen_nurminen_difference(*counts)
    return {
        "gap": found.estimate,
        "newcombe": ends(found),
        "miettinen_nurminen": ends(score),
        **ends(found),
        "reliable_negative": found.upper is not None and found.upper < 0,
    }


def between(later: Measured, earlier: Measured, level: float = 0.95) -> dict[str, float]:
    lower, upper = differences.mover_limits(
        measured.point(later),
        measured.limits(later, level=level),
        measured.point(earlier),
        measured.limits(earlier, level=level),
    )
    gap = measured.point(later) - measured.point(earlier)
    return {"gap": gap, "lower": float(lower), "upper": float(upper)}


def gap_fixed(given: Given) -> dict[str, float]:
    return between(Binomial(n_errors=given["x"], n=given["n"]), Fixed(value=given["reference"]))


def fixed_train(given: Given) -> dict[str, float]:
    found = moments.finite_population(given["x"], given["m"], given["M"])
    assert isinstance(found, Effective)
    shown = measured.estimate(found, level=given["level"])
    se = sqrt(measured.variance(found))
    return {"error": found.rate, "se": se, "n_eff": found.n_eff, **ends(shown)}


def shared_clusters(given: Given) -> dict[str, float]:
    sums = sums_of_clusters([given["m1"], given["m2"]], [given["y1"], given["y2"]])
    found = moments.clustered(sums)
    correlation = float(found.correlation[0, 1])
    rungs = [found.measured[split] for split in ("train_dev", "dev")]
    # G/(G-1) with the six clusters of the union for both, where dev alone has five.
    own = np.array([measured.variance(m) for m in rungs]) * [1, (6 / 5) / (5 / 4)]
    shared = own.sum() - 2 * correlation * sqrt(own.prod())
    return {
        "gap": measured.point(rungs[0]) - measured.point(rungs[1]),
        "se_shared": sqrt(shared),
        "se_if_independent": sqrt(own.sum()),
        "correlation": correlation,
    }


def weighted_levels(given: Given) -> dict[str, float]:
    weights, n, wrong = (
        np.array([group[k] for group in given["groups"]]) for k in ("weight", "n", "errors")
    )
    heavy = float((weights**2 * wrong).sum())
    found = moments.weighted_rate(
        int(n.sum()),
        sw=float((weights * n).sum()),
        sw2=float((weights**2 * n).sum()),
        swl=float((weights * wrong).sum()),
        sw2l=heavy,
        sw2l2=heavy,
    )
    levels = Levels(weights=tuple(weights), n=tuple(n), n_errors=tuple(wrong))
    assert measured.point(levels) == pytest.approx(found.rate, rel=1e-12)
    assert measured.variance(levels) == pytest.approx(measured.variance(found), rel=1e-12)
    shown = measured.estimate(found)
    se = sqrt(measured.variance(found))
    return {"error": found.rate, "se": se, "n_eff": found.n_eff, **ends(shown)}


def nested(given: Given) -> dict[str, float]:
    groups = given["groups"]
    levels = Levels(
        weights=tuple(group["weight"] for group in groups),
        n=tuple(group["n"] for group in groups),
        n_errors=tuple(group["errors"] for group in groups),
    )
    lower, upper = measured.limits(levels)
    drawn = measured.draws(levels, N_DRAWS, fresh())
    return {"mean": float(drawn.mean()), "q025": lower, "q975": upper}


def cochran(given: Given) -> dict[str, Any]:
    pairs = list(zip(given["skewness"], given["n"], strict=True))
    return {
        "min_n": [means.examples_for_t(skew) for skew, _ in pairs],
        "normal_ok": [not means.is_skewed(skew, n) for skew, n in pairs],
    }


def welch(given: Given) -> dict[str, float]:
    later, earlier = (
        Mean(mean=given[f"mean_{end}"], variance=given[f"var_{end}"], n=given[f"n_{end}"])
        for end in ("next", "previous")
    )
    found = differences.welch_difference(later, earlier)
    se = sqrt(measured.variance(later) + measured.variance(earlier))
    return {"gap": found.estimate, "se": se, **ends(found)}


def rmse(given: Given) -> dict[str, float]:
    roots = []
    for end in ("next", "previous"):
        part = given[end]
        squares = Mean(mean=part["mean_sq"], variance=part["var_sq"], n=part["n"])
        lower, upper = measured.limits(squares)
        roots.append((sqrt(squares.mean), (sqrt(lower), sqrt(upper))))
    lower_gap, upper_gap = differences.mover_limits(*roots[0], *roots[1])
    return {
        "rmse_previous": roots[1][0],
        "rmse_next": roots[0][0],
        "gap": roots[0][0] - roots[1][0],
        "lower": float(lower_gap),
        "upper": float(upper_gap),
    }


def explained(given: Given) -> dict[str, float]:
    return {"r2": means.r_squared(given["n"], given["sum_y"], given["sum_y2"], given["sum_sq_err"])}


def contrast(given: Given) -> dict[str, Any]:
    rungs = [rung(each) for each in given["rungs"]]
    plan = power.collect_more(given["contrast"], rungs, [1], margin=0.01)
    shares = [
        c**2 * measured.variance(m) / plan.se**2
        for c, m in zip(given["contrast"], rungs, strict=True)
    ]
    return {
        "estimate": plan.estimate,
        "se": plan.se,
        "p_positive_normal": float(ndtr(plan.estimate / plan.se)),
        "share_of_variance": shares,
    }


def effective_posterior(given: Given) -> dict[str, float]:
    rate, worth = given["error"], given["n_eff"]
    drawn = measured.draws(Effective(rate=rate, n_eff=worth, n=10_000), N_DRAWS, fresh())
    a, b = rate * worth + 0.5, (1 - rate) * worth + 0.5
    lower, upper = quantiles.beta_quantile(a, b, [0.025, 0.975])
    assert np.quantile(drawn, [0.025, 0.975]) == pytest.approx([lower, upper], abs=2e-4)
    return {"alpha": a, "beta": b, "mean": a / (a + b), "q025": lower, "q975": upper}


def ladder(given: Given) -> dict[str, Any]:
    rungs = [rung(each) for each in given["rungs"]]
    one_sided = max(0.975, 1 - given["alpha_focus"] / len(given["labels"]))
    found = np.diff(measured.joint_draws(rungs, N_DRAWS, fresh()), axis=1)
    leads = np.bincount(found.argmax(axis=1), minlength=len(given["labels"])) / N_DRAWS
    gaps = []
    for index, name in enumerate(given["labels"]):
        shown = between(rungs[index + 1], rungs[index])
        strict = between(rungs[index + 1], rungs[index], level=2 * one_sided - 1)
        gaps.append(
            {
                "name": name,
                "estimate": shown["gap"],
                "lower": shown["lower"],
                "upper": shown["upper"],
                "lower_simultaneous": strict["lower"],
                "p_largest": leads[index],
            }
        )
    return {"gaps": gaps}


def collect(given: Given) -> dict[str, Any]:
    rungs = [rung(each) for each in given["rungs"]]
    plan = power.collect_more(
        given["contrast"],
        rungs,
        given["collectable"],
        margin=given["margin"],
        gamma=given["gamma"],
    )
    return {
        "estimate": plan.estimate,
        "se": plan.se,
        "target_se": plan.target_se,
        "route": plan.route,
        "feasible": plan.feasible,
        "total_needed": {
            str(i): more + (measured.size(rungs[i]) or 0) for i, more in plan.more.items()
        },
        "more": {str(index): more for index, more in plan.more.items()},
    }


def below_human(given: Given) -> dict[str, float]:
    drawn = measured.joint_draws([rung(given["human"]), rung(given["train"])], N_DRAWS, fresh())
    return {"p_train_below_human": float((drawn[:, 1] < drawn[:, 0]).mean())}


def paired_models(given: Given) -> dict[str, Any]:
    b, c, n = given["a_right_b_wrong"], given["a_wrong_b_right"], given["n"]
    found = differences.paired_difference(b, c, n)
    return {
        "difference_accuracy_A_minus_B": found.estimate,
        "mcnemar_midp": paired.mcnemar_midp(b, c),
        "bonett_price": ends(found),
        "tango": ends(differences.tango_difference(b, c, n)),
    }


def paired_better(given: Given) -> dict[str, float]:
    b, c = given["a_right_b_wrong"], given["a_wrong_b_right"]
    return {"p_A_better": paired.probability_better(b, c)}


def paired_better_by(given: Given) -> dict[str, float]:
    b, c = given["a_right_b_wrong"], given["a_wrong_b_right"]
    cells = [b, c, given["n"] - b - c, 0]
    shares = resampling.dirichlet_draws(cells, N_DRAWS, rng=fresh())
    lead, margin = shares[:, 0] - shares[:, 1], given["margin"]
    return {
        "p_A_better_by_margin": float((lead > margin).mean()),
        "p_within_margin": float((abs(lead) <= margin).mean()),
    }


def detectable(given: Given) -> dict[str, list[float]]:
    share = given["discordant_rate"]
    return {"mdd": [sizes.detectable_difference(share, n) for n in given["n"]]}


def needed(given: Given) -> dict[str, int]:
    rates = given["p1"], given["p2"]
    share = given["discordant_rate"]
    return {
        "n_paired": power.size_for_difference(*rates, discordance=share),
        "n_per_arm_unpaired": power.size_for_difference(*rates),
    }


def grouped(given: Given) -> dict[str, float]:
    factor = power.design_effect(
        given["mean_group_size"], given["icc"], variation=given["cv_group_size"]
    )
    return {"deff": factor, "n_eff": given["n"] / factor}


def widths(given: Given) -> dict[str, list[float]]:
    return {"half_width": [power.half_width(given["rate"], n) for n in given["n"]]}


def wanted_width(given: Given) -> dict[str, int]:
    asked = given["rate"], given["half_width"]
    return {
        "n_wald": power.size_for_half_width(*asked, method="wald"),
        "n_wilson": power.size_for_half_width(*asked),
    }


def no_error(given: Given) -> dict[str, list[float]]:
    upper = [power.zero_error_upper(n, confidence=given["confidence"]) for n in given["n"]]
    return {"upper": upper, "rule_of_three": [3 / n for n in given["n"]]}


def usual_sizes(given: Given) -> dict[str, Any]:
    shares = sizes.rule_of_thumb(given["N"])
    assert given["fractions"] == [shares["train"], shares["dev"], shares["test"]]
    n = [round(share * given["N"]) for share in shares.values()]
    return {
        "sizes": n,
        "half_width": power.half_width(given["rate"], n[1]),
        "mdd_paired": sizes.detectable_difference(given["discordant_rate"], n[1]),
    }


def carve(given: Given) -> dict[str, float]:
    errors = given["error_train_dev"], given["error_dev"]
    many = power.train_dev_size(*errors, 10**12) / 10**12
    return {
        "ratio_train_dev_to_dev": many,
        "n_train_dev": power.train_dev_size(*errors, given["dev_n"]),
    }


def pool(given: Given) -> dict[str, Any]:
    counts = given["tagged"], given["reviewed"], given["errors_total"]
    exact = pools.hypergeometric_interval(*counts)
    share = pools.pool_interval(*counts)
    total = [round(end * given["errors_total"]) for end in pair(exact)]
    guaranteed = dict(zip(("total_lower", "total_upper"), total, strict=True))
    plain = intervals.wilson_interval(given["tagged"], given["reviewed"])
    return {
        "guaranteed": guaranteed,
        "guaranteed_pool_of_1000": guaranteed,
        "wilson_finite": pair(share),
        "binomial_wilson": pair(plain),
        "pool_of_1000": {"share_lower": share.lower, "share_upper": share.upper},
        "pool_size_unknown": {"share_lower": plain.lower, "share_upper": plain.upper},
    }


VERDICTS = (
    "verdict_variance_problem",
    "verdict_mismatch_problem",
    "verdict_bias_and_mismatch",
    "verdict_bias_and_mismatch_n1000",
    "verdict_avoidable_bias_first",
    "verdict_variance_first",
    "verdict_same_distribution_variance",
    "verdict_none_material",
    "verdict_too_few_examples",
    "verdict_small_sets_undetermined_variance",
)

ANSWERS: dict[str, Callable[[Given], Given]] = {
    "multinomial_bootstrap_identity": multinomial_identity,
    "bootstrap_accuracy_exact_percentiles": bootstrap_accuracy,
    "delta_variance_f1": delta_f1,
    "macro_f1_delta_se": delta_macro_f1,
    "paired_f1_difference": delta_paired_f1,
    "weighted_mean_from_moments": weighted_moments,
    "exact_coverage_wilson": exact_coverage,
    "interval_clopper_pearson_5_of_100": partial(one_interval, intervals.clopper_pearson_interval),
    "interval_jeffreys_5_of_100": partial(one_interval, intervals.jeffreys_interval),
    "interval_wilson_0_of_50": partial(one_interval, intervals.guarded_wilson_interval),
    "interval_wilson_5_of_100": partial(one_interval, intervals.wilson_interval),
    "interval_wilson_small_count_guard": lambda given: [
        pair(intervals.guarded_wilson_interval(x, n)) for x, n in given["cases"]
    ],
    "cluster_bootstrap_profile_se": cluster_bootstrap,
    "cluster_robust_proportion": cluster_rate,
    "gap_against_fixed_reference": gap_fixed,
    "gap_mismatch_newcombe_mn": gap,
    "gap_variance_newcombe_mn": gap,
    "gap_zero_cell": gap,
    "train_rung_fixed_fpc": fixed_train,
    "cluster_shared_between_rungs": shared_clusters,
    "weighted_error_nested_posterior_w100": nested,
    "weighted_error_w1": weighted_levels,
    "weighted_error_w10": weighted_levels,
    "weighted_error_w100": weighted_levels,
    "cochran_skew_rule": cochran,
    "gap_continuous_welch": welch,
    "gap_rmse_mover": rmse,
    "r2_from_moments": explained,
    "contrast_bias_minus_mismatch": contrast,
    "contrast_adjacent_gaps_middle_rung_counts_double": contrast,
    "effective_count_posterior": effective_posterior,
    **dict.fromkeys(VERDICTS, ladder),
    "collect_more_bias_vs_mismatch": collect,
    "collect_more_variance_vs_bias": collect,
    "surpassing_human_with_counts": below_human,
    "negative_gap_rule": gap,
    "paired_mcnemar_bonett_price": paired_models,
    "paired_probability_better": paired_better,
    "paired_probability_better_by_margin": paired_better_by,
    "minimum_detectable_difference_paired": detectable,
    "sample_size_difference": needed,
    "effective_size_groups": grouped,
    "half_width_table_5pct": widths,
    "size_for_half_width": wanted_width,
    "zero_error_rule_of_three": no_error,
    "size_table_98_1_1": usual_sizes,
    "train_dev_allocation": carve,
    "ceiling_50_of_100": pool,
    "ceiling_5_of_100": pool,
    "ceiling_small_error_pool": pool,
    "ceiling_zero_tagged": pool,
}
