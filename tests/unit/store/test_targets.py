from __future__ import annotations

from pathlib import Path

from headway.store.project import Project
from headway.store.targets import declared
from headway.strategy.history import ASPECTS


def of(text: str) -> dict[str, object]:
    """What a project file declares."""
    return declared(Project.of(text, Path("headway.toml")), "ab")


def test_declared_when_nothing_is_then_every_part_has_a_value() -> None:
    found = of("")
    assert set(ASPECTS) == set(found)
    assert {"metric": "error", "direction": "minimize"} == found["metric"]
    assert [None] * 4 == [found[what] for what in ("weights", "reference", "margin", "limits")]


def test_declared_when_the_dev_set_was_not_read_then_it_is_left_out() -> None:
    assert "dev_set" not in declared(Project.of("", Path("headway.toml")))


def test_declared_when_the_file_says_so_then_holds_plain_values() -> None:
    found = of(
        "target.weights = [{ where = { adult = true }, weight = 10 }]\n"
        "target.satisficing = [{ metric = 't', at_most = 100 }]\n"
        "reference.tiers = [{ name = 'team', error = 0.01 }]"
    )
    assert [{"where": {"adult": True}, "weight": 10.0}] == found["weights"]
    assert [{"metric": "t", "at_most": 100.0}] == found["limits"]
    assert {"kind": "human", "tiers": [{"name": "team", "error": 0.01}]} == found["reference"]


def test_declared_when_only_the_level_moves_then_is_the_same() -> None:
    assert of("[target]\nlevel = 0.9") == of("[target]\nlevel = 0.95")


def test_declared_when_the_positive_class_moves_then_the_metric_does() -> None:
    assert of("[target]\npositive = 'cat'")["metric"] != of("[target]\npositive = 'dog'")["metric"]


def test_declared_when_a_source_matters_more_then_the_weights_move() -> None:
    assert {"importance": {"web": 2.0}} == of("[target.importance]\nweb = 2")["weights"]
