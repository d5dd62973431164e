from __future__ import annotations

from typing import TYPE_CHECKING

import headway
from tests.known import known

if TYPE_CHECKING:
    from tests.cases.catalogue import Case

COUNTS = {
    ("general", "train", False): 9600,
    ("general", "train", True): 400,
    ("general", "train_dev", False): 4650,
    ("general", "train_dev", True): 350,
    ("target", "dev", False): 1780,
    ("target", "dev", True): 220,
}


def test_general_formulation(case: Case) -> None:
    rows = [key for key, n in COUNTS.items() for _ in range(n)]
    source, split, wrong = zip(*rows, strict=True)
    frame = {"source": source, "split": split, "correct": [not w for w in wrong]}
    table = headway.table(frame, people="general=2%/1000,target=5%/1000").result
    cells = {(cell.row, cell.source): cell.error for cell in table.cells}
    steps = {(step.name, step.start[1]): step.difference for step in table.between}

    assert "blank cells allowed and said to be unknown" in case["expect"]
    assert cells["trained_on", "target"] is None
    assert any("target examples trained on" in want.sentence for want in table.wants)
    assert [0.02, 0.03, 0.04, 0.03, 0.01] == [
        round(known(steps[name, "general"]).estimate, 6)
        for name in ("avoidable_bias", "variance", "data_mismatch", "difficulty", "excess")
    ]
    for step in filter(None, steps.values()):
        assert known(step.lower) < step.estimate < known(step.upper)
