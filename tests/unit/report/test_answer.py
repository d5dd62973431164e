from __future__ import annotations

from headway.report.answer import Answer
from headway.report.compose import document
from headway.report.render import rows_of, to_json_value, to_plain_text
from headway.strategy.size import of_n
from tests.unit.report.ladders import cat


def test_answer_when_shown_then_is_text_in_a_shell_and_html_in_a_notebook() -> None:
    page = document(cat())
    answer = Answer(result=cat(), document=page)
    assert to_plain_text(page) == repr(answer)
    assert '<div class="hw">' == answer._repr_html_()[:16]
    assert to_json_value(page) == answer.to_dict()


def test_rows_when_a_result_has_no_lists_then_are_one() -> None:
    rows = rows_of(document(of_n(10_000, 0.05)))
    assert ([10_000], ["n"]) == (rows["n"], rows["question"])
