from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import polars as pl
import pytest

from headway.cli.main import COMMANDS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faces.conftest import Headway

NUMBERS = ("human=1%", "train=8%/50000", "dev=10%/2000")


@pytest.mark.parametrize("name", COMMANDS)
def test_help_when_asked_then_it_begins_with_the_question(headway: Headway, name: str) -> None:
    ran = headway(name, "--help")

    assert (0, "") == (ran.code, ran.err)
    assert COMMANDS[name].help.split()[0] in ran.out


def test_help_when_asked_of_all_then_every_command_stands_under_a_heading(headway: Headway) -> None:
    out = headway("--help").out

    for name, entry in COMMANDS.items():
        assert re.search(rf"^{entry.heading}:", out, re.MULTILINE)
        assert re.search(rf"^  {name} +", out, re.MULTILINE)


def test_version_when_asked_then_it_is_one_line(headway: Headway) -> None:
    assert re.fullmatch(r"headway \d+\.\d+\.\d+\n", headway("--version").out)


def test_gaps_when_given_numbers_then_the_verdict_comes_first(headway: Headway) -> None:
    ran = headway("gaps", *NUMBERS)

    first = ran.out.splitlines()[0]
    assert first == "Work on avoidable bias first. It can buy at most 7.00 points."
    assert all(len(line) <= 80 for line in ran.out.splitlines())


def test_gaps_when_given_a_file_then_it_answers(headway: Headway, predictions: Path) -> None:
    ran = headway("gaps", str(predictions), "--json")

    assert ran.json["result"]["focus"] == ["variance"]
    assert ran.json["input"]["rows"] == 1000


@pytest.mark.parametrize(
    "args",
    [
        ("gaps", *NUMBERS),
        ("next", *NUMBERS),
        ("ideas", *NUMBERS, "--idea", "try Adam"),
        ("knobs",),
        ("size", "--half-width", "0.5%"),
    ],
)
def test_json_when_asked_then_it_is_the_envelope(headway: Headway, args: tuple[str, ...]) -> None:
    ran = headway(*args, "--json")

    assert (True, 1, args[0]) == tuple(ran.json[key] for key in ("ok", "version", "command"))
    assert {"result", "findings", "input"} <= ran.json.keys()
    assert "NaN" not in ran.out
    assert all({"code", "verdict", "sentence", "wants"} == f.keys() for f in ran.json["findings"])


def test_json_when_refused_then_it_is_the_envelope_of_a_refusal(headway: Headway) -> None:
    ran = headway("gaps", "nothing.parquet", "--json")

    assert (3, False, 1) == (ran.code, ran.json["ok"], ran.json["version"])
    assert {"code", "problem", "expected", "hint"} == ran.json["error"].keys()


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("gaps", *NUMBERS), 0),
        (("nonsense",), 2),
        (("gaps", "--nonsense"), 2),
        (("gaps", "human=1%", "nothing.parquet"), 2),
        (("gaps", *NUMBERS, "--margin", "much"), 2),
        (("gaps", "nothing.parquet"), 3),
        (("gaps", "train=120%"), 3),
        (("gaps",), 3),
        (("size",), 3),
        (("ideas",), 3),
    ],
)
def test_exit_code_when_run_then_it_is_as_documented(
    headway: Headway, args: tuple[str, ...], code: int
) -> None:
    assert code == headway(*args).code


def test_refusal_when_shown_then_it_is_three_sentences_on_standard_error(headway: Headway) -> None:
    ran = headway("gaps", "train=120%")

    assert ran.out == ""
    assert ["'120%' cannot be read as an error.", "Expected:", "Hint:"] == [
        line.split(" a ")[0].split(" write ")[0] for line in ran.err.splitlines()
    ]


def test_command_when_mistyped_then_the_close_one_is_named(headway: Headway) -> None:
    assert "Did you mean 'gaps'?" in headway("gasp").err


@pytest.mark.parametrize("ending", ["html", "md", "json", "csv", "parquet"])
def test_out_when_given_then_the_file_is_written_by_its_ending(
    headway: Headway, tmp_path: Path, ending: str
) -> None:
    ran = headway("gaps", *NUMBERS, "--out", f"answer.{ending}")
    path = tmp_path / f"answer.{ending}"

    assert (0, True) == (ran.code, path.stat().st_size > 200)
    assert f"answer.{ending}" in ran.err
    if ending == "json":
        assert json.loads(path.read_text("utf-8"))["ok"]
    if ending == "parquet":
        assert "avoidable_bias" in pl.read_parquet(path)["name"].to_list()


def test_out_when_its_ending_is_unknown_then_it_is_refused(headway: Headway) -> None:
    assert headway("gaps", *NUMBERS, "--out", "answer.docx").code == 3


def test_quiet_when_asked_then_standard_error_is_empty(headway: Headway) -> None:
    assert headway("gaps", *NUMBERS, "--out", "a.md", "-q").err == ""


def test_report_when_written_then_its_path_and_size_are_told(
    headway: Headway, predictions: Path, tmp_path: Path
) -> None:
    ran = headway("report", str(predictions), "--human", "1%", "--out", "r.html", "--json")

    assert ran.json["result"] == {"path": "r.html", "bytes": (tmp_path / "r.html").stat().st_size}
    assert ran.json["result"]["bytes"] < 2_000_000


def test_by_when_given_then_the_errors_are_broken_down(headway: Headway, tmp_path: Path) -> None:
    rows = [f"dev,{k % 2},{int(k < 40)},{'phone' if k < 100 else 'web'}\n" for k in range(400)]
    path = tmp_path / "p.csv"
    path.write_text("split,label,prediction,device\n" + "".join(rows), encoding="utf-8")
    ran = headway("gaps", str(path), "--by", "device", "--json")

    by = ran.json["result"]["by"]
    assert ["device"] == [part["column"] for part in by]
    assert {"phone", "web"} == {part["value"] for part in by[0]["parts"]}


def test_demo_when_run_twice_then_it_says_the_same(headway: Headway) -> None:
    first, second = headway("demo", "--json"), headway("demo", "--json")

    assert first.json["result"] == second.json["result"]
    assert first.json["result"]["kept"] in {"yes", "no", "undetermined"}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_when_asked_then_a_script_is_printed(headway: Headway, shell: str) -> None:
    assert "_HEADWAY_COMPLETE" in headway("completion", shell).out


def test_help_when_shown_then_nothing_heavy_is_imported() -> None:
    heavy = {"polars", "duckdb", "numpy", "scipy", "sklearn", "rich", "pydantic", "jinja2"}
    code = (
        "import sys, contextlib, io\n"
        "from headway.cli.main import main\n"
        "with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):\n"
        "    main(['--help'])\n"
        "print(*{name.partition('.')[0] for name in sys.modules})\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert set() == heavy & set(ran.stdout.split())
