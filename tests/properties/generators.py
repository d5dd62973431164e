"""Hypothesis generators: tables of predictions, count tables, files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hypothesis import strategies as st

from headway.counts import Counts, CountSpec, CountTable

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

KEYS: Final = ("split", "label", "prediction", "device")
GROUPINGS: Final = (
    ("split", "misclassified"),
    ("split", "label", "prediction"),
    ("split", "label"),
    ("split", "device", "misclassified"),
    ("split",),
    ("device", "prediction"),
)

NAMES: Final = ["train", "train_dev", "dev", "test", "field"]
TEXTS: Final = st.text(max_size=3) | st.sampled_from(["", "cat", "dog", "é", "e\u0301", "猫"])
LABELS: Final = {
    "text": TEXTS,
    "integers": st.integers(-3, 3),
    "floats": st.integers(-3, 3).map(float),
    "booleans": st.booleans(),
}


def scalars() -> SearchStrategy[Any]:
    """Values of a key, missing ones too."""
    return st.none() | st.booleans() | st.integers(-9, 9) | TEXTS


@st.composite
def count_tables(draw: st.DrawFn, keys: tuple[str, ...] = ("split", "label")) -> CountTable:
    """Tables of few cells, with one sum."""
    cells = draw(st.lists(st.tuples(*(scalars() for _ in keys)), max_size=8))
    n = draw(st.lists(st.integers(0, 99), min_size=len(cells), max_size=len(cells)))
    return CountTable.of(keys, cells, n, {"w": [0.5 * k for k in n]})


@st.composite
def counts(draw: st.DrawFn) -> Counts:
    """Answers with two tables."""
    keys = [("split", "label"), ("split",)]
    return Counts(tables={k: draw(count_tables(k)) for k in keys})


def specs() -> SearchStrategy[CountSpec]:
    """Questions about a table of predictions."""
    groupings = st.frozensets(st.sampled_from(GROUPINGS), min_size=1, max_size=4)
    return st.builds(CountSpec, groupings=groupings)


@st.composite
def predictions(draw: st.DrawFn, *, max_rows: int = 25) -> dict[str, list[Any]]:
    """Tables of predictions in which every row can be read, some without label or prediction."""
    values = LABELS[draw(st.sampled_from(sorted(LABELS)))]
    maybe = st.none() | values
    rows = st.tuples(
        st.sampled_from(NAMES), maybe, maybe, st.none() | st.sampled_from(["a", "b", "c"])
    )
    first = ("dev", draw(values), draw(values), "a")
    drawn = [first, *draw(st.lists(rows, max_size=max_rows))]
    return dict(zip(KEYS, map(list, zip(*drawn, strict=True)), strict=True))


@st.composite
def odd_tables(draw: st.DrawFn) -> dict[str, list[Any]]:
    """Tables with any columns of any kind, most of which cannot be used."""
    names = st.sampled_from(
        [
            *("id", "split", "label", "prediction", "correct", "loss", "score", "weight"),
            *("sampling_weight", "exposure_s", "label_time", "group", "source", "model"),
            *("y_true", "target", "pred", "p_a", "p_b", "p_0", "p_1", "proba_a", "prob_b", "x y"),
        ]
    )
    n = draw(st.integers(0, 4))
    columns: dict[str, list[Any]] = {}
    for name in draw(st.lists(names, unique=True, max_size=6)):
        values = draw(st.sampled_from([*LABELS.values(), st.floats(), st.sampled_from(NAMES)]))
        columns[name] = draw(st.lists(st.none() | values, min_size=n, max_size=n))
    return columns


def headers() -> SearchStrategy[bytes]:
    """First lines of text files that look like tables of predictions."""
    return st.sampled_from(
        [
            b"",
            b"split,label,prediction\n",
            b"label,prediction\n",
            b"split,loss\n",
            b'"split","label","prediction"\n',
            b"\xef\xbb\xbflabel,prediction\n",
            b'{"label": 1, "prediction": 0}\n',
        ]
    )


def contents() -> SearchStrategy[bytes]:
    """Contents of files: anything at all, and lines that are nearly right."""
    pieces = [b"dev,0,0\n", b"train,1,0\n", b"dev,", b",", b'"', b"\n", b"\r\n", b"\0", b"\xff"]
    pieces += [b"nan", b"1e999", b"{", b"}", b"[", b"null", b"PAR1", b"ARROW1", b"a,b\n", b"\xc3"]
    lines = st.lists(st.sampled_from(pieces), max_size=12).map(b"".join)
    return st.builds(lambda a, b: a + b, headers(), lines | st.binary(max_size=120))
