from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import headway

if TYPE_CHECKING:
    from tests.cases.catalogue import Case


@pytest.mark.parametrize("kind", ["best_known", "required", "previous_system"])
def test_structured_data(case: Case, kind: str) -> None:
    rungs = {"train": "8%/5000", "dev": "8.5%/5000"}
    asked = headway.gaps(rungs=rungs, reference=kind).result
    given = headway.gaps(rungs=rungs, reference=kind, human="2%").result

    assert "no human level is asked for by default" in case["expect"]
    assert not any("people" in want.sentence for want in asked.wants)
    assert "reference" in {want.what for want in asked.wants}
    assert kind == given.reference.kind if given.reference else None
    assert ("avoidable_bias",) == given.focus
