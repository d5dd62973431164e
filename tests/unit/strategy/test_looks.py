from __future__ import annotations

from dataclasses import replace

import pytest

from headway.errors import CountError, SplitError
from headway.strategy.looks import Look, before_test_look, consultations, counted, of_set
from tests.known import known

LOOK = Look(when="1", split="dev", fingerprint="a", model="m", metric="error", value=0.1, n=100)


def at_test(n: int) -> list[Look]:
    """Looks of so many models at one test set."""
    return [replace(LOOK, when=str(k), split="test", model=f"m{k}") for k in range(n)]


def test_looks_when_a_number_is_read_again_then_count_once() -> None:
    assert consultations(of_set([LOOK, replace(LOOK, when="2")], "dev")) == 1


def test_looks_when_a_model_shows_a_new_value_then_count_again() -> None:
    assert consultations(of_set([LOOK, replace(LOOK, when="2", value=0.2)], "dev")) == 2


def test_looks_when_one_model_shows_several_metrics_then_count_once() -> None:
    assert consultations(of_set([LOOK, replace(LOOK, metric="f1", value=0.9)], "dev")) == 1


def test_looks_when_a_number_is_selected_later_then_keep_their_place_and_get_the_flag() -> None:
    other = replace(LOOK, when="2", model="other")
    found = of_set([LOOK, other, replace(LOOK, when="3", selected=True)], "dev")

    assert [("m", "1", True), ("other", "2", False)] == [
        (look.model, look.when, look.selected) for look in found
    ]


def test_looks_when_dev_has_changed_then_only_those_at_the_last_set_count() -> None:
    later = replace(LOOK, when="2", fingerprint="b")

    assert of_set([later, LOOK], "dev") == (later,)
    assert of_set([later, LOOK], "dev", "a") == (LOOK,)


def test_looks_when_there_are_none_then_no_set_is_known() -> None:
    assert ((), 0, ()) == (of_set([], "dev"), consultations([]), counted([]))


def test_count_when_there_are_several_sets_then_dev_comes_first() -> None:
    later = [replace(LOOK, when=str(k), fingerprint="b", value=k / 10) for k in (2, 3)]
    found = counted([*at_test(2), LOOK, *later, replace(later[0], when="9")])

    assert [("dev", "a", 1), ("dev", "b", 2), ("test", "a", 2)] == [
        (each.split, each.fingerprint, each.n_looks) for each in found
    ]
    assert ("2", "9") == (found[1].first, found[1].last)


def test_count_when_looks_have_purposes_then_the_most_frequent_comes_first() -> None:
    seen = [replace(LOOK, value=k / 10, purpose="adaptive" if k else "report") for k in range(3)]
    assert list(counted(seen)[0].by_purpose.items()) == [("adaptive", 2), ("report", 1)]


@pytest.mark.parametrize("used", [0, 1, 2])
def test_test_look_when_the_budget_holds_then_nothing_is_said(used: int) -> None:
    assert before_test_look(at_test(used), fingerprint="a", model="new", metric="error") is None


@pytest.mark.parametrize("used", [3, 7])
def test_test_look_when_the_budget_is_spent_then_a_warning_comes_first(used: int) -> None:
    found = known(before_test_look(at_test(used), fingerprint="a", model="new", metric="error"))

    assert (found.code, found.verdict) == ("HW366", "yes")
    assert f"This would be look {used + 1} at a test set that stands for 3" in found.sentence
    assert ("and 4 more" in found.sentence) == (used == 7)


@pytest.mark.parametrize(
    ("fingerprint", "model", "metric"), [("a", "m1", "error"), ("b", "new", "error")]
)
def test_test_look_when_the_number_is_known_or_the_set_is_fresh_then_nothing_is_said(
    fingerprint: str, model: str, metric: str
) -> None:
    seen = at_test(5)
    assert before_test_look(seen, fingerprint=fingerprint, model=model, metric=metric) is None


def test_test_look_when_another_budget_is_given_then_that_holds() -> None:
    seen = at_test(3)
    assert before_test_look(seen, fingerprint="a", model="x", metric="error", allowed=5) is None


def test_look_when_it_is_at_train_then_refuses() -> None:
    with pytest.raises(SplitError, match="'train' is no split"):
        replace(LOOK, split="train")


def test_look_when_it_has_no_example_then_refuses() -> None:
    with pytest.raises(CountError, match="n of a look is 0"):
        replace(LOOK, n=0)
