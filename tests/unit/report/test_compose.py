from __future__ import annotations

from dataclasses import replace

import pytest

from headway.findings import Finding, Verdict
from headway.report.compose import document, report
from headway.report.document import (
    Document,
    Entries,
    Facts,
    GapRow,
    Ladder,
    Remarks,
    RungRow,
    Settings,
    Table,
)
from headway.report.grids import across, source_verdict
from headway.report.vocabulary import addressed, aim_hues, gap_title, rung_title
from headway.stats.forms import Estimate
from headway.strategy.human import parse
from headway.strategy.ideas import Ideas
from headway.strategy.next_steps import NextSteps
from headway.strategy.table import judge as table_of
from tests.unit.report.ladders import (
    CASES,
    INTAKE,
    SETTINGS,
    cat,
    judged,
    rate,
    sources,
    steps,
    team_ideas,
)


def facts(page: Document) -> dict[str, str]:
    """The data and settings of a document."""
    blocks = [block for section in page.sections for block in section.blocks]
    return dict(next(block for block in blocks if isinstance(block, Facts)).items)


def ladder_of(page: Document) -> Ladder:
    """The ladder of a document."""
    blocks = [block for section in page.sections for block in section.blocks]
    return next(block for block in blocks if isinstance(block, Ladder))


def remarks(page: Document, kind: str) -> list[str]:
    """The sentences of one kind."""
    blocks = [block for section in page.sections for block in section.blocks]
    found = [b for b in blocks if isinstance(b, Remarks) and b.kind == kind]
    return [item.text for block in found for item in block.items]


def test_document_when_of_an_unknown_type_then_is_a_fault_of_ours() -> None:
    with pytest.raises(TypeError, match="no composer for str"):
        document("text")


def test_ladder_when_rungs_are_missing_then_their_rows_stay() -> None:
    rows = ladder_of(document(CASES["holes"]())).rows
    names = [row.name for row in rows]
    at = names.index("train")
    assert ["train", "train_dev", "dev"] == names[at : at + 3]
    assert [True, True] == [isinstance(r, RungRow) and r.missing for r in rows[at + 1 : at + 3]]
    assert ("variance", "mismatch", "overfit") == rows[at + 3].hues  # type: ignore[union-attr]


def test_ladder_when_one_distribution_is_asserted_then_asks_for_no_train_dev() -> None:
    gaps = judged(
        {"train": rate(200, 20_000), "dev": rate(1000, 10_000)}, "1%", same_distribution=True
    )
    names = [row.name for row in ladder_of(document(gaps)).rows]
    assert ["human", "avoidable_bias", "train", "variance", "dev"] == names


def test_ladder_when_there_is_no_reference_then_bias_is_not_applicable() -> None:
    first = ladder_of(document(CASES["depends"]())).rows[0]
    assert isinstance(first, GapRow)
    assert ("not_applicable", None, None) == (first.verdict, first.start, first.points.value)


def test_gaps_when_open_then_say_what_would_settle_them_each_once() -> None:
    gaps = CASES["depends"]()
    found = remarks(document(gaps), "open")
    assert [want.sentence for want in gaps.wants] == [text.replace("\u202f", " ") for text in found]


def test_gaps_when_open_without_a_purchase_then_say_the_finding() -> None:
    odd = Finding(code="HW213", verdict=Verdict.UNDETERMINED, sentence="The interval is weak.")
    gaps = replace(cat(), wants=(), findings=(odd,))
    assert ["The interval is weak."] == remarks(document(gaps), "open")
    assert [] == remarks(document(replace(gaps, findings=())), "open")


def test_findings_when_on_a_page_then_are_the_words_of_the_strategy() -> None:
    gaps = cat()
    page = document(gaps)
    assert gaps.findings == page.findings
    texts = [text.replace("\u00a0", " ") for text in remarks(page, "findings")]
    assert [finding.sentence for finding in gaps.findings] == texts


def test_report_when_composed_then_has_three_steps_first_and_the_rest_later() -> None:
    found = steps("tied")
    page = report(found, settings=SETTINGS)
    entries = [
        (section.place, [item.mark for item in block.items])
        for section in page.sections
        if section.only == "page"
        for block in section.blocks
        if isinstance(block, Entries)
    ]
    assert [("first", ["1", "2", "3"]), ("engineer", ["4", "5"])] == entries


def test_report_when_there_are_ideas_and_sources_then_shows_them_to_the_engineer() -> None:
    page = report(steps(), ideas=team_ideas(), table=sources())
    places = {section.title: section.place for section in page.sections}
    assert "engineer" == places["Ideas of the team"] == places["Sources of data"]
    titles = {s.title for s in report(steps(), ideas=Ideas(ideas=(), gaps=None)).sections}
    assert "Ideas of the team" not in titles


def test_report_when_there_are_no_steps_then_still_has_a_ladder() -> None:
    page = report(NextSteps(steps=(), gaps=cat(), later=(), findings=()))
    assert ladder_of(page).rows
    assert "Do this next" in {section.title for section in page.sections}


def test_settings_when_printed_then_make_the_numbers_repeatable() -> None:
    found = facts(document(cat(), intake=INTAKE, settings=SETTINGS))
    assert "224\u202f214, of which 14 unusable (14 no label)" == found["Rows read"]
    assert "runs/dev.parquet, counted by duckdb" == found["Read from"]
    assert "guess as prediction" == found["Columns"]
    assert "y_true as label" == found["Recognised"]
    assert ("7", "7f3a91", "Headway 0.1.0") == (
        found["Seed"],
        found["Digest of the input"],
        found["Version"],
    )
    assert "dev 3 (counted as errors)" == found["Without prediction"]


def test_settings_when_judged_then_name_methods_tiers_and_assertions() -> None:
    found = facts(document(CASES["ambiguous"]()))
    assert (
        "team 0.50\u202f% [0.21,\u00a01.17], n 1\u202f000 (taken as the proxy)"
        in found["Human level"]
    )
    assert "asserted to share one distribution" == found["Train and dev"]
    assert found["Intervals"].endswith("gaps: MOVER from the intervals of its two rungs")
    bare = facts(document(CASES["bare"]()))
    assert "human level 1.00\u202f%, no n given" == bare["Human level"]
    assert "MOVER" not in bare["Intervals"]


def test_settings_when_all_rows_are_usable_then_say_so() -> None:
    found = facts(document(cat(), intake=replace(INTAKE, unusable={}, sources=())))
    assert "224\u202f214, all usable" == found["Rows read"]
    assert "Read from" not in found
    assert (
        "used: every error is weighted" == facts(document(replace(cat(), weighted=True)))["Weights"]
    )


def test_ideas_when_there_is_no_ladder_then_have_no_ceiling_and_no_ground() -> None:
    few = team_ideas()
    page = document(Ideas(ideas=few.ideas[1:], gaps=None))
    assert ("ideas", "") == (page.command, page.ground)
    assert ("ideas", "No ideas yet.") == (
        document(Ideas(ideas=(), gaps=None)).command,
        document(Ideas(ideas=(), gaps=None)).verdict,
    )


def test_table_when_sources_differ_then_says_what_people_meet_too() -> None:
    text = "From web to phone the error rises by 8.00 points: 1.20 is difficulty that people meet "
    assert f"{text}too, 6.80 is left for the data." == source_verdict(sources())
    assert "From web to phone the error rises by 8.00 points." == source_verdict(
        sources(human=False)
    )


def test_table_when_the_target_is_easier_then_the_error_falls() -> None:
    model = {("not_trained_on", "a"): rate(500, 5000), ("not_trained_on", "b"): rate(250, 5000)}
    assert "From a to b the error falls by 5.00 points." == source_verdict(table_of(model))


def test_table_when_of_one_source_then_nothing_is_compared() -> None:
    table = table_of({("trained_on", "web"): rate(400, 20_000)})
    assert None is across(table)
    assert "1 of 3 cells is measured: the sources cannot be compared yet." == source_verdict(table)
    found = document(table)
    assert 1 == sum(isinstance(b, Table) for s in found.sections for b in s.blocks)


def test_table_when_a_cell_has_no_interval_then_keeps_its_estimate() -> None:
    table = sources()
    bare = Estimate(estimate=0.05, lower=None, upper=None, level=0.95, n=None, method="declared")
    page = document(replace(table, cells=(replace(table.cells[0], error=bare), *table.cells[1:])))
    assert page.sections


def test_names_when_merged_or_foreign_then_are_said_in_full() -> None:
    assert "avoidable bias or variance" == addressed("avoidable_bias_or_variance")
    assert ("variance", "mismatch") == aim_hues("variance_or_mismatch")
    assert ("incorrect labels", "", "my gap") == (
        addressed("incorrect_labels"),
        addressed(None),
        addressed("my_gap"),
    )
    assert "my gap" == gap_title("my_gap")
    assert () == aim_hues(None)
    assert "required level" == rung_title("human", parse("1%", kind="required"))


def test_document_when_settings_are_left_out_then_has_empty_ones() -> None:
    assert Settings() == document(cat()).settings
