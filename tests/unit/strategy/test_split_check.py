from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from headway.findings import Verdict
from headway.stats.forms import Binomial
from headway.stats.leakage import leaked_error
from headway.strategy.alike import Alike, Contrast
from headway.strategy.leaks import Leak, Window
from headway.strategy.set_sizes import set_size
from headway.strategy.split_check import SplitCheck, findings, worst

if TYPE_CHECKING:
    from headway.findings import Finding

BARE = SplitCheck(n={"train": 900, "dev": 100, "test": 100}, alike=(), sizes=(), leaks=())


def contrast(name: str = "region", effect: float = 0.5, q: float = 0.0001) -> Contrast:
    """One test of a column."""
    return Contrast(
        name=name,
        kind="column",
        statistic=200.0,
        df=7,
        p=q,
        q=q,
        effect=effect,
        lower=effect - 0.05,
        upper=effect + 0.05,
        margin=0.1,
        n=(1000, 900),
        tv=0.4,
        null_tv=0.03,
    )


CLASSIFIER = replace(
    contrast("classifier", 0.61), kind="classifier", df=None, margin=0.55, statistic=0.58
)
VECTORS = replace(contrast("embedding", 0.0), kind="vectors", effect=None, statistic=0.0123)


def alike(
    verdict: Verdict,
    *tests: Contrast,
    pair: tuple[str, str] = ("dev", "test"),
    wanted: int | None = None,
) -> Alike:
    """A pair with its verdict."""
    return Alike(
        first=pair[0],
        second=pair[1],
        tests=tests,
        verdict=verdict,
        n=(1000, 900),
        wanted=wanted,
        level=0.95,
    )


def only(check: SplitCheck, code: str) -> Finding:
    """The one finding of a code."""
    (found,) = [finding for finding in findings(check) if finding.code == code]
    return found


def test_pair_when_it_differs_then_the_statistic_and_its_chance_are_said() -> None:
    found = only(replace(BARE, alike=(alike(Verdict.YES, contrast(), CLASSIFIER),)), "HW350")
    assert "Dev and test come from different distributions: 'region' with Cramér's V 0.50" in (
        found.sentence
    )
    assert "χ² 200.0 on 7 degrees of freedom, p below 0.001, TV 0.40 where chance gives 0.03" in (
        found.sentence
    )
    assert "AUC 0.61 [0.56, 0.66] (58.00" in found.sentence
    assert "n 1,000 and 900." in found.sentence


def test_pair_when_many_columns_differ_then_three_are_named() -> None:
    tests = [contrast(name) for name in "abcde"]
    found = only(replace(BARE, alike=(alike(Verdict.YES, *tests),)), "HW350")
    assert found.sentence.count("Cramér") == 3
    assert "and 2 more" in found.sentence


def test_pair_when_it_is_alike_then_the_largest_difference_is_said() -> None:
    small = contrast(effect=0.04, q=0.4)
    found = only(replace(BARE, alike=(alike(Verdict.NO, small),)), "HW350")
    assert "of one distribution as far as it matters" in found.sentence
    assert "p 0.400" in found.sentence


def test_pair_when_it_cannot_be_told_then_rows_are_wanted() -> None:
    small = contrast(effect=0.09, q=0.4)
    found = only(
        replace(BARE, alike=(alike(Verdict.UNDETERMINED, small, VECTORS, wanted=4321),)), "HW350"
    )
    assert ("examples", 4321) == (found.wants[0].what, found.wants[0].n)
    assert "about 4,300 rows of dev with as many of test" in found.wants[0].sentence


def test_vectors_when_they_differ_alone_then_have_a_distance_and_no_effect() -> None:
    pair = alike(Verdict.YES, replace(CLASSIFIER, q=0.2), VECTORS)
    sentence = only(replace(BARE, alike=(pair,)), "HW350").sentence
    assert "the vectors of 'embedding' (squared distance 0.0123, p below 0.001)" in sentence
    assert "AUC" not in sentence


@pytest.mark.parametrize(
    ("pair", "code"),
    [
        (("dev", "test"), "HW350"),
        (("dev", "field"), "HW351"),
        (("test", "field"), "HW351"),
        (("train", "train_dev"), "HW352"),
    ],
)
def test_pairs_when_judged_then_each_has_its_code(pair: tuple[str, str], code: str) -> None:
    found = replace(BARE, alike=(alike(Verdict.NOT_APPLICABLE, pair=pair),))
    assert "have no column that could be compared" in only(found, code).sentence


def test_pair_when_a_split_is_missing_then_says_which() -> None:
    found = only(replace(BARE, n={"train": 900, "dev": 100}), "HW350")
    assert "there is no test set" in found.sentence
    assert Verdict.NOT_APPLICABLE == only(BARE, "HW352").verdict


def test_pair_when_splits_are_there_and_were_not_compared_then_is_not_asked() -> None:
    assert [] == [f for f in findings(BARE) if f.code in {"HW350", "HW351"}]


def test_size_when_too_small_then_rows_are_wanted() -> None:
    size = set_size("dev", 500, margin=0.01, n_eff=250, parts={("d", "a"): 20})
    found = only(replace(BARE, sizes=(size,)), "HW353")
    assert Verdict.YES == found.verdict
    assert "Dev holds 500 rows, worth 250 independent ones" in found.sentence
    assert "an assumed error of 5.00" in found.sentence
    assert "'a' (20) has fewer." in found.sentence
    assert size.needed - 500 == found.wants[0].n


def test_size_when_large_enough_then_no_row_is_wanted() -> None:
    parts = {("d", str(i)): 100 + i for i in range(5)}
    size = set_size("test", 50_000, rate=0.05, margin=0.01, parts=parts)
    found = only(replace(BARE, sizes=(size,)), "HW353")
    assert (Verdict.NO, ()) == (found.verdict, found.wants)
    assert "within the margin of 1.00 points" in found.sentence
    assert "'0' (100), '1' (101), '2' (102) and 2 more have fewer" in found.sentence


def leak(kind: str = "id", **changes: object) -> Leak:
    """Dev shares three rows with train."""
    whole = Leak(
        kind=kind,
        by=("id",),
        verdict=Verdict.YES,
        shared={("dev", "train"): 3, ("train", "dev"): 4},
        rows={"train": 900, "dev": 100, "test": 100},
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def test_leak_when_found_then_rows_leave_train() -> None:
    found = only(replace(BARE, leaks=(leak(),)), "HW354")
    assert "3 of 100 dev rows, 3.00" in found.sentence
    assert ("rows_out", "train", 4) == (
        found.wants[0].what,
        found.wants[0].split,
        found.wants[0].n,
    )
    assert "Take 4 rows out of train, and leave dev and test as they are" in found.wants[0].sentence


def test_leak_when_two_sets_share_rows_of_train_then_at_most_so_many_leave() -> None:
    shared = {("dev", "train"): 3, ("train", "dev"): 4, ("test", "train"): 2, ("train", "test"): 2}
    found = only(replace(BARE, leaks=(leak(shared=shared),)), "HW354")
    assert "Take up to 6 rows" in found.wants[0].sentence


def test_leak_when_test_shares_with_dev_alone_then_train_stays() -> None:
    shared = {("test", "dev"): 3, ("dev", "test"): 3}
    found = only(replace(BARE, leaks=(leak("group", shared=shared),)), "HW355")
    assert "3 of 100 test rows" in found.sentence
    assert () == found.wants


def test_leak_when_none_then_says_what_was_looked_at() -> None:
    found = only(replace(BARE, leaks=(leak(verdict=Verdict.NO, shared={}),)), "HW354")
    assert "rows looked at: train 900, dev 100 and test 100" in found.sentence


@pytest.mark.parametrize(
    ("kind", "code"), [("id", "HW354"), ("group", "HW355"), ("row", "HW357"), ("near", "HW358")]
)
def test_leak_when_not_looked_for_then_says_why(kind: str, code: str) -> None:
    nothing = Leak(kind=kind, by=(), verdict=Verdict.NOT_APPLICABLE)
    assert "not looked for: " in only(replace(BARE, leaks=(nothing,)), code).sentence


def test_copies_when_columns_do_not_tell_then_cannot_be_told() -> None:
    by = ("a", "b", "c", "d")
    open_ = leak("row", by=by, verdict=Verdict.UNDETERMINED, distinct=0.25)
    found = only(replace(BARE, leaks=(open_,)), "HW357")
    assert "alike by chance in 4 columns (25.00" in found.sentence
    assert "id" == found.wants[0].what
    with_id = replace(open_, verdict=Verdict.NOT_APPLICABLE)
    told = only(replace(BARE, leaks=(with_id,)), "HW357").sentence
    assert "alike by chance in 4 columns (25.00" in told


@pytest.mark.parametrize(("n", "words"), [(4, "1 row of dev"), (6, "3 rows of dev")])
def test_copies_when_inputs_have_another_label_then_are_said(n: int, words: str) -> None:
    copies = leak("row", same_inputs={("dev", "train"): n, ("test", "train"): 9})
    assert f"{words} with inputs of train" in (
        only(replace(BARE, leaks=(copies,)), "HW357").sentence
    )


def test_near_copies_when_found_then_say_what_counts() -> None:
    near = leak("near", by=("text",), note="a cosine of at least 0.95")
    found = only(replace(BARE, leaks=(near,)), "HW358")
    assert "(a cosine of at least 0.95)" in found.sentence
    assert "near copies out of train" in found.wants[0].sentence


WINDOWS = {
    "train": Window(first="Jan", last="Mar", later=5),
    "dev": Window(first="Feb", last="Apr", later=9),
}


@pytest.mark.parametrize("verdict", [Verdict.YES, Verdict.UNDETERMINED])
def test_time_when_train_is_later_then_says_how_many_rows(verdict: Verdict) -> None:
    late = leak("time", by=("day",), verdict=verdict, shared={("train", "dev"): 5}, windows=WINDOWS)
    found = only(replace(BARE, leaks=(late,)), "HW356")
    assert "train from Jan to Mar and dev from Feb to Apr" in found.sentence
    assert "5 train rows are not earlier than the first of dev" in found.sentence
    assert bool(found.wants) == (verdict == Verdict.UNDETERMINED)


@pytest.mark.parametrize(
    ("verdict", "words"),
    [(Verdict.NO, "train comes first"), (Verdict.NOT_APPLICABLE, "nothing to compare")],
)
def test_time_when_nothing_is_wrong_then_is_said(verdict: Verdict, words: str) -> None:
    fine = leak("time", by=("day",), verdict=verdict, shared={}, windows={})
    assert words in only(replace(BARE, leaks=(fine,)), "HW356").sentence


@pytest.mark.parametrize(
    ("leaked", "verdict", "words"),
    [
        ((0, 300), Verdict.YES, "flatters"),
        ((1, 10), Verdict.UNDETERMINED, "worsens"),
    ],
)
def test_error_when_rows_leaked_then_is_said_with_and_without_them(
    leaked: tuple[int, int], verdict: Verdict, words: str
) -> None:
    error = leaked_error(Binomial(n_errors=leaked[0], n=leaked[1]), Binomial(n_errors=90, n=1000))
    found = only(replace(BARE, errors={"dev": ("id", error)}), "HW359")
    assert verdict == found.verdict
    assert f"what leaked {words} it by" in found.sentence
    assert "its error is 9.00" in found.sentence


def test_findings_when_told_then_problems_come_first() -> None:
    size = set_size("dev", 50_000, margin=0.02)
    check = replace(
        BARE,
        alike=(alike(Verdict.UNDETERMINED, contrast(effect=0.09, q=0.4), wanted=900),),
        sizes=(size,),
        leaks=(leak(),),
    ).told()
    assert ["HW354", "HW350"] == [finding.code for finding in worst(check.findings)]
    assert [f.code for f in check.findings] == sorted(f.code for f in check.findings)
