from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw
import polars as pl
import pytest

from headway.errors import ColumnError, EngineError
from headway.frames.hashing import UNIT, coefficients, cubic, unit_of_text, with_unit

if TYPE_CHECKING:
    from tests.conftest import FrameOf

VECTORS = Path(__file__).parents[2] / "methods_vectors.json"


@pytest.fixture(scope="module")
def noted() -> dict[str, dict[str, Any]]:
    listed = json.loads(VECTORS.read_text(encoding="utf-8"))["vectors"]
    return {vector["name"]: vector for vector in listed}


def lazy(native: Any) -> nw.LazyFrame[Any]:
    """A native table as a lazy frame."""
    frame = nw.from_native(native)
    return frame if isinstance(frame, nw.LazyFrame) else frame.lazy()


def units(native: Any, names: list[str], salt: str = "headway") -> dict[Any, float | None]:
    """The number of each row, by its place."""
    table = with_unit(lazy(native), names, salt).collect("polars")
    found = nw.to_native(table).fill_nan(None)
    return dict(zip(found["place"].to_list(), found[UNIT].to_list(), strict=True))


def test_whole_numbers_when_hashed_then_are_those_of_the_methods_note(
    frame_of: FrameOf, noted: dict[str, dict[str, Any]]
) -> None:
    vector = noted["hash_cubic_mod_mersenne31"]
    ids = vector["inputs"]["ids"]
    rows = lazy(frame_of({"place": [*range(len(ids))], "id": ids}))
    hashed = rows.with_columns(h=cubic(nw.col("id"), vector["inputs"]["coefficients"]))
    table = nw.to_native(hashed.collect("polars")).sort("place")
    assert vector["expected"]["hash"] == table["h"].to_list()


def test_texts_when_hashed_then_are_those_of_the_methods_note(
    noted: dict[str, dict[str, Any]],
) -> None:
    vector = noted["hash_blake2b_string_keys"]
    found = [unit_of_text(key, vector["inputs"]["salt"]) for key in vector["inputs"]["keys"]]
    assert vector["expected"]["unit_float"] == pytest.approx(found, abs=1e-11)
    assert vector["expected"]["unit"] == [round(unit * 2**53) for unit in found]


def test_keys_when_rows_lie_in_any_engine_then_get_the_same_numbers(frame_of: FrameOf) -> None:
    table: dict[str, list[Any]] = {
        "place": [0, 1, 2, 3, 4],
        "patient": ["ann", None, "é'\"", "ann", None],
        "id": [7, 8, 9, -3, 2**40],
    }
    found = units(frame_of(table), ["patient", "id"])
    expected = {i: unit_of_text(table["patient"][i], "headway") for i in (0, 2, 3)}
    by_id = units(pl.DataFrame(table), ["id"])
    assert expected | {1: by_id[1], 4: by_id[4]} == pytest.approx(found, abs=1e-15)
    assert found[0] == found[3]


def test_keys_when_they_are_categories_or_whole_decimals_then_are_what_they_say(
    frame_of: FrameOf,
) -> None:
    table = {"place": [0, 1], "kind": ["a", "b"], "n": [3.0, None], "flag": [True, False]}
    native = frame_of(table, {"kind": pl.Categorical})
    assert unit_of_text("a", "headway") == units(native, ["kind"])[0]
    whole = units(pl.DataFrame({"place": [0], "n": [3]}), ["n"])
    assert {0: whole[0], 1: None} == units(native, ["n"])
    assert 2 == len(set(units(native, ["flag"]).values()))


def test_rows_without_a_key_when_hashed_then_equal_rows_get_equal_numbers() -> None:
    table = pl.DataFrame({"x": [1.0, 2.5, 1.0], "t": ["a", None, "a"], "v": [[1.0], [2.0], [1.0]]})
    rows = table.with_row_index("place").select("x", "t", "v")
    found = nw.to_native(with_unit(lazy(rows.lazy()), [], "s").collect())[UNIT].to_list()
    turned = nw.to_native(with_unit(lazy(rows.select("v", "x", "t")), [], "s").collect())
    assert found[0] == found[2] != found[1]
    assert found == turned[UNIT].to_list()


@pytest.mark.parametrize("to", ["to_pandas", "to_arrow"])
def test_rows_without_a_key_when_in_other_tables_then_get_the_same_numbers(to: str) -> None:
    vectors = {"v": [[1.0], [2.5], [3.0]]} if to == "to_arrow" else {}
    table = pl.DataFrame(
        {"place": [0, 1, 2], "x": [1.0, 2.5, 3.0], "t": ["a", "b", "a"], **vectors}
    )
    assert units(table, []) == units(getattr(table, to)(), [])


def test_salts_when_they_differ_then_so_do_the_numbers() -> None:
    table = pl.DataFrame({"place": [0], "id": [5], "name": ["x"]})
    for names in (["id"], ["name"], []):
        assert units(table, names, "a") != units(table, names, "b")
    assert all(0 < c < 2**31 - 1 for c in coefficients("any"))


def test_salt_when_it_is_long_then_all_of_it_counts() -> None:
    assert unit_of_text("x", "s" * 40 + "1") != unit_of_text("x", "s" * 40 + "2")


def test_large_unsigned_numbers_when_hashed_then_fit() -> None:
    table = pl.DataFrame({"place": [0], "id": [2**63 + 5]}, schema_overrides={"id": pl.UInt64})
    small = pl.DataFrame({"place": [0], "id": [(2**63 + 5) % (2**31 - 1)]})
    assert units(small, ["id"]) == units(table, ["id"])


def test_keys_when_they_have_decimals_then_are_refused() -> None:
    with pytest.raises(ColumnError, match="used as key of a split, holds numbers with decimals"):
        with_unit(lazy(pl.DataFrame({"id": [1.5, 2.0]})), ["id"], "s")


def test_keys_when_they_are_lists_then_are_refused() -> None:
    with pytest.raises(ColumnError, match="'id', used as key of a split, holds list"):
        with_unit(lazy(pl.DataFrame({"id": [[1]]})), ["id"], "s")


def test_rows_of_duckdb_when_they_have_no_key_then_are_refused() -> None:
    duckdb = pytest.importorskip("duckdb")
    with pytest.raises(EngineError, match="Nothing tells one row of duckdb from another"):
        with_unit(lazy(duckdb.connect().sql("SELECT 1 AS x")), [], "s")


def test_rows_of_other_engines_when_their_keys_are_texts_then_are_refused() -> None:
    ibis, pyarrow = pytest.importorskip("ibis"), pytest.importorskip("pyarrow")
    table = ibis.memtable(pyarrow.table({"id": ["a"]}))
    with pytest.raises(EngineError, match="Rows of ibis cannot be split by the texts of 'id'"):
        with_unit(lazy(table), ["id"], "s")
