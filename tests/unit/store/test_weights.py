from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from headway.errors import ProjectError
from headway.store.weights import write_weights

RULE = [({"must_not_show": True}, 10.0)]
EXPECTED = [{"where": {"must_not_show": True}, "weight": 10}]


def written(tmp_path: Path, text: str, *, replace: bool = False) -> str:
    """A project file after its weights were written."""
    path = tmp_path / "headway.toml"
    path.write_text(text, encoding="utf-8")
    write_weights(path, RULE, replace=replace)
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[reference]\nkind = 'human'",
        "# ours\n[target]  # what we aim at\nmargin = 0.01 # points\n\n[data]\n",
        "[target]",
    ],
)
def test_weights_when_written_then_the_rest_of_the_file_stays(tmp_path: Path, text: str) -> None:
    found = written(tmp_path, text)

    assert EXPECTED == tomllib.loads(found)["target"]["weights"]
    assert all(line in found for line in text.splitlines())


def test_weights_when_replaced_then_only_they_change(tmp_path: Path) -> None:
    text = (
        "[target]\n"
        "weights = [  # ] of last year\n"
        '  { where = { "topic" = "a ] \\" b" }, weight = 3 },\n'
        "  { where = { topic = '] c' }, weight = 2 },\n"
        "]\n"
        "margin = 0.02\n"
        "[data]\n"
        "same_distribution = true\n"
    )
    found = tomllib.loads(written(tmp_path, text, replace=True))

    assert EXPECTED == found["target"]["weights"]
    assert (0.02, True) == (found["target"]["margin"], found["data"]["same_distribution"])


def test_weights_when_they_are_declared_already_then_they_are_not_replaced_unasked(
    tmp_path: Path,
) -> None:
    text = "[target]\nweights = [{ where = { a = 1 }, weight = 2 }]\n"
    with pytest.raises(ProjectError, match="declares 1 weight by rule already"):
        written(tmp_path, text)
    assert text == (tmp_path / "headway.toml").read_text(encoding="utf-8")


def test_weights_when_the_target_is_written_in_one_line_then_that_is_said(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=r"is not TOML"):
        written(tmp_path, "target = { margin = 0.01 }\n")


def test_weights_when_the_key_stands_elsewhere_then_that_is_said(tmp_path: Path) -> None:
    text = (
        "target.weights = [{ where = { a = 1 }, weight = 2 }, { where = { b = 1 }, weight = 2 }]\n"
    )
    with pytest.raises(ProjectError, match="is not TOML"):
        written(tmp_path, text, replace=True)


def test_weights_when_the_file_cannot_be_written_then_it_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> int:
        raise PermissionError(13, "permission denied")

    path = tmp_path / "headway.toml"
    path.write_text("[target]\n", encoding="utf-8")
    monkeypatch.setattr(Path, "write_text", refuse)
    with pytest.raises(ProjectError, match="cannot be written: permission denied"):
        write_weights(path, RULE)
