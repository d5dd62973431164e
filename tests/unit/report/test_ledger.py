from __future__ import annotations

import pytest

from headway.report.compose import document
from headway.report.ledger import store_facts
from headway.report.render import to_json_value, to_plain_text
from headway.strategy.history import StoreState
from tests.unit.report.stores import store


def facts(state: StoreState) -> dict[str, str]:
    """The facts about a store by name."""
    return dict(store_facts(state).items)


def test_facts_when_shown_then_count_what_is_kept() -> None:
    found = facts(store())
    assert ("1\u202f200", "61.4 kB") == (found["Looks at dev and test"], found["Size"])


@pytest.mark.parametrize(
    ("n", "words"), [(0, "0 bytes"), (999, "999 bytes"), (1000, "1 kB"), (2.5e15, "2.5e+03 TB")]
)
def test_size_when_shown_then_has_a_unit(n: float, words: str) -> None:
    assert words == facts(store(bytes=int(n)))["Size"]


def test_facts_when_nothing_is_known_then_are_left_out() -> None:
    empty = StoreState(
        action="info", url="u", exists=False, revision="", newest="r1", pending=("r1",)
    )
    assert {"Place": "u", "Form": "none yet", "To be applied": "r1"} == facts(empty)


def test_check_when_composed_then_its_verdict_is_the_soundness() -> None:
    page = document(store())
    assert page.verdict.startswith("The store is sound")
    assert ["HW383", "HW384"] == [found.code for found in page.findings]
    assert "HW383 The store has the newest form" in to_plain_text(page)


def test_info_when_composed_then_its_verdict_is_the_form() -> None:
    page = document(store(action="info"))
    assert page.verdict == "The store has the newest form (r0001)."
    assert "HW383" not in to_plain_text(page)


def test_state_when_written_as_json_then_unknown_is_null() -> None:
    found = to_json_value(document(store()))["result"]
    assert isinstance(found, dict)
    assert (None, store().rows) == (found["network"], found["rows"])
