from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faces.conftest import Headway

pytestmark = pytest.mark.usefixtures("predictions")


def test_gate_when_a_condition_fails_then_exits_with_one(
    headway: Headway, predictions: Path
) -> None:
    done = headway("check", str(predictions), "--at-most", "variance=3%")
    assert (1, "HW372  variance at most 3.00 points") == (done.code, _line(done.out, "HW372"))


def _line(out: str, code: str) -> str:
    """The row of a condition, without its outcome."""
    row = next(line for line in out.splitlines() if line.startswith(code))
    return row.split("  ○")[0].split("  ●")[0].strip()


def test_gate_when_all_conditions_hold_then_exits_with_zero(
    headway: Headway, predictions: Path
) -> None:
    done = headway("check", str(predictions), "--at-most", "data-mismatch=20%")
    assert (0, True) == (done.code, done.out.startswith("The condition holds."))


def test_gate_when_a_code_is_ignored_then_it_is_shown_and_does_not_fail(
    headway: Headway, predictions: Path
) -> None:
    done = headway("check", str(predictions), "--at-most", "variance=3%", "--ignore", "HW372")
    assert (0, True) == (done.code, "ignored" in done.out)


def test_gate_when_the_project_declares_conditions_then_they_are_checked(
    headway: Headway, predictions: Path
) -> None:
    predictions.with_name("headway.toml").write_text(
        '[target]\nsatisficing = [{ metric = "error", at_most = 0.05 }]\n'
        "[check]\nat_most = { variance = 0.03 }\n",
        encoding="utf-8",
    )
    done = headway("check", str(predictions), "--json")
    conditions = done.json["result"]["conditions"]
    failed = [c["code"] for c in conditions if c["passed"] is False]
    assert (1, ["HW371", "HW372"]) == (done.code, failed)


def test_gate_when_written_as_junit_then_counts_what_failed_and_was_skipped(
    headway: Headway, predictions: Path, tmp_path: Path
) -> None:
    more = ("--at-most", "variance=3%", "--at-most", "dev_overfit=3%", "--junit", "gate.xml")
    headway("check", str(predictions), "--subject-to", "error <= 0.5", *more)
    suite = ET.parse(tmp_path / "gate.xml").getroot()  # noqa: S314 - our own file
    assert ("2", "2") == (suite.get("failures"), suite.get("skipped"))
    assert 5 == len(suite.findall("testcase"))


def test_gate_when_numbers_are_given_then_gaps_are_checked_and_limits_refused(
    headway: Headway,
) -> None:
    numbers = ("train=1%/5000", "train_dev=10%/5000", "dev=10%/5000")
    assert 1 == headway("check", *numbers, "--at-most", "variance=3%").code
    refused = headway("check", *numbers, "--subject-to", "error <= 0.1")
    assert (3, True) == (refused.code, "cannot be made from bare numbers" in refused.err)


def test_gate_when_a_gap_is_unknown_or_has_no_most_then_it_is_refused(
    headway: Headway, predictions: Path
) -> None:
    unknown = headway("check", str(predictions), "--at-most", "varience=3%")
    assert (3, True) == (unknown.code, "did you mean 'variance'" in unknown.err)
    assert 2 == headway("check", str(predictions), "--at-most", "variance").code


def test_gate_when_nothing_is_declared_then_says_so(headway: Headway, predictions: Path) -> None:
    done = headway("check", str(predictions))
    assert (0, True) == (done.code, done.out.startswith("Nothing is declared"))


def test_gate_when_a_limit_cannot_be_measured_then_fails_and_says_why(
    headway: Headway, predictions: Path
) -> None:
    done = headway("check", str(predictions), "--subject-to", "running_time_ms <= 100")
    assert (1, True) == (done.code, "no column 'running_time_ms'" in done.out.replace("\n  ", " "))


def test_next_when_a_limit_is_broken_then_it_comes_first_and_an_unmeasured_one_does_not(
    headway: Headway, predictions: Path
) -> None:
    limits = '{ metric = "error", at_most = 0.05 }, { metric = "running_time_ms", at_most = 100 }'
    predictions.with_name("headway.toml").write_text(
        f"[target]\nsatisficing = [{limits}]\n", encoding="utf-8"
    )
    steps = headway("next", str(predictions), "--json").json["result"]["steps"]
    assert ["target"] == [step["addresses"] for step in steps][:1]
    assert "running_time_ms" not in steps[0]["why"]


def rows(split: str, source: str, *, start: int) -> str:
    """200 rows of one split and source."""
    return "".join(f"{split},{i},{source},{i % 2},{i % 2}\n" for i in range(start, start + 200))


def test_next_when_dev_and_test_differ_then_the_target_comes_first_and_the_gate_fails(
    headway: Headway, tmp_path: Path
) -> None:
    text = "split,id,source,label,prediction\n" + rows("dev", "US", start=0)
    (tmp_path / "p.csv").write_text(text + rows("test", "India", start=500), encoding="utf-8")
    steps = headway("next", "p.csv", "--json").json["result"]["steps"]
    assert "Draw dev and test from one distribution" == steps[0]["title"]
    conditions = headway("check", "p.csv", "--json").json["result"]["conditions"]
    assert ["HW350"] == [c["code"] for c in conditions if c["passed"] is False]


def test_next_when_an_example_is_in_train_and_dev_then_that_comes_first(
    headway: Headway, tmp_path: Path
) -> None:
    text = "split,id,source,label,prediction\n" + rows("train", "US", start=0)
    (tmp_path / "p.csv").write_text(text + rows("dev", "US", start=150), encoding="utf-8")
    steps = headway("next", "p.csv", "--json").json["result"]["steps"]
    assert "Take out of train what dev and test hold" == steps[0]["title"]


@pytest.mark.parametrize("broken", ["input", "project"])
def test_gate_when_refused_then_junit_holds_one_error(
    headway: Headway, predictions: Path, broken: str
) -> None:
    if broken == "project":
        predictions.with_name("headway.toml").write_text("x =", encoding="utf-8")
    source = "absent.parquet" if broken == "input" else str(predictions)
    done = headway("check", source, "--junit", "gate.xml")
    suite = ET.parse(predictions.with_name("gate.xml")).getroot()  # noqa: S314 - our own file
    error = suite.find("testcase/error")
    assert (3, "1", "1") == (done.code, suite.get("tests"), suite.get("errors"))
    assert error is not None
    assert str(error.get("message")) in done.err


def test_gate_when_refused_and_junit_cannot_be_written_then_the_refusal_stands(
    headway: Headway,
) -> None:
    done = headway("check", "absent.parquet", "--junit", "absent/gate.xml")
    assert (3, True) == (done.code, done.err.startswith("There is no file 'absent.parquet'"))


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        (("--ignore", "HW999"), "'HW999' is no code of a condition."),
        (("--at-most", "variance=-3%"), "at_most variance is -0.03."),
        (("--on", "human"), "There are no rows of 'human' to judge the limits on."),
    ],
)
def test_gate_when_it_is_asked_for_what_is_not_there_then_it_is_refused(
    headway: Headway, predictions: Path, more: tuple[str, ...], problem: str
) -> None:
    refused = headway("check", str(predictions), "--human", "1%/1000", *more)
    assert (3, problem) == (refused.code, refused.err.splitlines()[0])


def test_gate_when_its_split_has_no_rows_then_the_human_level_is_not_offered(
    headway: Headway, predictions: Path
) -> None:
    refused = headway("check", str(predictions), "--human", "1%/1000", "--on", "test")
    assert "are there: train, train_dev, dev." in refused.err


def test_junit_when_it_cannot_be_written_then_no_format_of_tables_is_asked_for(
    headway: Headway, predictions: Path
) -> None:
    refused = headway("check", str(predictions), "--junit", "not/there.xml")
    assert "Expected: a path in a folder you may write to." in refused.err
