from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import headway
from headway.errors import TargetError
from headway.findings import Verdict
from tests.known import known

if TYPE_CHECKING:
    from headway.strategy.choices import Selection
    from tests.cases.catalogue import Case


def chosen(metrics: dict[str, Any], **asked: Any) -> Selection:
    """The choice from metrics measured elsewhere."""
    return headway.select(metrics=metrics, **asked).result


def test_f1_picks_a(case: Case) -> None:
    found = chosen(case["given"], maximize="f1")
    for name, f1 in case["expect"]["f1"].items():
        assert f1 == pytest.approx(found.model(name).metrics["f1"].estimate, abs=5e-5)
    assert case["expect"]["choose"] == found.choice


def test_satisficing_picks_b(case: Case) -> None:
    given = {name: row for name, row in case["given"].items() if name != "policy"}
    found = chosen(given, maximize="accuracy", subject_to="running_time_ms <= 100")
    assert case["expect"]["choose"] == found.choice
    broken = [model.model for model in found.models if model.verdict is Verdict.NO]
    assert case["expect"]["infeasible"] == broken


def test_linear_combination(case: Case) -> None:
    seen = {"A": (0.90, 80), "B": (0.92, 95), "C": (0.95, 1500)}
    given = {name: {"accuracy": a, "running_time_ms": t} for name, (a, t) in seen.items()}
    found = chosen(given, maximize="accuracy - 0.0005*running_time_ms")
    for name, score in case["expect"]["score"].items():
        assert score == pytest.approx(found.model(name).value)
    assert case["expect"]["choose"] == found.choice
    prices = [(flip.below, flip.above) for flip in found.flips]
    assert [("C", "B"), ("B", "A")] == prices
    assert found.flips[0].price == pytest.approx(2.135e-05, rel=1e-3)


def test_m_metrics(case: Case) -> None:
    given = {"A": {"accuracy": 0.9, "f1": 0.8, "running_time_ms": 80}}
    with pytest.raises(TargetError, match="exactly one") as refusal:
        chosen(given, maximize=["accuracy", "f1"])
    assert "refused" in case["expect"]
    assert "satisficing" in f"{refusal.value.expected} {refusal.value.hint}"
    one = chosen(given, maximize="accuracy", subject_to=["f1 >= 0.5", "running_time_ms <= 100"])
    assert 2 == len(one.policy.limits)


def audio(n_right: int, n_false: int, hours: float, model: str) -> dict[str, list[Any]]:
    """Recordings: 1,000 times the wake word, and hours without it in 1,000 parts."""
    n = 1000
    return {
        "id": [*range(2 * n)],
        "model": [model] * (2 * n),
        "split": ["dev"] * (2 * n),
        "label": [1] * n + [0] * n,
        "prediction": [1] * n_right + [0] * (n - n_right) + [1] * n_false + [0] * (n - n_false),
        "exposure_s": [0.0] * n + [3600.0 * hours / n] * n,
    }


def wake(*models: dict[str, list[Any]]) -> Selection:
    """The choice among wake-word models with at most one false alarm in 24 hours."""
    rows = {key: [v for model in models for v in model[key]] for key in models[0]}
    limit = "false_positives_per_24h <= 1"
    return headway.select(rows, maximize="recall", subject_to=limit).result


def test_wake_word(case: Case) -> None:
    found = wake(audio(900, 1, 240, "careful"), audio(990, 80, 240, "eager"))
    assert "highest accuracy" in case["expect"]
    assert "careful" == found.choice
    assert ["false_positives_per_24h"] == list(found.model("eager").violated)
    assert 0.95 < found.model("careful").p_feasible < 1
    assert found.model("eager").p_feasible < 0.05


def test_wake_word__zero_in_24_hours_is_no_proof(case: Case) -> None:
    short = wake(audio(900, 0, 24, "short"))
    (limit,) = short.model("short").limits
    assert "does not prove" in case["given"]["note"]
    assert (None, Verdict.UNDETERMINED) == (short.choice, limit.verdict)
    assert known(limit.measured.upper) == pytest.approx(3.69, abs=0.005)
    assert 72 == known(limit.want).n
    long = wake(audio(900, 0, 72, "long"))
    assert "long" == long.choice
