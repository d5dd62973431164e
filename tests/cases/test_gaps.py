from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import headway

if TYPE_CHECKING:
    from headway.strategy.ladder import Gaps
    from tests.cases.catalogue import Case

SIZES = [{"train": 20_000, "train_dev": 10_000, "dev": 10_000}, None]
"""With intervals, and as the notes print them: without n."""

ONE_HUNDRED = {"train": 100, "train_dev": 100, "dev": 100}


def ladder(given: dict[str, Any], n: dict[str, int] | None, **options: Any) -> Gaps:
    """The judged ladder of a case, with n examples in each split or none."""
    rungs = {
        name: f"{rate!r}/{n[name]}" if n else f"{rate!r}"
        for name, rate in given.items()
        if name in {"train", "train_dev", "dev"}
    }
    human = given.get("human", given.get("bayes"))
    return headway.gaps(rungs=rungs, human=human, **options).result


def words(names: tuple[str, ...]) -> list[str]:
    """Names of gaps as the notes write them."""
    return [name.replace("_", " ") for name in names]


def assert_small_gaps_are_undetermined(gaps: Gaps) -> None:
    """At n = 100, no gap smaller than its own interval is called."""
    for gap in gaps.gaps:
        if gap.estimate is None or gap.lower is None:
            continue
        if abs(gap.estimate) < gap.estimate - gap.lower:
            assert gap.verdict == "undetermined"


@pytest.mark.parametrize("n", SIZES)
def test_avoidable_bias_first(case: Case, n: dict[str, int] | None) -> None:
    found = ladder(case["given"], n, same_distribution=True)

    assert (case["expect"]["focus"],) == tuple(words(found.focus))
    assert case["expect"]["avoidable_bias"] == pytest.approx(found.gap("avoidable_bias").estimate)
    assert case["expect"]["variance"] == pytest.approx(found.gap("variance").estimate)
    assert_small_gaps_are_undetermined(ladder(case["given"], ONE_HUNDRED, same_distribution=True))


@pytest.mark.parametrize("n", SIZES)
def test_variance_first(case: Case, n: dict[str, int] | None) -> None:
    found = ladder(case["given"], n, same_distribution=True)

    assert [case["expect"]["focus"]] == words(found.focus)
    assert case["expect"]["avoidable_bias"] == pytest.approx(found.gap("avoidable_bias").estimate)
    assert case["expect"]["variance"] == pytest.approx(found.gap("variance").estimate)
    assert_small_gaps_are_undetermined(ladder(case["given"], ONE_HUNDRED, same_distribution=True))


@pytest.mark.parametrize("n", [1_000_000, None])
def test_surpassing_human(case: Case, n: int | None) -> None:
    given = case["given"]
    human = f"team={given['team']},one_human={given['one_human']}"
    rates = {name: given[name] for name in ("train", "dev")}
    rungs = {name: f"{rate}/{n}" if n else f"{rate}" for name, rate in rates.items()}
    found = headway.gaps(rungs=rungs, human=human, same_distribution=True).result

    assert ("undetermined", ()) == (found.reading, found.focus)
    assert found.past_human
    assert any("cannot be read off these numbers" in f.sentence for f in found.findings)


@pytest.mark.parametrize("n", SIZES)
def test_no_train_dev(case: Case, n: dict[str, int] | None) -> None:
    found = ladder(case["given"], n)

    assert ("undetermined", ()) == (found.reading, found.focus)
    assert ("variance", "data_mismatch") == found.gap("variance_or_mismatch").merges
    assert "train_dev" == found.wants[0].what


@pytest.mark.parametrize("n", SIZES)
def test_same_distribution_variance(case: Case, n: dict[str, int] | None) -> None:
    found = ladder(case["given"], n, same_distribution=case["given"]["same_distribution"])

    assert [case["expect"]["focus"]] == words(found.focus)
    assert any(f.code == "HW211" for f in found.findings)


@pytest.mark.parametrize("n", SIZES)
def test_train_dev_variance(case: Case, n: dict[str, int] | None) -> None:
    assert [case["expect"]["focus"]] == words(ladder(case["given"], n).focus)
    assert_small_gaps_are_undetermined(ladder(case["given"], ONE_HUNDRED))


@pytest.mark.parametrize("n", SIZES)
def test_train_dev_mismatch(case: Case, n: dict[str, int] | None) -> None:
    assert [case["expect"]["focus"]] == words(ladder(case["given"], n).focus)
    assert_small_gaps_are_undetermined(ladder(case["given"], ONE_HUNDRED))


@pytest.mark.parametrize("n", SIZES)
def test_bias_and_mismatch(case: Case, n: dict[str, int] | None) -> None:
    assert case["expect"]["problems"] == words(ladder(case["given"], n).focus)
    assert_small_gaps_are_undetermined(ladder(case["given"], ONE_HUNDRED))


@pytest.mark.parametrize("n", [5_000, None])
def test_deployed_images_are_worse(case: Case, n: int | None) -> None:
    rates = {"train": 0.02, "train_dev": 0.025, "dev": 0.03, "test": 0.031, "field": 0.15}
    rungs = {name: f"{rate}/{n}" if n else f"{rate}" for name, rate in rates.items()}
    steps = headway.next_steps(rungs=rungs, human="1.5%").result

    assert ("real_world",) == steps.gaps.focus
    assert {"change_dev_set", "change_metric"} == {s.knob for s in steps.steps if s.knob}
