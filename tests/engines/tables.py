"""Tables that people have, with everything in them that goes wrong."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

NAN: Final = float("nan")
INF: Final = float("inf")

_SPLITS: Final = [
    "train",
    "train",
    "val",
    "val",
    "train-dev",
    None,
    "fold 3",
    "prod",
    "prod",
    "val",
]

TABLES: Final[dict[str, dict[str, list[Any]]]] = {
    "integers": {
        "split": ["train", "train", "dev", "dev", "dev", "dev", "field", "field", "test"],
        "label": [0, 1, 1, None, 2, 1, None, 3, 7],
        "prediction": [0, 0, 1, 1, None, 2, 2, 3, 7],
    },
    "floats with missing": {
        "split": ["train", "dev", "dev", "dev", "dev", "field"],
        "label": [0.0, 1.0, NAN, 2.0, None, NAN],
        "prediction": [0.0, 2.0, 1.0, NAN, None, 2.0],
    },
    "integers against floats": {
        "split": ["train", "dev", "dev", "dev"],
        "label": [0, 1, 2, 3],
        "prediction": [0.0, 2.0, NAN, 3.0],
    },
    "text": {
        "split": ["train", "train", "dev", "dev", "dev", "dev", "dev", "field"],
        "label": ["", "chat", "Straße", "猫", None, "a", "A", None],
        "prediction": ["", "chien", "Strasse", "猫", "a", None, "a", "b"],
    },
    "booleans": {
        "split": ["train", "train", "dev", "dev", "dev", "field"],
        "label": [True, False, True, None, False, None],
        "prediction": [True, True, None, False, False, True],
    },
    "booleans against integers": {
        "split": ["train", "train", "dev", "dev"],
        "label": [True, False, True, False],
        "prediction": [1, 1, 0, 0],
    },
    "numbers against text": {
        "split": ["train", "dev", "dev"],
        "label": [1, 2, 3],
        "prediction": ["1", "2", None],
    },
    "splits": {
        "split": _SPLITS,
        "label": [1, 1, 1, 1, 1, 1, 1, 1, None, 0],
        "prediction": [1, 0, 1, 1, 0, 1, 1, 1, 1, 1],
    },
    "no split": {"label": ["a", "b", None], "prediction": ["a", "a", "a"]},
    "zeros and ones": {
        "split": ["train", "dev", "dev", "dev", "field"],
        "correct": [1, 0, None, 1, None],
    },
    "judged booleans": {
        "split": ["train", "dev", "dev", "dev"],
        "correct": [True, False, None, True],
        "label": ["yes", "no", "no", None],
        "prediction": ["Yes.", "yes", None, "no"],
    },
    "no predictions": {
        "split": ["train", "dev", "field"],
        "label": ["a", "b", None],
        "prediction": [None, None, None],
    },
    "no labels but in the field": {
        "split": ["field", "field", "train"],
        "correct": [None, None, True],
    },
    "one row": {"split": ["test"], "label": ["a"], "prediction": ["a"]},
    "exposure": {
        "split": ["train", "dev", "dev", "dev"],
        "label": [0, 1, 0, 1],
        "prediction": [0, 0, 0, 1],
        "exposure_s": [3.5, 10.0, NAN, 20.0],
    },
    "metadata": {
        "split": ["train", "dev", "dev", "dev", "dev"],
        "label": [0, 1, 0, 1, 0],
        "prediction": [0, 0, 0, 1, 1],
        "floor": [1.0, 2.0, None, 2.0, 2.0],
        "camera": ["a", "a", None, "", "a"],
        "night": [True, False, True, False, False],
    },
}

CATEGORIES: Final[dict[str, list[Any]]] = {
    "split": ["train", "train", "dev", "dev", "dev", "dev", "field"],
    "label": ["cat", "", "cat", None, "dog", "cat", None],
    "prediction": ["cat", "dog", None, "cat", "dog", "é", "cat"],
}

CATEGORICAL: Final = dict.fromkeys(CATEGORIES, pl.Categorical)

PROBABILITIES: Final[dict[str, list[Any]]] = {
    "split": ["train", "train", "dev", "dev", "dev", "dev", "dev"],
    "label": ["a", "b", "c", "a", None, "b", "a"],
    "p_a": [0.5, 0.2, 0.0, 0.9, 1.0, None, 0.4],
    "p_b": [0.5, 0.8, 0.0005, 0.9, 0.0, NAN, None],
    "p_c": [0.0, 0.0, 1.0, 0.0, 0.0, None, 0.6],
}

WEIGHTS: Final[dict[str, list[Any]]] = {
    "split": ["train", "train", "dev", "dev", "dev", "dev", "dev", "dev"],
    "label": [0, 1, 0, 1, 0, 1, 0, 1],
    "prediction": [0, 0, 0, 0, 1, 1, 0, 1],
    "weight": [1.0, 10.0, 0.0, 1e12, NAN, INF, 0.1, 2.0],
    "sampling_weight": [1.0, 1.0, 2.0, 1.0, 1.0, 1.0, 3.0, 0.0],
}

LOSSES: Final[dict[str, list[Any]]] = {
    "split": ["train", "train", "dev", "dev", "dev", "dev", "dev", "test"],
    "loss": [0.1, 0.25, NAN, INF, -1.0, 3.5, 0.0, 1e20],
    "weight": [1.0, 2.0, 1.0, 1.0, 1.0, 4.0, 0.5, 1.0],
}

CLUSTERS: Final[dict[str, list[Any]]] = {
    "split": ["train", "train", "dev", "dev", "dev", "dev", "train", "dev", "test"],
    "label": [0, 1, 0, 1, 0, 1, 0, 1, None],
    "prediction": [0, 0, 0, 0, 1, 1, 0, 0, 1],
    "group": ["a", "b", "a", "a", "c", None, None, None, "a"],
}
