from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from headway.report.compose import document
from headway.report.document import Plane, Table
from headway.report.numbers import plain
from headway.report.values import value
from headway.stats.forms import Binomial, Fixed
from headway.strategy.candidates import Candidate, Pairing, candidates
from headway.strategy.selection import judge
from headway.strategy.target import limit_of, measured_limit, policy

if TYPE_CHECKING:
    from headway.report.document import Block, Document
    from headway.stats.forms import Measured
    from headway.strategy.choices import Selection

N = 4_000
TIME = "mean(running_time_ms)"
SLOW = "share(running_time_ms > 100)"


def right(share: float) -> Binomial:
    """An accuracy."""
    return Binomial(n_errors=round(share * N), n=N)


def slow(share: float, n: int = 3_000) -> Binomial:
    """The share of requests that took too long."""
    return Binomial(n_errors=round(share * n), n=n)


def chosen(
    models: dict[str, dict[str, Measured]], *limits: str, paired: bool = False, **aim: Any
) -> Selection:
    """The choice by accuracy."""
    asked = policy(subject_to=limits, **(aim or {"maximize": "accuracy"}))
    items = [Candidate(model=name, metrics=metrics) for name, metrics in models.items()]
    spread = 0.08 * np.eye(len(items)) + 0.02
    names = tuple((name, "accuracy") for name in models)
    pairing = Pairing(names=names, covariance=spread, n=N, counts_outcomes=True)
    made = candidates(asked, items, pairing=pairing if paired else None)
    return judge(made, rng=np.random.default_rng(0))


def page(found: Selection) -> Document:
    """The page of a choice."""
    return document(found)


def blocks(found: Selection, kind: type) -> list[Any]:
    """The blocks of one kind on its page."""
    every: list[Block] = [b for section in page(found).sections for b in section.blocks]
    return [block for block in every if isinstance(block, kind)]


FAST: dict[str, dict[str, Measured]] = {
    "a": {"accuracy": right(0.95), TIME: Fixed(value=80)},
    "b": {"accuracy": right(0.90), TIME: Fixed(value=20)},
    "c": {"accuracy": right(0.99), TIME: Fixed(value=900)},
}


@pytest.mark.parametrize(
    ("limits", "start"),
    [
        ((), "Take c. It is 4.00 points [3."),
        (("running_time_ms <= 100",), "Take a. It keeps the limit and is 5.00 points [3."),
        (("running_time_ms <= 100", "running_time_ms >= 50"), "Take a. It keeps both limits."),
        (("running_time_ms <= 10",), "Take no model: each breaks a limit."),
    ],
)
def test_verdict_when_a_model_is_chosen_then_says_which_and_why(
    limits: tuple[str, ...], start: str
) -> None:
    assert plain(page(chosen(FAST, *limits)).verdict).startswith(start)


def test_verdict_when_models_are_alike_then_says_so() -> None:
    both: dict[str, dict[str, Measured]] = {
        "a": {"accuracy": right(0.95)},
        "b": {"accuracy": right(0.951)},
    }
    assert "b and a cannot be told apart." == page(chosen(both)).verdict


def open_limit(*, presumed: bool = False) -> Selection:
    """A model that is shown to be quick, and a better one of which that is not shown."""
    aim = policy(maximize="accuracy", presumed=presumed)
    limit = measured_limit(limit_of("p95(running_time_ms) <= 100"))
    burden = "presumed" if presumed else "must_be_shown"
    given: dict[str, dict[str, Measured]] = {
        "quick": {"accuracy": right(0.90), SLOW: slow(0.0)},
        "good": {"accuracy": right(0.95), SLOW: slow(0.047)},
    }
    limits = (
        type(limit)(
            metric=limit.metric,
            bound=limit.bound,
            at_most=True,
            burden=burden,
            declared=limit.declared,
        ),
    )
    asked = type(aim)(optimizing=aim.optimizing, limits=limits)
    items = [Candidate(model=name, metrics=metrics) for name, metrics in given.items()]
    return judge(candidates(asked, items), rng=np.random.default_rng(0))


def test_lead_when_a_better_model_may_keep_its_limit_then_says_what_would_settle_it() -> None:
    said = plain("".join(phrase.text for phrase in page(open_limit()).lead))
    assert said.startswith("good may be better still, but whether it keeps p95(running_time_ms)")
    assert "cannot be told: about " in said
    assert "more examples of good would settle whether it keeps p95" in said


def test_verdict_when_a_limit_is_presumed_then_says_that_it_is_not_shown() -> None:
    found = open_limit(presumed=True)
    assert "good" == found.choice
    assert plain(page(found).verdict).startswith("Take good. Whether it keeps the limits is not")


def test_verdict_when_none_is_shown_to_keep_the_limit_then_says_so() -> None:
    found = chosen(
        {"a": {"accuracy": right(0.9), "recall": Binomial(n_errors=46, n=50)}}, "recall >= 0.9"
    )
    assert "Take no model yet: none is shown to keep every limit." == page(found).verdict
    assert () == page(found).lead


def test_lead_when_models_are_paired_then_says_on_how_many_examples() -> None:
    said = plain("".join(p.text for p in page(chosen(FAST, paired=True)).lead))
    assert "All models met the same 4,000 examples, one by one." == said.strip()


def test_table_when_composed_then_the_choice_comes_first_and_the_broken_stand_back() -> None:
    (table,) = blocks(chosen(FAST, "running_time_ms <= 100"), Table)
    heads = ("Model", "Accuracy", "Behind a", "running_time_ms", "Limits")
    assert heads == table.heads
    assert ["a (the choice)", "b", "c"] == [row.cells[0] for row in table.rows]
    assert [False, False, True] == [row.dim for row in table.rows]
    behind = table.rows[2].cells[2]
    assert -0.04 == pytest.approx(behind.value)
    assert "points" == behind.kind


def test_plane_when_there_is_a_limit_then_holds_each_model_with_its_state() -> None:
    (plane,) = blocks(chosen(FAST, "running_time_ms <= 100"), Plane)
    assert (100.0, True, "running_time_ms, ms") == (plane.limit, plane.at_most, plane.x_title)
    assert {"a": "chosen", "b": "yes", "c": "no"} == {p.name: p.state for p in plane.points}


def test_plane_when_a_quantile_is_limited_then_shows_the_share_of_rows() -> None:
    (plane,) = blocks(open_limit(), Plane)
    assert 0.05 == pytest.approx(plane.limit)
    assert "share with running_time_ms > 100" == plane.x_title
    assert "undetermined" == next(p.state for p in plane.points if p.name == "good")


def test_sum_when_composed_then_its_value_stands_first() -> None:
    found = chosen(FAST, linear="accuracy - 0.0001*running_time_ms")
    (table,) = blocks(found, Table)
    assert ("Model", "Sum") == table.heads[:2]
    assert 0.942 == pytest.approx(table.rows[0].cells[1].value)
    assert (
        "The sum"
        == blocks(chosen(FAST, "running_time_ms <= 9999", linear="2*accuracy"), Plane)[0].y_title
    )


def test_values_when_made_then_hold_what_the_contract_names() -> None:
    found = value(chosen(FAST, "running_time_ms <= 100"))
    assert ("a", [], "b") == (found["choice"], found["tied"], found["runner_up"])
    difference = found["difference"]
    assert isinstance(difference, dict)
    assert 0.05 == pytest.approx(difference["estimate"])
    models = found["models"]
    assert isinstance(models, list)
    broken = next(m for m in models if m["name"] == "c")
    assert ("no", False, 0.0, [TIME]) == tuple(
        broken[key] for key in ("feasible", "eligible", "p_feasible", "violated")
    )


def test_values_when_a_quantile_is_broken_then_it_goes_by_its_own_name() -> None:
    found = open_limit().model("good")
    assert "p95(running_time_ms)" in [
        (k.limit.declared or k.limit).metric.name for k in found.limits
    ]


def test_table_when_several_may_be_taken_then_the_head_says_that_intervals_hold_together() -> None:
    (table,) = blocks(chosen(FAST), Table)
    assert "Behind c, all at once" == table.heads[2]


def test_verdict_when_models_are_equal_within_the_margin_then_no_difference_matters() -> None:
    accuracy: dict[str, dict[str, Measured]] = {
        "a": {"accuracy": right(0.90)},
        "b": {"accuracy": right(0.902)},
    }
    start = "No difference that matters: "
    two = plain(page(chosen(accuracy, maximize="accuracy", margin=0.05)).verdict)
    assert two.startswith(f"{start}b is 0.20 points")
    assert two.endswith("better than a, within your margin of 5 points.")
    three = accuracy | {"c": {"accuracy": right(0.901)}}
    found = page(chosen(three, maximize="accuracy", margin=0.05))
    assert f"{start}b, c and a are equal within 5 points." == plain(found.verdict)
