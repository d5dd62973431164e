from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import headway
from headway.errors import SplitError
from headway.findings import Verdict
from tests.known import known

if TYPE_CHECKING:
    from headway.strategy.split_said import Splits
    from tests.cases.catalogue import Case


def images(given: dict[str, Any]) -> dict[str, Any]:
    """Images of two sources."""
    sources = ["web"] * given["web"] + ["mobile"] * given["mobile"]
    return {"id": np.arange(len(sources)), "source": sources}


def dealt(made: Splits) -> dict[str, dict[str, int]]:
    """Rows by split and source."""
    return {part.name: dict(part.sources) for part in made.parts}


def test_regions_split_wrong(case: Case) -> None:
    names = [*case["given"]["dev"], *case["given"]["test"]]
    rng = np.random.default_rng(0)
    source = [name for name in names for _ in range(1000)]
    by_region = ["dev"] * 4000 + ["test"] * 4000
    at_random = rng.permutation(by_region).tolist()

    wrong = headway.check_splits({"source": source, "split": by_region}).result
    right = headway.check_splits({"source": source, "split": at_random}).result

    said = next(f for f in wrong.findings if f.code == "HW350")
    assert said.verdict == Verdict.YES
    assert "'source' with Cramér's V 1.00" in said.sentence
    assert "χ² 8,000.0 on 7 degrees of freedom" in said.sentence
    assert Verdict.NO == next(f for f in right.findings if f.code == "HW350").verdict


def test_sizes_small(case: Case) -> None:
    n = case["given"]["n"]
    made = headway.split({"id": np.arange(n)}).result

    assert case["expect"]["rule_of_thumb"] == dict(made.plan.usual)
    assert {name: share * n for name, share in made.plan.usual.items()} == pytest.approx(
        {part.name: part.n for part in made.parts}
    )
    assert case["expect"]["rule_of_thumb"] == headway.size(total=n).result.rule_of_thumb


def test_sizes_large(case: Case) -> None:
    n = case["given"]["n"]
    made = headway.split({"id": np.arange(n)}).result

    assert case["expect"]["rule_of_thumb"] == dict(made.plan.usual)
    assert case["expect"]["dev"] == made.n("dev") == headway.size(total=n).result.n


def test_option_1_shuffle(case: Case) -> None:
    given = case["given"]
    shuffled = r"would hold 95\.2% other rows \(2381 of 2500 expected\), and the target is mobile"
    with pytest.raises(SplitError, match=shuffled):
        headway.split(images(given), target_source="mobile", dev=given["dev"], shuffle=True)

    made = headway.split(images(given), target_source="mobile", dev=given["dev"]).result
    option = known(made.plan.shuffled)
    assert 2381 == round(given["dev"] - option.target_in_dev.expected)
    assert 0.0476 == pytest.approx(option.share, abs=5e-5)


def test_option_2_target(case: Case) -> None:
    given = case["given"]
    made = headway.split(images(given), target_source="mobile", dev=2500, test=2500).result
    found = dealt(made)

    assert ({"mobile": 2500}, {"mobile": 2500}) == (found["dev"], found["test"])
    assert given["web"] == found["train"]["web"] + found["train_dev"]["web"]
    assert 5000 == found["train"]["mobile"] + found["train_dev"]["mobile"]
    assert 5000 == made.n("train_dev")
    share = found["train_dev"]["mobile"] / 5000
    assert 5000 / 205_000 == pytest.approx(share, abs=0.001)


def test_important_regions(case: Case) -> None:
    regions = ["US", "UK", "India", "China"]
    rows = {"id": np.arange(8000), "source": [regions[i % 4] for i in range(8000)]}
    made = headway.split(rows, importance=case["given"]["important"], dev=600, test=600).result
    found = dealt(made)

    assert {"India": 300, "US": 100, "UK": 100, "China": 100} == found["dev"] == found["test"]
    assert {"India": 3, "others": 1} == dict(made.plan.aim.importance)
    assert any(f.code == "HW346" and "'India' makes up 50.00" in f.sentence for f in made.findings)
