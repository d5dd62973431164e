from __future__ import annotations

import numpy as np
import pytest

from headway.counts import CountTable
from headway.report.compose import document
from headway.report.render import to_html, to_markdown, to_plain_text
from headway.strategy.operating_point import judge
from headway.strategy.target import policy
from headway.strategy.thresholds import OperatingPoint, Scores

CELLS = [(True, 9), (True, 5), (False, 5), (False, 1)]


def scores(*n: int) -> Scores:
    """Scores in ten bins."""
    return Scores(table=CountTable.of(("is_positive", "score_bin"), CELLS, n), low=0.0, width=0.1)


GOOD, POOR, SMALL = scores(800, 200, 300, 40_000), scores(80, 20, 900, 400), scores(8, 2, 3, 400)


def point_of(*limits: str, test: Scores | None = None, dev: Scores = GOOD) -> OperatingPoint:
    """The point of largest recall."""
    target = policy(maximize="recall", subject_to=limits, positive="cat")
    rng = np.random.default_rng(0)
    return judge(dev, target, positive="cat", rng=rng, test=test)


@pytest.mark.parametrize(
    ("limits", "test", "verdict"),
    [
        ((), None, "Set the threshold to 0.500."),
        (("precision >= 0.7",), None, "Set the threshold to 0.500. It keeps the limit on dev."),
        (("precision >= 0.7",), GOOD, "It keeps the limit on dev and on test."),
        (("precision >= 0.7", "recall >= 0.5"), GOOD, "It keeps both limits on dev and on test."),
        (("precision >= 0.7",), SMALL, "It keeps the limit on dev; test cannot tell yet."),
        (("precision >= 0.7",), POOR, "Do not rely on 0.500: it breaks the limit on test."),
    ],
)
def test_verdict_when_test_says_more_or_less_then_follows_it(
    limits: tuple[str, ...], test: Scores | None, verdict: str
) -> None:
    assert document(point_of(*limits, test=test)).verdict.endswith(verdict)


def test_verdict_when_no_threshold_keeps_the_limits_then_says_so() -> None:
    page = document(point_of("precision >= 0.9", "recall >= 0.99", dev=POOR))
    assert page.verdict == "Take no threshold yet: none is shown to keep the limits."
    assert page.value["threshold"] is None
    assert page.value["nearest"] is not None


def test_values_when_chosen_then_hold_metrics_on_dev_and_test_and_the_curve() -> None:
    value = document(point_of("precision >= 0.7", test=GOOD)).value
    assert isinstance(value["metrics"], dict)
    assert {"recall(cat)", "precision(cat)"} == value["metrics"].keys()
    assert isinstance(value["curve"], list)
    assert 4 == len(value["curve"])


def test_page_when_drawn_then_every_form_has_the_threshold() -> None:
    page = document(point_of("precision >= 0.7", "false_positive_rate <= 0.1", test=GOOD))
    for text in (to_plain_text(page), to_markdown(page), to_html(page)):
        assert "chosen" in text
        assert "precision(cat)" in text.replace("\\", "")


def test_page_when_the_metric_is_nowhere_defined_then_is_written_all_the_same() -> None:
    table = CountTable.of(("is_positive", "score_bin"), [(False, 1), (False, 5)], [10, 10])
    page = document(point_of("precision >= 0.7", dev=Scores(table=table, low=0.0, width=0.1)))
    assert "0/0" in to_plain_text(page)


def test_page_when_time_is_optimized_then_names_its_column() -> None:
    target = policy(minimize="false_positives_per_24h", subject_to=("recall >= 0.5",), positive=1)
    dev = Scores(table=GOOD.table, low=0.0, width=0.1, exposure_s=3600.0 * 2400)
    found = judge(dev, target, positive=1, rng=np.random.default_rng(0))
    assert "Smallest false positives per 24 h with recall ≥ 50" in to_plain_text(document(found))
