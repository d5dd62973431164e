from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from headway.errors import TargetError
from headway.findings import Verdict
from headway.stats.forms import Binomial, Fixed, Mean, Measured
from headway.strategy.candidates import Candidate, Pairing, candidates
from headway.strategy.selection import judge
from headway.strategy.target import policy
from tests.known import known

if TYPE_CHECKING:
    from headway.strategy.choices import Selection

N = 2_000
LIMIT = "running_time_ms <= 100"
TIME = "mean(running_time_ms)"


def right(share: float, n: int = N) -> Binomial:
    """An accuracy."""
    return Binomial(n_errors=round(share * n), n=n)


def pairs(*models: str, shared: float, share: float = 0.9) -> Pairing:
    """Models that err together by this correlation."""
    spread = share * (1 - share)
    matrix = spread * (np.full((len(models),) * 2, shared) + (1 - shared) * np.eye(len(models)))
    names = tuple((model, "accuracy") for model in models)
    return Pairing(names=names, covariance=matrix, n=N, counts_outcomes=True)


def choose(
    given: dict[str, dict[str, Measured]],
    *limits: str,
    margin: float | None = None,
    pairing: Pairing | None = None,
    presumed: bool = False,
) -> Selection:
    """The choice by accuracy."""
    aim = policy(maximize="accuracy", subject_to=limits, margin=margin, presumed=presumed)
    items = [Candidate(model=name, metrics=metrics) for name, metrics in given.items()]
    made = candidates(aim, items, pairing=pairing)
    return judge(made, rng=np.random.default_rng(0))


def codes(found: Selection) -> list[str]:
    """The codes of its findings."""
    return [finding.code for finding in found.findings]


def test_choice_when_one_is_shown_to_be_better_then_is_taken() -> None:
    found = choose({"a": {"accuracy": right(0.85)}, "b": {"accuracy": right(0.95)}})
    assert ("b", "shown", ()) == (found.choice, found.why, found.tied)
    assert known(found.difference).estimate == pytest.approx(0.10)


def test_choice_when_two_are_alike_then_they_are_tied_and_examples_are_wanted() -> None:
    found = choose({"a": {"accuracy": right(0.90)}, "b": {"accuracy": right(0.905)}})
    assert (None, ("b", "a"), "tied") == (found.choice, found.tied, found.why)
    assert ["examples"] == [want.what for want in found.wants]


def test_choice_when_models_err_together_then_a_smaller_difference_is_shown() -> None:
    given: dict[str, dict[str, Measured]] = {
        "a": {"accuracy": right(0.90)},
        "b": {"accuracy": right(0.915)},
    }
    assert choose(given).choice is None
    paired = choose(given, pairing=pairs("a", "b", shared=0.9))
    assert ("b", N) == (paired.choice, paired.n_shared)
    assert "HW303" in codes(choose(given))
    assert "HW303" not in codes(paired)


def test_choice_when_the_best_breaks_its_limit_then_the_next_is_taken() -> None:
    given: dict[str, dict[str, Measured]] = {
        "fast": {"accuracy": right(0.9), TIME: Fixed(value=80)},
        "slow": {"accuracy": right(0.99), TIME: Fixed(value=1500)},
    }
    found = choose(given, LIMIT)
    assert ("fast", "alone") == (found.choice, found.why)
    assert (TIME,) == found.model("slow").violated
    assert ["fast", "slow"] == [model.model for model in found.models]


def test_choice_when_no_model_keeps_the_limit_then_none_is_taken() -> None:
    given: dict[str, dict[str, Measured]] = {"a": {"accuracy": right(0.9), TIME: Fixed(value=200)}}
    found = choose(given, LIMIT)
    assert (None, None, 1.0) == (found.choice, found.leader, found.p_none)
    assert Verdict.NO is found.findings[0].verdict
    assert "No model keeps every limit" in found.findings[0].sentence


def test_limit_when_it_is_kept_by_luck_then_the_model_is_not_eligible_and_it_is_said() -> None:
    aim = policy(maximize="accuracy", subject_to="recall >= 0.9", positive=1)
    (recall,) = (limit.metric.name for limit in aim.limits)
    metrics = {"accuracy": right(0.9), recall: Binomial(n_errors=46, n=50)}
    made = candidates(aim, [Candidate(model="lucky", metrics=metrics)])
    found = judge(made, rng=np.random.default_rng(0))
    assert found.choice is None
    assert "No model is shown to keep every limit" in found.findings[0].sentence
    assert any("by its number alone" in f.sentence for f in found.findings)
    assert found.wants


def test_limit_when_it_is_presumed_then_a_lucky_model_is_taken() -> None:
    aim = policy(maximize="accuracy", subject_to="recall >= 0.9", positive=1, presumed=True)
    metrics = {"accuracy": right(0.9), aim.limits[0].metric.name: Binomial(n_errors=46, n=50)}
    made = candidates(aim, [Candidate(model="lucky", metrics=metrics)])
    assert "lucky" == judge(made, rng=np.random.default_rng(0)).choice


def test_model_when_it_may_keep_its_limit_and_would_lead_then_by_how_much_is_said() -> None:
    aim = policy(maximize="accuracy", subject_to="recall >= 0.9", positive=1)
    recall = aim.limits[0].metric.name
    sure = {"accuracy": right(0.9), recall: Binomial(n_errors=980, n=1000)}
    lucky = {"accuracy": right(0.95), recall: Binomial(n_errors=46, n=50)}
    items = [Candidate(model="sure", metrics=sure), Candidate(model="lucky", metrics=lucky)]
    found = judge(candidates(aim, items), rng=np.random.default_rng(0))
    assert "sure" == found.choice
    said = next(f.sentence for f in found.findings if f.code == "HW302")
    assert "It would be 5.00 points [3.38, 6.64] better than sure." in said


def test_choice_when_two_are_within_the_margin_then_the_cheaper_is_taken() -> None:
    given: dict[str, dict[str, Measured]] = {
        "dear": {"accuracy": right(0.905), TIME: Fixed(value=90)},
        "cheap": {"accuracy": right(0.90), TIME: Fixed(value=20)},
    }
    found = choose(given, LIMIT, margin=0.05)
    assert ("cheap", "cheaper") == (found.choice, found.why)


def test_choice_when_one_is_clearly_better_by_less_than_the_margin_then_the_cheaper_is_taken() -> (
    None
):
    given: dict[str, dict[str, Measured]] = {
        "dear": {"accuracy": right(0.908, 200_000), TIME: Fixed(value=90)},
        "cheap": {"accuracy": right(0.90, 200_000), TIME: Fixed(value=20)},
    }
    found = choose(given, LIMIT, margin=0.009)
    assert ("cheap", "cheaper") == (found.choice, found.why)
    assert ("dear", "shown") == (choose(given, LIMIT).choice, choose(given, LIMIT).why)
    without = {name: {"accuracy": row["accuracy"]} for name, row in given.items()}
    assert "dear" == choose(without, margin=0.009).choice


def test_choice_when_two_may_differ_by_more_than_the_margin_then_they_are_tied() -> None:
    given: dict[str, dict[str, Measured]] = {
        "dear": {"accuracy": right(0.91), TIME: Fixed(value=90)},
        "cheap": {"accuracy": right(0.90), TIME: Fixed(value=20)},
    }
    found = choose(given, LIMIT, margin=0.015)
    assert (None, "tied") == (found.choice, found.why)
    assert any("are within the margin" in want.sentence for want in found.wants)


def test_limits_when_a_better_model_breaks_one_then_what_they_cost_is_said() -> None:
    given: dict[str, dict[str, Measured]] = {
        "fast": {"accuracy": right(0.9), TIME: Fixed(value=80)},
        "slow": {"accuracy": right(0.99), TIME: Fixed(value=1500)},
    }
    said = next(f.sentence for f in choose(given, LIMIT).findings if f.code == "HW307")
    assert "Without the limits slow would be 9.00 points [7.6" in said
    assert "it breaks running_time_ms \u2264 100 ms: 1,500 ms." in said
    given["slow"]["accuracy"] = right(0.85)
    assert "HW307" not in codes(choose(given, LIMIT))


def test_tie_when_by_another_metric_then_examples_are_wanted_as_well() -> None:
    aim = policy(maximize="recall", positive=1)
    name = known(aim.optimizing).name
    items = [
        Candidate(model=m, metrics={name: Binomial(n_errors=k, n=500)})
        for m, k in (("a", 450), ("b", 440))
    ]
    found = judge(candidates(aim, items), rng=np.random.default_rng(0))
    (want,) = found.wants
    spread = 0.9 * 0.1 + 0.88 * 0.12
    assert 500 + known(want.n) == pytest.approx(spread * (2.8 / 0.02) ** 2, rel=0.02)


def test_tie_when_models_are_the_same_then_no_number_of_examples_is_promised() -> None:
    found = choose({"a": {"accuracy": right(0.9)}, "b": {"accuracy": right(0.9)}})
    assert (None, ()) == (found.choice, found.wants)


def test_tie_when_paired_then_examples_met_by_both_are_wanted() -> None:
    given: dict[str, dict[str, Measured]] = {
        "a": {"accuracy": right(0.90)},
        "b": {"accuracy": right(0.905)},
    }
    found = choose(given, pairing=pairs("a", "b", shared=0.5))
    (want,) = found.wants
    assert "more examples met by both would tell b from a" in want.sentence
    discordance = 0.09 + 0.005**2
    wanted = (1.96 * discordance**0.5 + 0.8416 * (discordance - 0.005**2) ** 0.5) / 0.005
    assert N + known(want.n) == pytest.approx(wanted**2, rel=0.01)


@pytest.mark.parametrize(
    ("aim", "said"),
    [({"minimize": "running_time_ms"}, "is 2 ms."), ({"linear": "0.1*running_time_ms"}, "is 0.2.")],
)
def test_tie_when_not_of_a_rate_then_the_difference_is_in_its_unit(
    aim: dict[str, str], said: str
) -> None:
    items = [
        Candidate(model=m, metrics={TIME: Mean(mean=ms, variance=900.0, n=100, skew=0.0)})
        for m, ms in (("a", 80.0), ("b", 82.0))
    ]
    made = candidates(policy(**aim), items)  # type: ignore[arg-type]
    (want,) = judge(made, rng=np.random.default_rng(0)).wants
    assert want.sentence.endswith(f"with probability 0.80, if the difference {said}")


def test_sum_of_one_when_paired_then_is_no_share_of_examples() -> None:
    items = [
        Candidate(model=m, metrics={"accuracy": right(share)})
        for m, share in (("a", 0.9), ("b", 0.8))
    ]
    aim = policy(linear="2*accuracy")
    made = candidates(aim, items, pairing=pairs("a", "b", shared=0.5))
    assert made.apart(0, 1) is None
    gap = made.behind(0, 1, level=0.95)
    assert 0.2 == pytest.approx(gap.estimate)
    assert "MOVER with correlation" == gap.method


def test_many_equal_models_when_compared_then_none_leaves() -> None:
    rng = np.random.default_rng(1)
    many: dict[str, dict[str, Measured]] = {
        f"m{i}": {"accuracy": Binomial(n_errors=int(rng.binomial(N, 0.9)), n=N)} for i in range(30)
    }
    assert 30 == len(choose(many).tied)


def test_numbers_when_given_without_n_then_decide_by_themselves_and_that_is_said() -> None:
    found = choose({"a": {"accuracy": Fixed(value=0.90)}, "b": {"accuracy": Fixed(value=0.91)}})
    assert ("b", "declared") == (found.choice, found.why)
    assert "HW304" in codes(found)
    assert known(found.difference).lower is None


def test_numbers_when_declared_within_the_margin_then_are_tied() -> None:
    given: dict[str, dict[str, Measured]] = {
        "a": {"accuracy": Fixed(value=0.90)},
        "b": {"accuracy": Fixed(value=0.905)},
    }
    assert (None, ("b", "a")) == (
        choose(given, margin=0.01).choice,
        choose(given, margin=0.01).tied,
    )


def test_winner_when_there_are_many_then_its_number_is_said_to_be_too_good() -> None:
    many: dict[str, dict[str, Measured]] = {f"m{i}": {"accuracy": right(0.9)} for i in range(20)}
    found = choose(many)
    assert known(found.optimism) > 0.005
    assert "HW305" in codes(found)


def test_chances_when_added_up_then_are_one() -> None:
    given: dict[str, dict[str, Measured]] = {
        "a": {"accuracy": right(0.90)},
        "b": {"accuracy": right(0.905)},
    }
    found = choose(given)
    assert 1 == pytest.approx(sum(model.p_best for model in found.models) + found.p_none)
    assert all(model.regret >= 0 for model in found.models)


def test_candidates_when_a_metric_is_missing_or_a_name_comes_twice_then_they_are_refused() -> None:
    aim = policy(maximize="accuracy")
    one = Candidate(model="a", metrics={"acuracy": Fixed(value=0.9)})
    with pytest.raises(TargetError, match="is not known of model 'a'"):
        candidates(aim, [one])
    twice = Candidate(model="a", metrics={"accuracy": Fixed(value=0.9)})
    with pytest.raises(TargetError, match="'a' is given twice"):
        candidates(aim, [twice, twice])


def test_choice_when_two_are_equal_within_the_margin_then_that_is_said_and_nothing_wanted() -> None:
    given: dict[str, dict[str, Measured]] = {
        "a": {"accuracy": right(0.90)},
        "b": {"accuracy": right(0.902)},
    }
    found = choose(given, margin=0.04, pairing=pairs("a", "b", shared=0.5))
    assert (None, ("b", "a"), "equivalent", ()) == (
        found.choice,
        found.tied,
        found.why,
        found.wants,
    )
    assert "b and a are equal within the margin of 4.00 points" in found.findings[0].sentence
    assert "tied" == choose(given, margin=0.004, pairing=pairs("a", "b", shared=0.5)).why


def test_choice_when_few_examples_agree_then_models_are_not_called_equal() -> None:
    spread = np.full((2, 2), 0.09)
    names = (("a", "accuracy"), ("b", "accuracy"))
    pairing = Pairing(names=names, covariance=spread, n=10, counts_outcomes=True)
    given: dict[str, dict[str, Measured]] = {m: {"accuracy": right(0.9, 10)} for m in ("a", "b")}
    assert "tied" == choose(given, margin=0.01, pairing=pairing).why


def test_choice_when_one_model_is_given_then_no_limit_is_spoken_of() -> None:
    found = choose({"a": {"accuracy": right(0.9)}})
    assert found.findings[0].sentence.endswith("the only model that was given.")
    with_limit = choose({"a": {"accuracy": right(0.9), TIME: Fixed(value=80)}}, LIMIT)
    assert with_limit.findings[0].sentence.endswith("given, shown to keep every limit.")
