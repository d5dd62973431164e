"""What all tests share: tables in every engine."""

from __future__ import annotations

import gc
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

import polars as pl
import pytest

from tests.summary import say_cases, say_external

Table: TypeAlias = Mapping[str, Sequence[object]]
FrameOf: TypeAlias = Callable[..., Any]

IN_MEMORY: Final = ("polars", "duckdb", "pandas", "pyarrow")
ALL_ENGINES: Final = (*IN_MEMORY, "ibis", "pyspark")


def pytest_addoption(parser: pytest.Parser) -> None:
    """The engines that tests which take ``frame_of`` run on."""
    parser.addoption(
        "--engines",
        default=",".join(IN_MEMORY),
        help=f"engines to test, of {', '.join(ALL_ENGINES)}",
    )


def pytest_collection_finish() -> None:
    """Leave what all tests share out of every later search for garbage."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """The cases of the notes, and how many tests of data by others ran."""
    say_cases(terminalreporter, config.args)
    say_external(terminalreporter)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test per chosen engine."""
    if "frame_of" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--engines").split(",")
        unknown = set(chosen) - set(ALL_ENGINES)
        if unknown:
            raise pytest.UsageError(f"--engines: {', '.join(sorted(unknown))} unknown")
        metafunc.parametrize("engine", chosen, scope="session")


@pytest.fixture(scope="session")
def frame_of(engine: str) -> Iterator[FrameOf]:
    """A function from plain columns to a native table of one engine.

    ``types`` gives Polars types to columns whose values do not tell.
    """
    yield {
        "polars": _polars,
        "duckdb": _duckdb,
        "pandas": _pandas,
        "pyarrow": _pyarrow,
        "ibis": _ibis,
        "pyspark": _pyspark,
    }[engine]
    if engine == "pyspark" and _SPARK:
        _SPARK.pop().stop()


def _polars(columns: Table, types: Mapping[str, Any] | None = None) -> Any:
    return pl.DataFrame(dict(columns), schema_overrides=types).lazy()


def _pyarrow(columns: Table, types: Mapping[str, Any] | None = None) -> Any:
    pytest.importorskip("pyarrow")
    return _polars(columns, types).collect().to_arrow()


def _pandas(columns: Table, types: Mapping[str, Any] | None = None) -> Any:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(dict(columns))
    for name, dtype in (types or {}).items():
        if dtype == pl.Categorical or isinstance(dtype, pl.Enum):
            frame[name] = frame[name].astype("category")
    return frame


def _duckdb(columns: Table, types: Mapping[str, Any] | None = None) -> Any:
    duckdb = pytest.importorskip("duckdb")
    return duckdb.connect().from_arrow(_pyarrow(columns, types))


def _ibis(columns: Table, types: Mapping[str, Any] | None = None) -> Any:
    ibis = pytest.importorskip("ibis")
    return ibis.memtable(_pyarrow(columns, types))


_SPARK: list[Any] = []


def _pyspark(columns: Table, types: Mapping[str, Any] | None = None) -> Any:
    sql = pytest.importorskip("pyspark.sql")
    if not _SPARK:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _SPARK.append(
                sql.SparkSession.builder.master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.shuffle.partitions", "2")
                .getOrCreate()
            )
        _SPARK[0].sparkContext.setLogLevel("OFF")
    frame = _polars(columns, types).collect()
    spark_types = [_spark_type(sql.types, dtype) for dtype in frame.schema.values()]
    fields = [sql.types.StructField(n, t) for n, t in zip(frame.columns, spark_types, strict=True)]
    return _SPARK[0].createDataFrame(frame.rows(), sql.types.StructType(fields))


def _spark_type(types: Any, dtype: Any) -> Any:
    if dtype.is_integer():
        return types.LongType()
    if dtype.is_float():
        return types.DoubleType()
    if isinstance(dtype, pl.List):
        return types.ArrayType(_spark_type(types, dtype.inner))
    named = {
        pl.Boolean: types.BooleanType,
        pl.Date: types.DateType,
        pl.Datetime: types.TimestampNTZType,
    }
    return named.get(type(dtype), types.StringType)()
