"""Splitting and checking splits, as a person types it and as a notebook asks for it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest

import headway
from headway.errors import ColumnError, SourceError, SplitError, TargetError
from headway.findings import Verdict
from tests.known import known

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faces.conftest import Headway

N = 4000
DRAWN = np.random.default_rng(11)
ROWS: dict[str, Any] = {
    "id": [*range(N)],
    "source": ["mobile" if i % 4 == 0 else "web" for i in range(N)],
    "label": DRAWN.choice(["cat", "dog"], N).tolist(),
    "width": DRAWN.normal(300, 50, N).tolist(),
}


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(12)


@pytest.fixture
def images(tmp_path: Path) -> str:
    """A table of images in a file."""
    path = tmp_path / "images.parquet"
    pl.DataFrame(ROWS).write_parquet(path)
    return str(path)


def codes(found: Any, verdict: Verdict = Verdict.YES) -> set[str]:
    """Codes of the findings of one verdict."""
    return {finding.code for finding in found.findings if finding.verdict == verdict}


def test_split_when_typed_then_each_split_has_its_file(headway: Headway, images: str) -> None:
    sizes = ("--dev", "200", "--test", "200", "--train-dev", "100")
    ran = headway("split", images, "--target-source", "mobile", *sizes, "--out", "splits")

    assert "Split into train 3,500, train-dev 100, dev 200, test 200 rows." in ran.out
    assert "Wrote splits/dev.parquet." in ran.err
    dev = pl.read_parquet("splits/dev.parquet")
    assert (200, {"mobile"}) == (len(dev), set(dev["source"]))
    checked = headway(
        *("check-splits", "--train", "splits/train.parquet", "--dev", "splits/dev.parquet"),
        *("--test", "splits/test.parquet", "--margin", "5%"),
    )
    assert "Nothing wrong was found" in checked.out


def test_split_when_asked_as_json_then_is_the_contracts(headway: Headway, images: str) -> None:
    asked = ("split", images, "--dev", "10%", "--stratify", "label", "--json")
    ran = headway(*asked, "--columns", "id=id", "--out", "all.csv", "--out", "plan.html")

    result = ran.json["result"]
    assert {"name", "n", "sources", "sd"} == set(result["splits"][0])
    assert {"all.csv"} == set(result["files"].values())
    assert ("headway", "hash share") == (result["salt"], result["method"])
    assert {"train", "dev", "test"} == set(pl.read_csv("all.csv")["split"])
    assert "plan.html" in ran.err


def test_split_when_two_folders_are_named_then_is_refused(headway: Headway, images: str) -> None:
    ran = headway("split", images, "--out", "a", "--out", "b")
    assert (2, True) == (ran.code, "one folder or file for the splits" in ran.err)


def test_split_when_several_files_are_named_then_reads_all(headway: Headway, images: str) -> None:
    assert headway("split", images, images, "--json").json["input"]["rows"] == 2 * N


def test_split_when_nothing_is_written_then_says_how(headway: Headway, images: str) -> None:
    ran = headway("split", images, "-v")
    assert "To be split into" in ran.out
    assert "none: give --out" in ran.out


def test_rows_when_they_have_a_split_then_are_split_anew_only_if_asked() -> None:
    given = ROWS | {"split": ["dev"] * N}
    with pytest.raises(SplitError, match="have a column 'split' that says their split"):
        headway.split(given)
    made: Any = headway.split(given, again=True).result.rows
    assert {"train", "dev", "test"} == set(made.collect()["split"])


def test_rows_when_split_by_time_then_dev_is_later_than_train() -> None:
    when = [date(2026, 1, 1) + timedelta(days=i % 100) for i in range(N)]
    rows = ROWS | {"when": when}
    made = headway.split(rows, time="when", dev=400, test=400, embargo=2).result
    assert {"embargo": 160} == dict(made.left_out)
    assert ("2026-03-22", "2026-04-01") == (made.times["dev_from"], made.times["test_from"])
    frame: Any = made.rows
    found = headway.check_splits(frame, time="when", margin=0.05)
    assert "HW356" in codes(found, Verdict.NO)
    own = headway.split(rows, time="when", dev_from="2026-02-01", test_from="2026-03-01").result
    assert (31 * 40, 28 * 40) == (own.n("train"), own.n("dev"))


@pytest.mark.parametrize(
    ("options", "error", "match"),
    [
        ({"time": "when", "stratify": "label"}, SplitError, "by time and by strata at once"),
        ({"dev_from": "2026-02-01"}, SplitError, "--dev-from would be read only with a column"),
        ({"embargo": 7.0}, SplitError, "--embargo would be read only with a column"),
        ({"importance": "mobile"}, TargetError, "'mobile' does not say how much"),
        ({"importance": "mobile=much"}, TargetError, "'mobile=much' does not say how much"),
        ({"importance": "=3"}, TargetError, "'=3' does not say how much"),
        ({"target_source": "mobil"}, TargetError, "'mobil' is no source"),
        ({"columns": {"source": "nowhere"}}, ColumnError, "'nowhere', given for the role"),
    ],
)
def test_split_when_options_cannot_be_read_then_is_refused(
    options: dict[str, Any], error: type[Exception], match: str
) -> None:
    with pytest.raises(error, match=match):
        headway.split(ROWS, **options)


def test_split_when_a_target_is_named_and_no_source_known_then_is_refused() -> None:
    with pytest.raises(ColumnError, match="plays the role 'source', which a target source needs"):
        headway.split({"id": [*range(100)]}, target_source="mobile")


def test_split_when_there_is_no_row_then_is_refused() -> None:
    empty = pl.DataFrame({"id": []}, schema={"id": pl.Int64})
    with pytest.raises(SourceError, match="holds no row"):
        headway.split(empty)


def test_importance_when_written_or_mapped_then_is_the_same() -> None:
    written = headway.split(ROWS, importance="mobile=3,others=1", dev=200).result
    mapped = headway.split(ROWS, importance={"mobile": 3, "others": 1}, dev=200).result
    assert written.parts == mapped.parts
    assert {"mobile": 100, "web": 100} == dict(written.part("dev").sources)


def split_of(train: int, dev: int, test: int) -> list[str]:
    """Names of splits one after the other."""
    return ["train"] * train + ["dev"] * dev + ["test"] * test


def test_check_when_everything_is_fine_then_says_so() -> None:
    rows = ROWS | {"split": split_of(1000, 1500, 1500)}
    found = headway.check_splits(rows, margin=0.05)
    assert (set(), set()) == (codes(found), codes(found, Verdict.UNDETERMINED))
    assert "Nothing wrong was found with the splits." == found.document.verdict


def test_check_when_ids_groups_and_rows_leak_then_each_is_found() -> None:
    rows: dict[str, Any] = ROWS | {"split": split_of(2000, 1000, 1000)}
    rows["id"] = [i if i < 3990 else i - 3990 for i in range(N)]
    rows["patient"] = [i // 2 if i < 2000 else (i - 1900) // 2 for i in range(N)]
    for name in ("label", "width"):
        rows[name] = [*rows[name][:2000], *rows[name][:5], *rows[name][2005:]]
    found = headway.check_splits(rows, columns={"group": "patient"}, margin=0.05)
    assert {"HW354", "HW355", "HW357"} <= codes(found)
    by_kind = {leak.kind: leak for leak in found.result.leaks}
    assert 10 == by_kind["id"].of("test", "train")
    assert by_kind["row"].of("dev", "train") >= 5
    assert (1000, 900) == (
        by_kind["group"].of("dev", "train"),
        by_kind["group"].of("test", "train"),
    )


def test_check_when_leaked_rows_flatter_then_the_clean_error_is_given() -> None:
    prediction = [
        ["dog", "cat"][label == "cat" if i % 5 else label != "cat"]
        for i, label in enumerate(ROWS["label"])
    ]
    rows: dict[str, Any] = ROWS | {"split": split_of(2000, 1000, 1000), "prediction": prediction}
    rows["id"] = [i if i < 2000 or i >= 2200 else i - 2000 for i in range(N)]
    rows["prediction"][2000:2200] = rows["label"][2000:2200]
    found = headway.check_splits(rows, margin=0.05)
    kind, error = found.result.errors["dev"]
    assert ("id", 200, 800) == (kind, error.leaked.n, error.clean.n)
    assert 0.2 == pytest.approx(error.clean.estimate)
    assert -0.04 == pytest.approx(error.bias.estimate)
    assert "HW359" in codes(found)
    assert 0.16 == pytest.approx(found.result.sizes[0].rate)


def test_check_when_the_field_is_of_another_kind_then_is_found_without_labels() -> None:
    field = {name: values[:1000] for name, values in ROWS.items()}
    field["width"] = [value + 60 for value in field["width"]]
    field["label"] = [None] * 1000
    field["id"] = [*range(N, N + 1000)]
    rows = {name: [*ROWS[name], *field[name]] for name in ROWS}
    found = headway.check_splits(
        rows | {"split": [*split_of(1000, 1500, 1500), *["field"] * 1000]}, margin=0.05
    )
    assert {"HW351"} == codes(found)
    pair = next(a for a in found.result.alike if "field" in {a.first, a.second})
    assert "width" in {test.name for test in pair.differing}
    assert "label" not in {test.name for test in pair.tests}


def test_check_when_texts_and_vectors_are_nearly_copied_then_are_found(
    rng: np.random.Generator,
) -> None:
    n = 120
    words = ["alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india"]
    texts = [" ".join(rng.choice(words, 14)) for _ in range(n)]
    vectors = rng.normal(size=(n, 8))
    rows: dict[str, Any] = {
        "split": split_of(60, 40, 20),
        "id": [*range(n)],
        "text": [*texts[:60], *[text + "!" for text in texts[:3]], *texts[63:]],
        "embedding": [*vectors[:60], *(vectors[:2] + 0.001), *vectors[62:]],
    }
    rows["embedding"] = [row.tolist() for row in rows["embedding"]]
    found = headway.check_splits(rows)
    near = {leak.by[0]: leak for leak in found.result.leaks if leak.kind == "near"}
    assert (3, 2) == (near["text"].of("dev", "train"), near["embedding"].of("dev", "train"))
    assert "HW358" in codes(found)
    tests = {test.name: test.kind for test in found.result.alike[0].tests}
    assert {"classifier": "classifier", "embedding": "vectors"} == tests


def test_check_when_most_vectors_are_missing_then_their_means_are_not_compared(
    rng: np.random.Generator,
) -> None:
    vectors: list[Any] = [row.tolist() for row in rng.normal(size=(100, 3))]
    vectors[55:] = [None] * 45
    found = headway.check_splits({"split": ["dev"] * 50 + ["test"] * 50, "e": vectors})
    assert ["classifier"] == [test.name for test in found.result.alike[0].tests]


def test_check_when_pictures_are_copied_then_are_found(tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    rows: dict[str, list[Any]] = {"split": [], "media": [], "id": []}
    for i, name in enumerate(split_of(8, 4, 2)):
        seen = i if i != 9 else 2
        pixels = np.kron(np.random.default_rng(seen).integers(0, 255, (8, 8)), np.ones((4, 4)))
        path = tmp_path / f"{i}.png"
        image.fromarray(pixels.astype(np.uint8)).save(path)
        for key, value in (("split", name), ("media", str(path)), ("id", i)):
            rows[key].append(value)
    found = headway.check_splits(rows)
    near = next(leak for leak in found.result.leaks if leak.kind == "near")
    assert (1, 0) == (near.of("dev", "train"), near.of("test", "train"))


def test_check_when_vectors_differ_in_direction_then_the_classifier_tells(
    rng: np.random.Generator,
) -> None:
    vectors = rng.normal(size=(800, 16))
    vectors[400:, 0] += 1.0
    rows = {"split": ["dev"] * 400 + ["test"] * 400, "e": [row.tolist() for row in vectors]}
    found = headway.check_splits(rows)
    assert "HW350" in codes(found)
    assert {"classifier", "e"} == {test.name for test in found.result.alike[0].differing}


def test_check_when_groups_decide_then_the_classifier_deals_groups(
    rng: np.random.Generator,
) -> None:
    group = np.repeat(np.arange(60), 20)
    x = rng.normal(0, 3, 60)[group] + rng.normal(size=1200)
    rows = {"split": np.where(group < 30, "dev", "test").tolist(), "x": x.tolist()}
    rows |= {"patient": group.tolist(), "id": [*range(1200)]}
    found = headway.check_splits(rows, columns={"group": "patient"})
    told = next(t for t in found.result.alike[0].tests if t.kind == "classifier")
    assert told.p > 0.01
    alone = headway.check_splits(rows, columns={"group": "patient"}, ignore_group=True)
    assert known(alone.result.alike[0]).n == (600, 600)


def test_check_when_time_is_not_named_then_asks_whether_it_matters(
    rng: np.random.Generator,
) -> None:
    when = [date(2026, 1, 1) + timedelta(days=int(d)) for d in rng.integers(0, 99, N)]
    rows = ROWS | {"split": split_of(2000, 1000, 1000), "when": when}
    assert "HW356" in codes(headway.check_splits(rows, margin=0.05), Verdict.UNDETERMINED)
    assert "HW356" in codes(headway.check_splits(rows, time="when", margin=0.05))
    with pytest.raises(ColumnError, match="no column 'then' to count by"):
        headway.check_splits(rows, time="then")


def test_check_when_parts_are_named_then_small_ones_are_said() -> None:
    device = ["rare" if i % 200 == 0 else "often" for i in range(N)]
    rows = ROWS | {"split": split_of(0, 2000, 2000), "device": device}
    found = headway.check_splits(rows, by=("device",), margin=0.05)
    sentence = next(f.sentence for f in found.findings if f.code == "HW353")
    assert "'rare' (10)" in sentence
    with pytest.raises(ColumnError, match="no column 'devise' to count by"):
        headway.check_splits(rows, by=("devise",))


def test_check_when_rows_are_few_then_cannot_tell_and_wants_more() -> None:
    rows = {name: values[:60] for name, values in ROWS.items()} | {"split": split_of(20, 20, 20)}
    found = headway.check_splits(rows)
    assert "HW350" in codes(found, Verdict.UNDETERMINED)
    tiny = {name: values[:12] for name, values in ROWS.items()} | {"split": split_of(4, 4, 4)}
    alike = headway.check_splits(tiny).result.alike[0]
    assert "classifier" not in {test.name for test in alike.tests}


def test_check_when_there_is_one_set_then_its_size_is_judged() -> None:
    found = headway.check_splits({"id": [*range(50)], "x": [0.5] * 50})
    assert {"HW353"} == codes(found.result)
    assert {"HW350", "HW352"} == codes(found.result, Verdict.NOT_APPLICABLE)


def test_check_when_errors_come_in_groups_then_rows_are_worth_less() -> None:
    group = [i // 20 for i in range(N)]
    correct = [int(g % 5 != 0) for g in group]
    rows = ROWS | {"split": split_of(1000, 1500, 1500), "group": group, "correct": correct}
    size = headway.check_splits(rows).result.sizes[0]
    assert size.n_eff < 300
    assert headway.check_splits(rows, ignore_group=True).result.sizes[0].n_eff == 1500


def test_check_when_the_table_holds_several_models_then_one_must_be_chosen() -> None:
    rows = ROWS | {"split": split_of(2000, 1000, 1000), "model": ["a", "b"] * (N // 2)}
    with pytest.raises(SourceError, match="The table holds 2 models: a, b"):
        headway.check_splits(rows)
    assert 2000 == sum(headway.check_splits(rows, model="a").result.n.values())
    assert 4000 == sum(headway.check_splits(rows | {"model": ["a"] * N}).result.n.values())


def test_check_when_no_split_is_known_then_is_refused() -> None:
    with pytest.raises(SplitError, match="The split column holds only unknown splits"):
        headway.check_splits({"split": ["fold 1", "fold 2"], "x": [1, 2]})


def test_check_when_typed_then_problems_come_first(headway: Headway, images: str) -> None:
    headway("split", images, "--dev", "900", "--test", "900", "--out", "s.parquet")
    ran = headway("check-splits", "s.parquet", "--json", "--out", "check.html")
    assert {"n", "comparisons", "sizes", "leaks", "errors", "columns", "aside"} == set(
        ran.json["result"]
    )
    text = headway("check-splits", "s.parquet", "-v").out
    assert text.startswith("1 thing is wrong with the splits: too small for the margin.")


def test_check_when_rows_are_in_no_known_split_then_are_counted_or_refused() -> None:
    rows = {"x": [*range(300)], "split": ["fold 1", None, *["dev", "test"] * 149]}
    answer = headway.check_splits(rows)
    assert {"no_split": 1, "unknown_split": 1} == known(answer.intake).unusable
    assert 300 == known(answer.intake).rows
    with pytest.raises(SourceError, match=r"2 of 300 rows cannot be used.*Unknown splits: fold 1"):
        headway.check_splits(rows, max_unusable=0.005)


def test_split_when_it_would_overwrite_what_it_reads_then_is_refused(
    headway: Headway, images: str, tmp_path: Path
) -> None:
    (tmp_path / "splits").mkdir()
    inside = tmp_path / "splits" / "train.parquet"
    pl.DataFrame(ROWS).write_parquet(inside)
    for source, out in ((images, "splits/../images.parquet"), (str(inside), "splits")):
        ran = headway("split", source, "--out", out)
        assert (3, True) == (ran.code, "would be overwritten" in ran.err)
        assert N == len(pl.read_parquet(source))


def test_split_when_all_rows_are_of_one_group_then_nothing_is_written(tmp_path: Path) -> None:
    rows = {"x": [*range(100)], "group": ["one"] * 100}
    with pytest.raises(SplitError, match=r"Of 100 rows, .* would get none"):
        headway.split(rows, out=tmp_path / "splits")
    assert [] == [*tmp_path.iterdir()]


def test_split_when_a_moment_is_none_then_its_own_option_is_named() -> None:
    rows = {"id": [*range(9)], "day": [f"2026-01-0{i + 1}" for i in range(9)]}
    with pytest.raises(TargetError, match="'hello' is no day") as refused:
        headway.split(rows, time="day", dev_from="hello")
    assert "write it so: --dev-from 2026-01-31." == refused.value.hint
