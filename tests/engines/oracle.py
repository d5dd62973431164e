"""The contract of the predictions table, row by row in plain Python, to compare engines with."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MEANS = {"val": "dev", "validation": "dev", "prod": "field", "train-dev": "train_dev"}
SPLITS = ("train", "train_dev", "dev", "test", "field")


def rows_of(table: Mapping[str, Sequence[object]]) -> list[dict[str, Any]]:
    """The rows of a table of columns."""
    return [dict(zip(table, values, strict=True)) for values in zip(*table.values(), strict=True)]


def plain(value: Any) -> Any:
    """Missing is None; whole floats are integers."""
    if isinstance(value, float):
        return None if math.isnan(value) else int(value) if value == int(value) else value
    return str(value) if isinstance(value, list) else value


def usable(value: Any, *, above: bool = False) -> bool:
    """Whether a weight, a loss or an exposure is a number that can be used."""
    return value is not None and (0 < value if above else 0 <= value) and value <= 1e30


def guess(row: Mapping[str, Any], classes: Sequence[Any]) -> tuple[Any, bool]:
    """The prediction, and whether probabilities are at fault."""
    if not classes:
        return plain(row.get("prediction")), True
    given = [plain(row[f"p_{name}"]) for name in classes]
    if all(p is None for p in given):
        return None, True
    fine = all(p is not None and -1e-3 <= p <= 1.001 for p in given)
    fine = fine and abs(sum(given) - 1) <= 1e-3
    return classes[given.index(max(given))] if fine else None, fine


def fault(row: Mapping[str, Any], split: str, asks: Iterable[str]) -> str:
    """Why a row of a known split cannot be used, or nothing."""
    if "loss" not in asks and plain(row.get("correct", row.get("label"))) is None:
        return "unlabeled" if split == "field" else "no_label"
    if "loss" in asks and not usable(row["loss"]):
        return "bad_loss"
    light = not usable(row.get("weight", 1.0))
    if "weight" in asks and (light or not usable(row.get("sampling_weight", 1.0), above=True)):
        return "bad_weight"
    return "" if usable(row.get("exposure_s", 0.0)) else "bad_exposure"


def outcome(row: Mapping[str, Any], asks: Iterable[str], classes: Sequence[Any]) -> str:
    """What becomes of a row: ``"right"``, ``"wrong"``, ``"abstained"`` or a reason."""
    split = row.get("split", "dev")
    split = MEANS.get(split, split)
    if split not in SPLITS:
        return "no_split" if split is None else "unknown_split"
    if found := fault(row, split, asks):
        return found
    if "loss" in asks or "correct" in row:
        return "right" if row.get("correct", True) else "wrong"
    prediction, fine = guess(row, classes)
    if fine and prediction is None:
        return "abstained"
    equal = "right" if plain(row["label"]) == prediction else "wrong"
    return equal if fine else "bad_probabilities"


def counted(
    table: Mapping[str, Sequence[object]],
    keys: Sequence[str],
    *,
    asks: Iterable[str] = (),
    classes: Sequence[Any] = (),
) -> tuple[dict[tuple[Any, ...], int], dict[str, int]]:
    """Rows by key values, and rows that cannot be used or are without label, by reason."""
    cells: Counter[tuple[Any, ...]] = Counter()
    apart: Counter[str] = Counter()
    for row in rows_of(table):
        found = outcome(row, asks, classes)
        if found not in {"right", "wrong", "abstained"}:
            apart[found] += 1
            continue
        split = row.get("split", "dev")
        weight = row.get("weight", 1.0) * row.get("sampling_weight", 1.0) if "weight" in asks else 1
        values = {
            **{name: plain(value) for name, value in row.items()},
            "split": MEANS.get(split, split),
            "misclassified": found != "right",
            "weight": plain(float(f"{weight:.12g}")),
            "prediction": guess(row, classes)[0],
        }
        cells[tuple(values[key] for key in keys)] += 1
    return dict(cells), dict(apart)


def summed(table: Mapping[str, Sequence[object]], *, asks: Iterable[str]) -> dict[str, Any]:
    """Per split, sums over usable rows of weights, losses and their products."""
    sums: dict[str, Any] = defaultdict(lambda: defaultdict(float))
    for row in rows_of(table):
        if outcome(row, asks, ()) != "right":
            continue
        split = row.get("split", "dev")
        w = row.get("weight", 1.0) * row.get("sampling_weight", 1.0)
        loss = row["loss"]
        powers = {"w": w, "w2": w * w, "l": loss, "l2": loss**2, "l3": loss**3}
        powers |= {"wl": w * loss, "w2l": w * w * loss, "w2l2": (w * loss) ** 2}
        for name, value in powers.items():
            sums[MEANS.get(split, split)][name] += value
    return sums
