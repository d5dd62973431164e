from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import headway
from headway.errors import SplitError
from headway.findings import Verdict

if TYPE_CHECKING:
    from headway.strategy.split_check import SplitCheck
    from tests.cases.catalogue import Case


def checked(rows: dict[str, list[Any]]) -> SplitCheck:
    """What a check of the splits finds."""
    return headway.check_splits(rows).result


def by_region(case: Case, n: int = 250) -> dict[str, list[Any]]:
    """Dev and test by region, as many rows of each."""
    regions = {split: case["given"][split] for split in ("dev", "test")}
    pairs = [(split, region) for split, names in regions.items() for region in names] * n
    return {
        "id": [*range(len(pairs))],
        "split": [split for split, _ in pairs],
        "source": [region for _, region in pairs],
    }


def test_regions_split_wrong(case: Case) -> None:
    (alike,) = checked(by_region(case)).alike
    assert "different distributions" in case["expect"]
    assert (Verdict.YES, "source") == (alike.verdict, alike.tests[0].name)
    assert 1.0 == pytest.approx(alike.tests[0].effect)
    assert alike.tests[0].p < 1e-9


def test_regions_split_wrong__a_random_draw_passes(case: Case) -> None:
    rows = by_region(case)
    rows["split"] = np.random.default_rng(0).permutation(rows["split"]).tolist()
    (alike,) = checked(rows).alike
    assert "passes" in case["expect"]
    assert Verdict.YES is not alike.verdict


def test_sizes_small(case: Case) -> None:
    rule = headway.size(total=case["given"]["n"]).result.rule_of_thumb
    assert case["expect"]["rule_of_thumb"] == {k: round(v, 6) for k, v in rule.items()}


def test_sizes_large(case: Case) -> None:
    found = headway.size(total=case["given"]["n"]).result
    rule = {k: round(v, 6) for k, v in found.rule_of_thumb.items()}
    assert case["expect"]["rule_of_thumb"] == rule
    assert case["expect"]["dev"] == found.n
    assert "training set" in case["slip"]


def mobile_and_web(case: Case) -> dict[str, list[Any]]:
    """Rows of both sources."""
    n_web, n_mobile = case["given"]["web"], case["given"]["mobile"]
    return {"id": [*range(n_web + n_mobile)], "source": ["web"] * n_web + ["mobile"] * n_mobile}


def test_option_1_shuffle(case: Case) -> None:
    dev = case["given"]["dev"]
    made = headway.split(mobile_and_web(case), shuffle=True, dev=dev, test=dev)
    web = made.result.part("dev").sources["web"]
    assert "2381 of 2500 expected" in case["expect"]
    assert 2381 == pytest.approx(web, abs=4 * 10.6)
    aimed = headway.split(mobile_and_web(case), target_source="mobile", dev=dev, test=dev)
    sentence = " ".join(finding.sentence for finding in aimed.findings)
    assert "119" in sentence
    assert "4.76" in sentence.replace("\u202f", " ")


def test_option_1_shuffle__is_refused_as_the_wrong_target(case: Case) -> None:
    dev = case["given"]["dev"]
    rows = mobile_and_web(case)
    assert "refused as the wrong target" in case["expect"]
    with pytest.raises(SplitError, match="95.2% other rows .2381 of 2500 expected"):
        headway.split(rows, shuffle=True, target_source="mobile", dev=dev, test=dev)


def test_option_2_target(case: Case) -> None:
    made = headway.split(mobile_and_web(case), target_source="mobile", dev=2500, test=2500).result
    parts = {part.name: dict(part.sources) for part in made.parts}
    assert "wholly mobile" in case["expect"]
    assert ({"mobile": 2500}, {"mobile": 2500}) == (parts["dev"], parts["test"])
    kept = [parts["train"], parts["train_dev"]]
    total = {name: sum(part[name] for part in kept) for name in ("web", "mobile")}
    assert {"web": 200_000, "mobile": 5_000} == total
    assert parts["train_dev"]["web"] > 0


def test_important_regions(case: Case) -> None:
    names = ["India", "US", "UK", "China"]
    rows = {"id": [*range(8000)], "source": names * 2000}
    important = case["given"]["important"]
    made = headway.split(rows, importance=important, dev=600, test=600).result
    for name in ("dev", "test"):
        sources = dict(made.part(name).sources)
        others = [sources[region] for region in names[1:]]
        assert 3.0 == pytest.approx(sources["India"] / np.mean(others), rel=0.02)
