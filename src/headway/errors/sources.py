"""Files, tables and models that cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Self

from headway.errors.refusal import HeadwayError, closest, listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["SourceError"]


_TABLE_FILE: Final = "a whole Parquet, CSV, NDJSON or Arrow file"

FILE_FAULTS: Final[Mapping[str, tuple[str, str]]] = {
    "directory": ("is a folder", "write '{path}/*.parquet' (in quotes)"),
    "special": ("is not a regular file", "save the table as a file first"),
    "unreadable": ("may not be read", "check its permissions with ls -l '{path}'"),
    "ending": (
        "has an ending that does not say what it holds",
        "end its name in .parquet, .csv, .tsv, .ndjson, .jsonl, .arrow or .feather",
    ),
    "empty": ("is empty (0 bytes)", "write the predictions again"),
    "binary": (
        "is named as text, but its first bytes are {found}",
        "name the file after what it holds",
    ),
    "content": (
        "does not begin as its ending says: its first bytes are {found}",
        "name the file after what it holds, or write it again",
    ),
    "encoding": ("is text in {found}", "convert it: iconv -f {found} -t UTF-8 '{path}' > utf8.csv"),
    "truncated": ("breaks off before its end", "copy or write it again; a transfer was cut short"),
    "quote": (
        "has a double quote that is never closed",
        'close it, or double it inside a field (""), or save the table as Parquet',
    ),
    "pattern": ("matches no file", "check the folder and the ending, such as 'runs/*.parquet'"),
}
"""What can be wrong with a file before an engine opens it: the problem and the hint of each."""


class SourceError(HeadwayError):
    """A file, a table or a model cannot be read."""

    code = "source"

    @classmethod
    def file(cls, fault: str, path: str, found: str = "") -> Self:
        """A file is not what it should be: one of ``FILE_FAULTS``."""
        problem, hint = (text.format(path=path, found=found) for text in FILE_FAULTS[fault])
        return cls(f"'{path}' {problem}.", f"{_TABLE_FILE}, text in UTF-8.", f"{hint}.")

    @classmethod
    def missing_file(cls, path: str, present: Sequence[str]) -> Self:
        """There is no file of this name."""
        close = closest(path, present)
        return cls(
            f"There is no file '{path}'.",
            f"{_TABLE_FILE}.",
            f"did you mean '{close}'?" if close else "check the path; quote it if it has spaces.",
        )

    @classmethod
    def no_array(cls, path: str, why: str) -> Self:
        """A file holds no array of numbers."""
        return cls(
            f"'{path}' holds no array that can be compared: {why}.",
            "a .npy file of numbers, one row per example.",
            "write it with numpy.save.",
        )

    @classmethod
    def no_picture(cls, path: str, why: str) -> Self:
        """A file holds no picture."""
        return cls(
            f"'{path}' holds no picture that can be compared: {why}.",
            "an image file that Pillow opens, such as PNG, JPEG, WebP or TIFF.",
            "write it again, or leave its row out.",
        )

    @classmethod
    def nothing_given(cls) -> Self:
        """No file and no table was given."""
        return cls(
            "No predictions were given.",
            "at least one file or table.",
            "name a file, such as predictions.parquet.",
        )

    @classmethod
    def not_a_table(cls, found: str) -> Self:
        """A value is neither a path nor a frame."""
        return cls(
            f"A value of type '{found}' is neither a path nor a table.",
            "a path, or a Polars, pandas, PyArrow, DuckDB, PySpark or Ibis table.",
            "pass the table itself, or the path of a file.",
        )

    @classmethod
    def no_rows(cls, names: Sequence[str]) -> Self:
        """A table has columns and no row."""
        return cls(
            f"{listed(names)} holds no row.",
            "a table with at least one row below its header.",
            "write the predictions again, or name another file.",
        )

    @classmethod
    def refused(cls, sources: Sequence[str], engine: str, why: str) -> Self:
        """An engine gave up; its own words are the cause, shown by --debug."""
        return cls(
            f"{engine} could not count {listed(sources)}: {why}.",
            "a table with one row per example, and one type of value in each column.",
            "--debug shows the engine's own words; saving the table as Parquet often helps.",
        )

    @classmethod
    def unusable(
        cls, reasons: Mapping[str, int], n: int, allowed: float, unknown: Sequence[str] = ()
    ) -> Self:
        """More rows are unusable than allowed, or all."""
        n_unusable, few = sum(reasons.values()), sum(reasons.values()) < n
        words = listed(f"{reason} {count}" for reason, count in reasons.items() if count)
        splits = f" Unknown splits: {listed(unknown)}." if unknown else ""
        return cls(
            f"{n_unusable} of {n} rows cannot be used: {words}.{splits}",
            f"at most {allowed:g} of all rows." if few else "at least one row that can be used.",
            "correct them, or raise --max-unusable." if few else "correct them, or see --columns.",
        )

    @classmethod
    def several_models(cls, names: Sequence[str]) -> Self:
        """The rows of several models would be added up."""
        return cls(
            f"The table holds {len(names)} models: {listed(names)}.",
            "one model.",
            f"choose one with --model {names[0]}.",
        )

    @classmethod
    def nothing_finished(cls, what: str, states: Mapping[str, int]) -> Self:
        """No run or trial has come to its end."""
        found = listed(f"{n} {state}" for state, n in states.items()) or "none"
        return cls(
            f"Not one of the {what} has finished: {found}.",
            "at least one that has finished.",
            "wait for one, or name another study or server.",
        )

    @classmethod
    def nothing_shared(cls, names: Sequence[str]) -> Self:
        """No example was answered by all models."""
        return cls(
            f"Models without common ids: {listed(names)} share no example.",
            "at least one example that every model answered, with the same id in each.",
            "write ids alike, such as 1042 and not 'dev/1042', or leave out a model of other data.",
        )

    @classmethod
    def no_labels(cls, n: int) -> Self:
        """No row has a final label yet."""
        return cls(
            f"None of the {n} rows has a final label.",
            "at least one row with a label.",
            "label some rows, or name the label with --columns label=NAME.",
        )

    @classmethod
    def unfit_model(cls, kind: str) -> Self:
        """A model can neither predict nor be called."""
        return cls(
            f"A model of type '{kind}' cannot be asked for predictions.",
            "an estimator with predict, a PyTorch module, or a function from inputs to answers.",
            "wrap it: lambda inputs: ... that returns one answer per row.",
        )

    @classmethod
    def unfit_answer(cls, found: str) -> Self:
        """A model answers in a form that is neither classes nor scores."""
        return cls(
            f"The model answers with {found}.",
            "one value per row, or one row of scores, one per class, the same in every split.",
            "wrap the model in a function that returns only that.",
        )

    @classmethod
    def nameless_scores(cls, n_scores: int, n_names: int) -> Self:
        """A model gives scores, and nobody says for which classes."""
        return cls(
            f"The model gives {n_scores} score(s) a row for {n_names} named class(es).",
            "one name per class, in the order of the scores.",
            'name them, such as classes=["cat", "dog"].',
        )

    @classmethod
    def no_pair(cls, split: str, found: str) -> Self:
        """The data of a split are not inputs with labels."""
        return cls(
            f"The data of '{split}' are {found}.",
            "inputs and labels, one label per row.",
            f"give (inputs, labels) for '{split}'.",
        )

    @classmethod
    def no_examples(cls, split: str) -> Self:
        """A split was given and is empty."""
        return cls(
            f"The data of '{split}' hold no rows.",
            "at least one row.",
            f"leave '{split}' out.",
        )

    @classmethod
    def lengths(cls, split: str, first: str, n_first: int, second: str, n_second: int) -> Self:
        """Two things that belong together row by row have different lengths."""
        return cls(
            f"'{split}' has {n_first} {first} and {n_second} {second}.",
            "as many of one as of the other.",
            f"compare how the {first} and the {second} of '{split}' were made.",
        )

    @classmethod
    def taken(cls, name: str) -> Self:
        """A further column has the name of one that is made."""
        return cls(
            f"The further column '{name}' has the name of a column of predictions.",
            "a name that is not taken.",
            f"rename it, for example to '{name}_given'.",
        )

    @classmethod
    def out_ending(cls, path: str, known: Sequence[str]) -> Self:
        """A file to write ends in a way that names no form."""
        return cls(
            f"'{path}' names no form that can be written.",
            f"a file that ends in {listed(known)}.",
            f"choose one, such as '{path.rpartition('.')[0] or path}.html'.",
        )

    @classmethod
    def unwritable(cls, path: str, why: str, *, is_table: bool = True) -> Self:
        """A table, or a text, cannot be written."""
        ends = "ending in .parquet, .csv, .ndjson, .arrow or .feather " if is_table else ""
        return cls(
            f"'{path}' cannot be written: {why}.",
            f"a path {ends}in a folder you may write to.",
            "give another path.",
        )

    @classmethod
    def own_source(cls, path: str) -> Self:
        """A file would be written over one that is read."""
        return cls(
            f"'{path}' is one of the files that are read, and would be overwritten.",
            "a file, or a folder whose files are none of those that are read.",
            "name another one with --out.",
        )

    @classmethod
    def no_metrics(cls, present: Sequence[str]) -> Self:
        """A metrics table has no column of numbers."""
        return cls(
            f"The metrics table has no column of numbers: {listed(present)}.",
            "one row for each model and one column of numbers for each metric.",
            "write it so: model,accuracy,running_time_ms",
        )
