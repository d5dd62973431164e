from __future__ import annotations

from dataclasses import replace

import pytest

from headway.errors import ColumnError
from headway.report.compose import document, report
from headway.report.document import Section
from headway.report.markdown import escaped
from headway.report.numbers import plain
from headway.report.render import to_markdown
from headway.strategy.ideas import Idea, judge
from headway.strategy.knobs import KNOBS, KnobMap
from tests.unit.report.ladders import (
    CASES,
    INTAKE,
    SETTINGS,
    broken_down,
    cat,
    sources,
    steps,
    team_ideas,
)


def lines(found: object) -> list[str]:
    """The lines of a document, with ordinary spaces."""
    return plain(to_markdown(document(found))).splitlines()


def test_ladder_when_written_then_rungs_are_bold_and_gaps_have_their_state() -> None:
    found = lines(cat())
    assert "# Work on data mismatch first. It can buy at most 6.37 points." == found[0]
    assert "| **Dev** | 4,000 | **9.55 %** | [8.68, 10.50] |  |" in found
    assert "| Variance (train → train-dev) |  | 1.08 | [0.75, 1.45] | shown |" in found


def test_rungs_when_without_n_or_measure_then_say_so() -> None:
    found = lines(CASES["bare"]())
    assert "| **Human level** | – | **1.00 %** | no n given |  |" in found
    assert "| **Train-dev** | – | **–** | not measured |  |" in found


def test_steps_when_written_then_are_a_numbered_list() -> None:
    first = next(line for line in lines(steps()) if line.startswith("1. "))
    assert "— at most 6.37 [5.43, 7.37] (data mismatch). Moves data mismatch" in first
    assert first.endswith("`headway knobs`")


def test_report_when_written_then_has_every_section_once() -> None:
    page = report(steps(), ideas=team_ideas(), table=sources(), intake=INTAKE, settings=SETTINGS)
    heads = [line for line in to_markdown(page).splitlines() if line.startswith("## ")]
    assert len(set(heads)) == len(heads)
    assert {"## Ideas of the team", "## Sources of data", "## Words"} <= set(heads)
    assert "- **Made by**: `headway report runs/*.parquet`" in to_markdown(page)


def test_tables_when_written_then_keep_names_and_say_what_is_unknown() -> None:
    found = lines(sources())
    assert "|  | web | phone |" in found
    assert any(
        row.startswith("| Trained on | 2.00 % [1.81, 2.20], n 20,000 | not") for row in found
    )
    assert "| Variance | 3.00 [2.39, 3.67] | – |" in found
    assert any("| (missing) | 3.76 %" in row for row in lines(broken_down()))
    assert "| Train longer | avoidable bias | variance | one gap |" in lines(KnobMap(knobs=KNOBS))


def test_words_of_the_user_when_special_then_stay_words() -> None:
    idea = Idea(name="<b>|try_*Adam*` [x](y)")
    found = to_markdown(document(judge([idea], None)))
    assert r"**\<b\>" not in found
    assert r"\<b>\|try\_\*Adam\*\` \[x\](y)" in found
    assert r"\[a\]: b" == escaped("[a]: b")


def test_refusal_when_written_then_names_what_was_expected() -> None:
    found = lines(ColumnError.missing("label", "lable", ["id", "label"]))
    assert "- **Hint**: did you mean 'label'?" in found


def test_block_when_unknown_then_is_a_fault_of_ours() -> None:
    section = Section(title="", blocks=("text",))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="no Markdown for str"):
        to_markdown(replace(document(cat()), sections=(section,)))
