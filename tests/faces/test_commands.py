from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import polars as pl
import pytest

from headway.cli.main import COMMANDS, main
from headway.errors import TargetError

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


def test_demo_when_given_a_place_then_its_page_is_written_there(
    headway: Headway, tmp_path: Path
) -> None:
    ran = headway("demo", "--out", "page.md", "--folder", "made")

    assert "Wrote page.md" in ran.err
    assert {"predictions.parquet", "report.html"} == {f.name for f in (tmp_path / "made").iterdir()}


def test_demo_when_its_folder_cannot_be_made_then_it_is_refused(
    headway: Headway, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    ran = headway("demo", "--folder", "file/made")

    assert (3, True) == (ran.code, "'file/made' cannot be written" in ran.err)


@pytest.mark.parametrize("out", ["gone/a.html", "gone/a.csv"])
def test_out_when_it_cannot_be_written_then_it_is_refused(headway: Headway, out: str) -> None:
    ran = headway("gaps", *NUMBERS, "--out", out)

    assert (3, True) == (ran.code, f"'{out}' cannot be written" in ran.err)


def test_report_when_written_then_a_line_names_it(headway: Headway, predictions: Path) -> None:
    ran = headway("report", str(predictions), "-q")

    assert re.fullmatch(r"headway-report\.html \([\d,]+ bytes\)\n", ran.out)


@pytest.mark.parametrize("files", [("human=1%", "train=8%/500"), ("train.csv",)])
def test_report_when_there_is_no_dev_set_then_it_has_no_table_of_sources(
    headway: Headway, tmp_path: Path, files: tuple[str, ...]
) -> None:
    rows = "".join(f"train,1,{k % 2}\n" for k in range(100))
    (tmp_path / "train.csv").write_text(f"split,label,prediction\n{rows}", encoding="utf-8")

    assert headway("report", *files, "--out", "r.json").code == 0
    assert "not_trained_on" not in (tmp_path / "r.json").read_text("utf-8")


def test_table_when_asked_then_each_source_has_its_cells(headway: Headway, tmp_path: Path) -> None:
    rows = [
        f"{split},{int(k >= wrong)},{source}\n"
        for split, source, n, wrong in (("train", "web", 100, 4), ("dev", "phone", 50, 5))
        for k in range(n)
    ]
    (tmp_path / "p.csv").write_text("split,correct,source\n" + "".join(rows), encoding="utf-8")
    cells = headway("table", "p.csv", "--people", "web=2%/500", "--json").json["result"]["cells"]
    known = {(c["row"], c["source"]): c["estimate"] for c in cells if c["estimate"] is not None}

    assert known == {
        ("human", "web"): 0.02,
        ("trained_on", "web"): 0.04,
        ("not_trained_on", "phone"): 0.1,
    }


@pytest.mark.parametrize(
    ("option", "value", "code"),
    [
        ("--mature-after", "90d", 0),
        ("--mature-after", "soon", 2),
        ("--exposure", "31h", 0),
        ("--level", "90%", 0),
        ("--columns", "label", 2),
    ],
)
def test_option_when_given_then_its_words_are_read(
    headway: Headway, tmp_path: Path, option: str, value: str, code: int
) -> None:
    rows = "".join(f"dev,1,{k % 2},2020-01-01\n" for k in range(40))
    text = f"split,label,prediction,label_time\n{rows}"
    (tmp_path / "p.csv").write_text(text, encoding="utf-8")

    assert code == headway("gaps", "p.csv", option, value).code


def test_debug_when_refused_then_the_refusal_is_raised() -> None:
    with pytest.raises(TargetError, match="cannot be read as an error"):
        main(["gaps", "train=120%", "--debug"])


def test_screen_when_it_is_a_terminal_then_it_is_painted_unless_forbidden(
    headway: Headway, monkeypatch: pytest.MonkeyPatch, predictions: Path
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    painted, plain = (headway("gaps", str(predictions), *more) for more in ((), ("--no-color",)))

    assert "\x1b[38;5;" in painted.out
    assert "\x1b[38;5;" not in plain.out


@pytest.mark.parametrize(
    ("words", "found"), [("headway ga", "plain,gaps"), ("headway gaps --marg", "plain,--margin")]
)
def test_completion_when_a_shell_asks_then_names_are_completed(
    headway: Headway, monkeypatch: pytest.MonkeyPatch, words: str, found: str
) -> None:
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(words.count(" ")))
    monkeypatch.setenv("_HEADWAY_COMPLETE", "bash_complete")

    assert [found] == headway().out.split()


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


def test_pipe_when_its_reader_leaves_then_the_exit_code_is_zero() -> None:
    command = f"{sys.executable} -m headway knobs | head -n 1; echo ${{PIPESTATUS[0]}}"
    ran = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)

    assert ran.stdout.splitlines()[-1] == "0"
    assert "Traceback" not in ran.stderr


def test_table_when_given_one_human_level_then_it_asks_for_one_by_source(
    headway: Headway, predictions: Path
) -> None:
    ran = headway("table", str(predictions), "--human", "1%")

    assert ran.code == 2
    assert "--people names it by source" in ran.err


def test_name_when_it_holds_control_characters_then_they_are_shown(headway: Headway) -> None:
    ran = headway("ideas", *NUMBERS, "--idea", "try\x1b[31m Adam")

    assert "\x1b" not in ran.out
    assert "try\\x1b[31m Adam" in ran.out


def test_out_when_its_ending_is_unknown_then_nothing_is_printed(headway: Headway) -> None:
    ran = headway("gaps", *NUMBERS, "--out", "answer.docx")

    assert (3, "") == (ran.code, ran.out)


def test_metric_when_both_truths_are_there_then_it_decides(
    headway: Headway, tmp_path: Path
) -> None:
    rows = "".join(f"dev,1,{k % 2},{k / 10}\n" for k in range(100))
    (tmp_path / "p.csv").write_text("split,label,prediction,loss\n" + rows, encoding="utf-8")

    error = headway("gaps", "p.csv", "--json").json["result"]["rungs"][0]["estimate"]
    loss = headway("gaps", "p.csv", "--metric", "loss", "--json").json["result"]["rungs"][0]
    assert error == 0.5
    assert abs(loss["estimate"] - 4.95) < 1e-9


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (("gaps", "train=8%/50000", "--dev", "dev.csv"), 2, "Give errors or files, not both"),
        (("gaps", *NUMBERS, "--by", "device"), 3, "cannot be made from bare numbers"),
        (("table", "p.csv", "--people", "webb=1%"), 3, "'webb' is no source"),
    ],
)
def test_option_when_it_would_do_nothing_then_it_is_refused(
    headway: Headway, tmp_path: Path, args: tuple[str, ...], code: int, words: str
) -> None:
    (tmp_path / "p.csv").write_text("split,source,correct\ndev,web,1\n", encoding="utf-8")
    ran = headway(*args)

    assert code == ran.code
    assert words in ran.err
