from __future__ import annotations

from headway.strategy.selection_said import of_table


def test_table_when_rows_were_left_out_then_says_how_many_and_why() -> None:
    one = of_table([], [], {"pruned": 1})
    assert ["1 row was left out: 1 pruned."] == [finding.sentence for finding in one]
    more = of_table([], [], {"failed": 1200, "running": 2})
    assert "1,202 rows were left out: 1,200 failed and 2 running." == more[0].sentence


def test_table_when_many_columns_hold_no_number_then_names_some() -> None:
    found = of_table([], [f"c{k}" for k in range(20)], {})
    assert "more" in found[0].sentence
