from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from headway.counts import CountTable
from headway.findings import Verdict
from headway.rows.distribution import Discrepancy, Separation
from headway.stats.distribution import compared, guess_p_value
from headway.stats.grouped_shares import Grouped
from headway.stats.multiplicity import benjamini_hochberg
from headway.strategy.alike import Alike, Seen, judge
from tests.known import known

if TYPE_CHECKING:
    from collections.abc import Sequence


def table(dev: Sequence[int], test: Sequence[int]) -> CountTable:
    """Counts of one column in dev and test."""
    cells = [(split, i) for split in ("dev", "test") for i in range(len(dev))]
    return CountTable.of(("split", "value"), cells, [*dev, *test])


def separation(auc: float, half: float = 0.02, n: int = 2000, p: float | None = None) -> Separation:
    """A classifier of this AUC."""
    return Separation(
        n=n,
        n_asked=n,
        n_right=round(n * auc),
        auc=auc,
        lower=auc - half,
        upper=auc + half,
        level=0.95,
        p=p,
        detectable=0.53,
        by="a linear rule",
    )


def alike(columns: dict[str, CountTable], found: Separation | None = None) -> Alike:
    """The verdict on dev and test."""
    return judge([Seen(first="dev", second="test", columns=columns, separation=found)])[0]


REGIONS = table([300, 250, 260, 190, 0, 0, 0, 0], [0, 0, 0, 0, 270, 240, 260, 230])
SAME = table([1000, 1000], [1010, 990])


def test_regions_when_dev_has_some_and_test_the_others_then_they_differ() -> None:
    found = alike({"region": REGIONS, "label": SAME})
    assert Verdict.YES == found.verdict
    assert ["region"] == [test.name for test in found.differing]
    assert (1.0, 7) == (found.tests[0].tv, found.tests[0].df)
    assert (1000, 1000) == found.tests[0].n


def test_columns_when_nothing_differs_then_sets_are_alike() -> None:
    found = alike({"label": SAME}, separation(0.51))
    assert (Verdict.NO, None) == (found.verdict, found.wanted)


def test_columns_when_sets_are_small_then_it_cannot_be_told() -> None:
    found = alike({"label": table([50, 50], [55, 45])}, separation(0.5, 0.08, 100))
    assert Verdict.UNDETERMINED == found.verdict
    assert known(found.wanted) > 300


def test_effect_when_it_is_real_and_small_then_is_no_difference() -> None:
    found = alike({"label": table([50_000, 50_000], [51_500, 48_500])})
    assert found.tests[0].is_significant
    assert Verdict.NO == found.verdict


def test_classifier_when_it_tells_them_apart_then_they_differ() -> None:
    found = alike({"label": SAME}, separation(0.6))
    assert Verdict.YES == found.verdict
    assert "classifier" == found.tests[0].name
    assert 0.2 == pytest.approx(known(found.tests[0].tv))
    assert guess_p_value(1200, 2000) == found.tests[0].p


def test_classifier_when_groups_were_dealt_then_their_chance_counts() -> None:
    assert 0.4 == alike({}, separation(0.6, p=0.4)).tests[0].p
    assert Verdict.UNDETERMINED == alike({}, separation(0.6, p=0.4)).verdict


def test_tests_when_several_pairs_are_judged_then_are_one_family() -> None:
    columns = [[[120, 80, 50], [100, 110, 40]], [[200, 50], [195, 55]]]
    more = table([90, 60, 60, 40], [70, 70, 50, 60])
    first = {f"c{i}": table(*rows) for i, rows in enumerate(columns)}
    found = judge(
        [
            Seen(first="dev", second="test", columns=first),
            Seen(first="dev", second="test", columns={"c2": more}, ordered=frozenset({"c2"})),
        ]
    )
    p = [compared(rows).p for rows in columns] + [found[1].tests[0].p]
    by_name = {test.name: test.q for pair in found for test in pair.tests}
    assert benjamini_hochberg(p).tolist() == pytest.approx([by_name[f"c{i}"] for i in range(3)])
    assert known(found[1].tests[0].ks) == pytest.approx(0.08)
    assert found[0].tests[0].ks is None


def test_columns_when_rows_come_in_groups_then_chance_is_larger() -> None:
    shares = table([600, 400], [500, 500])
    alone = judge([Seen(first="dev", second="test", columns={"x": shares})])[0].tests[0]
    grouped = judge(
        [
            Seen(
                first="dev",
                second="test",
                columns={"x": shares},
                grouped={"x": Grouped(p=0.2, effect=10.0)},
            )
        ]
    )[0].tests[0]
    assert alone.p < 0.001
    assert (0.2, (1000, 1000)) == (grouped.p, grouped.n)
    assert alone.statistic / 10 == pytest.approx(grouped.statistic)
    assert alone.effect == pytest.approx(grouped.effect)
    assert known(grouped.upper) > known(alone.upper)


def test_vectors_when_their_means_differ_then_the_classifier_says_whether_it_matters() -> None:
    far = Discrepancy(mmd2=0.01, p=0.001, sigma=1.0, permutations=1000, n=(500, 500))

    def verdict(auc: float, half: float) -> Verdict:
        seen = Seen(
            first="dev",
            second="test",
            columns={},
            separation=separation(auc, half, p=0.2),
            discrepancies={"embedding": far},
        )
        return judge([seen])[0].verdict

    assert (Verdict.YES, Verdict.NO) == (verdict(0.57, 0.03), verdict(0.51, 0.03))


def test_differences_when_sets_are_alike_then_are_none() -> None:
    assert () == alike({"label": SAME}, separation(0.51)).differing


def test_vectors_when_nothing_else_was_seen_then_there_is_no_effect_to_judge() -> None:
    far = Discrepancy(mmd2=0.01, p=0.001, sigma=1.0, permutations=1000, n=(500, 400))
    seen = Seen(first="dev", second="test", columns={}, discrepancies={"v": far})
    found = judge([seen])[0]
    assert (Verdict.NOT_APPLICABLE, (500, 400)) == (found.verdict, found.n)


def test_columns_when_one_set_has_no_row_of_them_then_are_passed_over() -> None:
    found = alike({"label": table([10, 20], [0, 0])})
    assert (Verdict.NOT_APPLICABLE, ()) == (found.verdict, found.tests)


def test_rows_of_other_splits_when_in_the_table_then_do_not_count() -> None:
    more = SAME + CountTable.of(("split", "value"), [("train", 0)], [10_000])
    assert alike({"label": SAME}).tests == alike({"label": more}).tests


def test_wanted_rows_when_the_effect_is_near_the_margin_then_are_many() -> None:
    near = alike({"label": table([500, 500], [560, 440])})
    assert Verdict.UNDETERMINED == near.verdict
    assert known(near.wanted) > 1000


def test_no_pair_when_judged_then_there_is_no_verdict() -> None:
    assert () == judge([])
