from __future__ import annotations

import json
from dataclasses import replace
from math import nan

import pytest

from headway.errors import ColumnError
from headway.report.compose import document
from headway.report.render import rows_of, to_json, to_json_value
from headway.report.values import value, want_values
from headway.strategy.knobs import KNOBS, KnobMap
from headway.strategy.size import of_total
from tests.unit.report.ladders import (
    CASES,
    INTAKE,
    broken_down,
    cat,
    clustered,
    sources,
    steps,
    team_ideas,
)


def result(found: object) -> dict[str, object]:
    """The ``result`` of an answer after a round through JSON."""
    read = json.loads(to_json(document(found)))["result"]
    assert isinstance(read, dict)
    return read


def test_gaps_when_written_then_have_what_the_contract_names() -> None:
    found = result(cat())
    named = ("rungs", "gaps", "reading", "focus", "in_doubt", "flip_at", "flips", "wants", "knobs")
    assert set(named) <= set(found)
    rung = {"name", "n", "n_errors", "estimate", "lower", "upper", "level"}
    assert rung == set(found["rungs"][0])  # type: ignore[index]
    gap = {"name", "estimate", "lower", "upper", "verdict", "p_largest"}
    assert gap <= set(found["gaps"][0])  # type: ignore[index]


def test_numbers_when_written_then_are_fractions_at_full_precision() -> None:
    rungs = {rung["name"]: rung for rung in to_json_value(document(cat()))["result"]["rungs"]}  # type: ignore[index]
    assert (0.0955, 4000) == (rungs["dev"]["estimate"], rungs["dev"]["n"])


def test_numbers_when_unknown_then_are_null_and_never_nan() -> None:
    gaps = CASES["depends"]()
    odd = replace(gaps, flip_at=nan)
    assert None is value(odd)["flip_at"]
    assert None is result(gaps)["gaps"][0]["estimate"]  # type: ignore[index]
    assert None is result(clustered())["rungs"][-1]["lower"]  # type: ignore[index]


def test_knobs_when_a_gap_leads_then_are_those_that_move_it() -> None:
    knobs = result(cat())["knobs"]
    assert {"data_mismatch"} == {knob["gap"] for knob in knobs}  # type: ignore[attr-defined]
    assert {"gap", "knob", "moves", "usually_costs"} == set(knobs[0])  # type: ignore[index]


def test_breakdown_when_asked_then_has_each_value_with_its_errors() -> None:
    part = result(broken_down())["by"][0]  # type: ignore[index]
    assert ("device", [None, "phone"]) == (part["column"], [p["value"] for p in part["parts"]])
    assert 1800 == part["parts"][1]["errors"][0]["n"]


def test_steps_when_written_then_have_ceiling_cost_and_wants() -> None:
    first = result(steps())["steps"][0]  # type: ignore[index]
    named = {"rank", "knob", "addresses", "ceiling", "cost", "why", "wants"}
    assert named <= set(first)
    assert {"estimate", "lower", "upper"} == set(first["ceiling"])
    asked = result(steps("depends"))["steps"][0]  # type: ignore[index]
    assert asked["knob"] is None
    assert asked["ceiling"]["lower"] > 0


def test_ideas_when_written_then_have_verdict_and_ceiling() -> None:
    found = result(team_ideas())["ideas"]
    verdicts = {idea["name"]: idea["verdict"] for idea in found}  # type: ignore[attr-defined]
    assert ("worth_it", "undetermined") == (
        verdicts["blur the web photos"],
        verdicts["better chairs"],
    )


def test_table_when_written_then_has_cells_and_differences_and_blanks() -> None:
    found = result(sources())
    assert ["web", "phone"] == found["sources"]
    blank = [c for c in found["cells"] if c["estimate"] is None]  # type: ignore[attr-defined]
    assert [("trained_on", "phone")] == [(cell["row"], cell["source"]) for cell in blank]
    assert {"from", "to", "name", "estimate", "lower", "upper"} == set(found["between"][0])  # type: ignore[index]


def test_knob_map_when_written_then_says_that_nothing_was_measured() -> None:
    knobs = result(KnobMap(knobs=KNOBS))["knobs"]
    assert {None} == {knob["measured"] for knob in knobs}  # type: ignore[attr-defined]


def test_size_when_written_then_has_question_n_and_rule_of_thumb() -> None:
    found = result(of_total(1_000_000, 0.05))
    assert ("total", 10_000) == (found["question"], found["n"])
    assert {"train", "dev", "test"} == set(found["rule_of_thumb"])  # type: ignore[call-overload]


def test_envelope_when_an_answer_then_has_findings_and_input() -> None:
    found = to_json_value(document(cat(), intake=INTAKE))
    assert ["ok", "version", "command", "result", "findings", "input"] == list(found)
    assert (True, 1, "gaps") == (found["ok"], found["version"], found["command"])
    assert ["HW101", "HW102", "HW106", "HW201"] == [f["code"] for f in found["findings"][:4]]  # type: ignore[index]
    assert 14 == found["input"]["unusable"]["no_label"]  # type: ignore[index]


def test_envelope_when_nothing_was_read_then_the_input_is_unknown() -> None:
    assert None is to_json_value(document(cat()))["input"]["rows"]  # type: ignore[index]


def test_envelope_when_a_refusal_then_has_the_three_sentences() -> None:
    found = to_json_value(document(ColumnError.missing("label", "lable", ["id", "label"])))
    assert {"ok", "version", "error"} == set(found)
    assert {"code", "problem", "expected", "hint"} == set(found["error"])  # type: ignore[call-overload]


def test_value_when_of_an_unknown_type_then_is_a_fault_of_ours() -> None:
    with pytest.raises(TypeError, match="no JSON form for str"):
        value("text")


def test_rows_when_of_a_ladder_then_hold_rungs_and_gaps_of_one_length() -> None:
    rows = rows_of(document(cat()))
    assert {11} == {len(column) for column in rows.values()}
    assert ["rungs"] * 6 + ["gaps"] * 5 == rows["kind"]


def test_rows_when_nested_then_are_flat_and_lists_become_text() -> None:
    rows = rows_of(document(steps("confounded")))
    assert "kind" not in rows
    assert str(rows["wants"][0]).startswith("Set aside about 1,000 train examples")
    assert 0.0637 == pytest.approx(rows_of(document(steps()))["ceiling_estimate"][0])


def test_wants_when_written_then_keep_unknown_numbers_as_none() -> None:
    wants = CASES["depends"]().wants
    assert [want.n for want in wants] == [row["n"] for row in want_values(wants)]
