from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import polars as pl
import pytest

from headway.counts import CountSpec
from headway.errors import HeadwayError
from headway.frames.reduce import reduce
from headway.frames.source import read

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.faces.conftest import Headway

HEADER: Final = "split,label,prediction\n"
ROWS: Final = "train,0,0\ndev,0,1\n" * 20
GOOD: Final[dict[str, list[Any]]] = {
    "split": ["train", "dev"],
    "label": [0, 0],
    "prediction": [0, 1],
}


def text(content: str, *, encoding: str = "utf-8", name: str = "p.csv") -> Callable[[Path], Path]:
    return raw(content.encode(encoding), name=name)


def raw(content: bytes, *, name: str = "p.csv") -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    return make


def table(**columns: list[Any]) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        pl.DataFrame(columns).write_parquet(folder / "p.parquet")
        return folder / "p.parquet"

    return make


def cut(share: float, *, arrow: bool = False) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        path = folder / ("p.arrow" if arrow else "p.parquet")
        frame = pl.DataFrame({**GOOD, "id": [1, 2]})
        (frame.write_ipc if arrow else frame.write_parquet)(path)
        whole = path.read_bytes()
        path.write_bytes(whole[: int(len(whole) * share)])
        return path

    return make


def sparse(name: str) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        with (folder / name).open("wb") as file:
            file.truncate(10 * 2**30)
        return folder / name

    return make


def folder_itself(folder: Path) -> Path:
    return folder


def beside(name: str) -> Callable[[Path], Path]:
    return lambda folder: table(**GOOD)(folder).parent / name


BAD: Final[dict[str, tuple[Callable[[Path], Path], str]]] = {
    "only unknown splits": (
        text("split,label,prediction\nfold1,0,0\nfold2,0,1\n"),
        "holds only unknown splits: fold1, fold2",
    ),
    "an empty split column": (text("split,label,prediction\n,0,0\n"), "unknown splits: nothing"),
    "too many unknown splits": (
        text(f"{HEADER}{ROWS}fold1,0,0\n"),
        "1 of 41 rows cannot be used: unknown_split 1. Unknown splits: fold1",
    ),
    "two names of a split": (
        text("split,label,prediction\nval,0,0\ndev,0,0\n"),
        "'dev', 'val' would all be read as 'dev'",
    ),
    "all rows unusable": (
        text("split,label,prediction\ntrain,,0\ndev,,1\n"),
        "2 of 2 rows cannot be used: no_label 2",
    ),
    "no labels at all": (
        text("split,label,prediction\nfield,,0\nfield,,1\n"),
        "None of the 2 rows has a final label",
    ),
    "too many rows without label": (
        text(f"{HEADER}{ROWS}dev,,0\n"),
        "1 of 41 rows cannot be used: no_label 1",
    ),
    "probabilities that do not sum to one": (
        text("split,label,p_a,p_b\ndev,a,0.9,0.9\ndev,b,0.5,0.2\n"),
        "2 of 2 rows cannot be used: bad_probabilities 2",
    ),
    "probabilities beside a prediction that do not sum to one": (
        text("split,label,prediction,p_a,p_b\ndev,a,a,0.9,0.9\ndev,b,b,0.5,0.5\n"),
        "1 of 2 rows cannot be used: bad_probabilities 1",
    ),
    "a negative weight": (
        text("split,label,prediction,weight\ndev,0,0,1\ndev,0,0,-2\n"),
        "'weight', used as weight, holds 1 negative numbers",
    ),
    "weights of text": (
        text("split,label,prediction,weight\ndev,0,0,heavy\n"),
        "'weight', used as weight, holds text",
    ),
    "losses of text": (text("split,loss\ndev,low\n"), "'loss', used as loss, holds text"),
    "nothing to judge": (
        text("split,label\ndev,1\n"),
        "None of the 2 columns says whether a prediction was right",
    ),
    "fractions as labels": (
        text("split,label,prediction\ndev,0.5,0.5\n"),
        "'label', used as label, holds numbers with decimals",
    ),
    "fractions in correct": (
        text("split,correct\ndev,0.5\n"),
        "'correct', used as correct, holds other numbers than 0 and 1",
    ),
    "text in correct": (text("split,correct\ndev,yes\n"), "'correct', used as correct, holds text"),
    "a truncated Parquet file": (cut(0.6), "'.*p.parquet' breaks off before its end"),
    "a truncated Arrow file": (cut(0.6, arrow=True), "'.*p.arrow' breaks off before its end"),
    "Parquet with a broken middle": (
        raw(b"PAR1" + b"x" * 400 + b"\x20\0\0\0PAR1", name="p.parquet"),
        "could not count .*p.parquet",
    ),
    "an empty file": (text(""), "is empty \\(0 bytes\\)"),
    "an empty Parquet file": (text("", name="p.parquet"), "is empty \\(0 bytes\\)"),
    "a header alone": (text(HEADER), "p.csv holds no row"),
    "a Parquet file without rows": (table(label=[], prediction=[]), "p.parquet holds no row"),
    "blank lines": (text("\n\n \n"), "p.csv holds no row"),
    "a picture called .csv": (
        raw(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4),
        "is named as text, but its first bytes are",
    ),
    "random bytes called .csv": (
        raw(bytes((i * 7919) % 256 or 1 for i in range(4096))),
        "is named as text, but its first bytes are not those of a table",
    ),
    "Parquet called .csv": (
        lambda folder: table(**GOOD)(folder).rename(folder / "p.csv"),
        "first bytes are those of a Parquet file",
    ),
    "gzip called .csv": (raw(b"\x1f\x8b\x08" + b"abc" * 9), "are those of a gzip archive"),
    "text called .parquet": (
        text(HEADER + ROWS, name="p.parquet"),
        "does not begin as its ending says: its first bytes are not those of a table",
    ),
    "UTF-16 with its mark": (text(HEADER + ROWS, encoding="utf-16"), "is text in UTF-16"),
    "UTF-16 without its mark": (text(HEADER + ROWS, encoding="utf-16-be"), "is text in UTF-16"),
    "Latin-1": (text("split,label,prediction\ndev,é,é\n", encoding="latin-1"), "in LATIN1"),
    "Latin-1 far down": (
        raw((HEADER + "dev,0,0\n" * 20_000).encode() + "dev,é,é\n".encode("latin-1")),
        "polars could not count .*p.csv",
    ),
    "an unclosed quote": (
        text(f'{HEADER}{ROWS}dev,"0,0\n{ROWS}'),
        "has a double quote that is never closed",
    ),
    "an unclosed quote in the header": (
        text('split,"label,prediction\ndev,0,0\n'),
        "has a double quote that is never closed",
    ),
    "two stray quotes": (
        text(f'{HEADER}dev,"0"x,0\n{ROWS}'),
        "double quote that is never closed|polars could not count",
    ),
    "rows with too many fields": (text(f"{HEADER}dev,0,0,0\n"), "polars could not count .*p.csv"),
    "a sparse file called .csv": (sparse("p.csv"), "first bytes are zeros"),
    "a sparse file called .parquet": (sparse("p.parquet"), "first bytes are zeros"),
    "a folder": (folder_itself, "is a folder"),
    "an unknown ending": (
        text(HEADER, name="p.xlsx"),
        "'.*p.xlsx' has an ending that does not say",
    ),
    "a missing file": (beside("q.parquet"), "There is no file(.|\n)*did you mean '.*p.parquet'"),
    "a missing folder": (beside("no/such/x.csv"), "There is no file(.|\n)*check the path"),
    "a name with a zero": (beside("a\0b.csv"), "There is no file"),
    "a name that is too long": (beside("a" * 300 + ".csv"), "may not be read"),
    "a pattern that fits nothing": (beside("*.csv"), r"'.*\*.csv' matches no file"),
    "a device": (lambda _: Path("/dev/null"), "is not a regular file"),
    "types mixed far down a CSV column": (
        text(HEADER + "dev,0,0\n" * 12_000 + "dev,cat,0\n"),
        "'label' mixes whole numbers, other values",
    ),
    "types mixed in one CSV column": (
        text("split,label,prediction\ndev,0,0\ndev,cat,1\n"),
        "'label' mixes text, numbers",
    ),
    "types mixed far down an NDJSON column": (
        text('{"label": 1, "prediction": 1}\n' * 12_000 + '{"label": "x"}\n', name="p.ndjson"),
        "polars could not count .*: values of different types in a column",
    ),
    "broken NDJSON": (text('{"label": 1,\n', name="p.jsonl"), "polars could not count"),
    "NDJSON that is no table": (text("[1, 2]\n[3]\n", name="p.jsonl"), "polars could not count"),
}


@pytest.mark.parametrize("name", BAD)
def test_input_when_bad_then_is_refused_in_three_sentences(name: str, tmp_path: Path) -> None:
    make, problem = BAD[name]
    with pytest.raises(HeadwayError, match=problem) as caught:
        asked(make(tmp_path))
    assert re.fullmatch(r"(.|\n)+\nExpected: .+\.\nHint: .+", str(caught.value))


def asked(path: Path, **columns: str) -> None:
    frame = read(path, columns=columns)
    keys = (
        ("split", "label", "prediction") if "label" in frame.roles else ("split", "misclassified")
    )
    sums = frozenset({"l"} if "loss" in frame.roles else ())
    groupings = frozenset({("split",)} if sums else {("split", "misclassified"), keys})
    reduce(frame, CountSpec(groupings=groupings, sums=sums))


def test_column_when_missing_then_the_close_one_is_named(tmp_path: Path) -> None:
    with pytest.raises(HeadwayError, match=r"Column 'lable'(.|\n)*Hint: did you mean 'label'"):
        asked(table(**GOOD)(tmp_path), label="lable")


@pytest.mark.parametrize("mode", [0o000, 0o200])
def test_file_when_nobody_may_read_it_then_is_refused(mode: int, tmp_path: Path) -> None:
    path = table(**GOOD)(tmp_path)
    path.chmod(mode)
    if os.geteuid() != 0:
        with pytest.raises(HeadwayError, match="may not be read"):
            asked(path)
        return
    closed = {
        f: f.stat().st_mode for f in (tmp_path, *tmp_path.parents) if not f.stat().st_mode & 0o001
    }
    for folder, before in closed.items():
        folder.chmod(before | 0o001)
    said = as_nobody(f"from headway.frames.source import read; read({str(path)!r})")
    for folder, before in closed.items():
        folder.chmod(before)
    assert "SourceError" in said
    assert "may not be read" in said


def as_nobody(code: str) -> str:
    """What Python says on standard error as an unprivileged user."""
    drop = "import os; os.setgroups([]); os.setgid(65534); os.setuid(65534); "
    warm = "import headway.frames.source; "
    paths = [path for path in sys.path if path]
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:] = {paths!r}; {warm}{drop}{code}"],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stderr


def test_path_when_it_has_spaces_and_unicode_then_is_read(tmp_path: Path) -> None:
    path = tmp_path / "my data" / "Vorhersagen – ü.csv"
    path.parent.mkdir()
    path.write_text(HEADER + ROWS, encoding="utf-8")
    asked(path)


def test_text_when_it_begins_with_a_byte_order_mark_then_is_read(tmp_path: Path) -> None:
    asked(text("\ufeff" + HEADER + ROWS)(tmp_path))


def test_text_when_lines_end_as_on_windows_then_is_read(tmp_path: Path) -> None:
    asked(text((HEADER + ROWS).replace("\n", "\r\n"))(tmp_path))


@pytest.mark.parametrize("name", BAD)
def test_command_when_input_is_bad_then_exits_with_3_and_three_sentences(
    name: str, tmp_path: Path, headway: Headway
) -> None:
    make, problem = BAD[name]
    ran = headway("gaps", str(make(tmp_path)))
    assert (3, "") == (ran.code, ran.out)
    assert re.search(problem, ran.err)
    assert "Traceback" not in ran.err
    assert 1 == ran.err.count("Expected: ") == ran.err.count("Hint: ")


@pytest.mark.parametrize("engine", ["duckdb", "polars"])
def test_command_when_asked_in_json_then_refuses_in_json(
    engine: str, tmp_path: Path, headway: Headway
) -> None:
    ran = headway("gaps", str(cut(0.6)(tmp_path)), "--json", "--engine", engine)
    assert (3, False, "source") == (ran.code, ran.json["ok"], ran.json["error"]["code"])
    assert {"code", "problem", "expected", "hint"} == ran.json["error"].keys()


EMPTY = [
    "select {} --maximize f1",
    "check {} --subject-to f1>=0.3",
    "wear {} --metric f1",
    "compare {} {}",
    "compare p.csv {}",
    "select p.csv {} --minimize error",
    "operating-point {} --maximize f1",
    "check-splits {}",
    "reweight {} --prefer a",
]


@pytest.mark.parametrize("asked", EMPTY)
def test_table_when_it_has_a_header_alone_then_every_command_says_so(
    headway: Headway, tmp_path: Path, asked: str
) -> None:
    (tmp_path / "none.csv").write_text("id,split,label,prediction,score\n", encoding="utf-8")
    (tmp_path / "p.csv").write_text("id,split,label,prediction\n1,dev,0,0\n", encoding="utf-8")
    refused = headway(*asked.replace("{}", "none.csv").split())
    assert (3, "none.csv holds no row.") == (refused.code, refused.err.splitlines()[0])
