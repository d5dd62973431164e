"""How Headway says no: one family of errors, one wording.

Each refusal is three sentences built from data, always in this order: what is wrong, what was
expected, what to do now. No message is written at the place where it is raised.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, ClassVar, Final, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = [
    "ColumnError",
    "CountError",
    "EngineError",
    "HeadwayError",
    "ProjectError",
    "SourceError",
    "SplitError",
    "TargetError",
]

MOST_ALTERNATIVES = 5


def _listed(names: Iterable[str]) -> str:
    """At most five names, joined by commas, with the number left out."""
    names = [str(name) for name in names]
    shown = ", ".join(names[:MOST_ALTERNATIVES])
    left = len(names) - MOST_ALTERNATIVES
    return f"{shown} and {left} more" if left > 0 else shown


def _close(name: str, present: Sequence[str]) -> str | None:
    """The present name closest to the given one, if any is close."""
    by_lower = {other.lower(): other for other in present}
    found = get_close_matches(name.lower(), list(by_lower), n=1, cutoff=0.6)
    return by_lower[found[0]] if found else None


class HeadwayError(ValueError):
    """Input that Headway refuses: a problem, what was expected, and what to do.

    Args:
        problem: What is wrong, with the name and the value that was given.
        expected: What was expected instead, without the word "Expected".
        hint: What to do now, without the word "Hint".

    Examples:
        >>> print(HeadwayError("Size is -1.", "a positive number.", "give --size 100."))
        Size is -1.
        Expected: a positive number.
        Hint: give --size 100.

    References:
        The wording follows ``docs/decisions/0004``: only wrong use raises.
    """

    code: ClassVar[str] = "headway"
    exit_code: ClassVar[int] = 3

    def __init__(self, problem: str, expected: str, hint: str) -> None:
        super().__init__(problem, expected, hint)
        self.problem = problem
        self.expected = expected
        self.hint = hint

    def __str__(self) -> str:
        """The three sentences, one a line."""
        return f"{self.problem}\nExpected: {self.expected}\nHint: {self.hint}"


class ColumnError(HeadwayError):
    """A column is missing, or holds what its role does not allow."""

    code = "column"

    @classmethod
    def missing(cls, role: str, name: str, present: Sequence[str]) -> Self:
        """A column was named for a role and is not in the table."""
        close = _close(name, present)
        return cls(
            f"Column '{name}', given for the role '{role}', is not in the table.",
            f"one of its {len(present)} columns: {_listed(present)}.",
            f"did you mean '{close}'?" if close else f"name it with --columns {role}=NAME.",
        )

    @classmethod
    def unknown(cls, name: str, present: Sequence[str]) -> Self:
        """Rows were asked by a column that is not in the table."""
        close = _close(name, present)
        return cls(
            f"The table has no column '{name}' to count by.",
            f"one of its {len(present)} columns: {_listed(present)}.",
            f"did you mean '{close}'?" if close else "check the names of the columns.",
        )

    @classmethod
    def unknown_role(cls, role: str, roles: Sequence[str]) -> Self:
        """A name was given for a role that does not exist."""
        close = _close(role, roles)
        return cls(
            f"'{role}' is not a role that a column can play.",
            f"one of the {len(roles)} roles: {_listed(roles)}.",
            f"did you mean '{close}'?" if close else "write --columns label=NAME,prediction=NAME.",
        )

    @classmethod
    def ambiguous(cls, role: str, names: Sequence[str]) -> Self:
        """Several columns have a usual name of the same role."""
        return cls(
            f"The columns {_listed(names)} could each be the {role}.",
            f"one column for the role '{role}'.",
            f"name it with --columns {role}={names[0]}.",
        )

    @classmethod
    def unfit(cls, role: str, name: str, found: str, expected: str) -> Self:
        """A column holds what its role does not allow."""
        return cls(
            f"Column '{name}', used as {role}, holds {found}.",
            f"{expected}.",
            f"correct the column, or name another with --columns {role}=NAME.",
        )

    @classmethod
    def fractional(cls, role: str, name: str) -> Self:
        """A column of fractions was asked as a key."""
        return cls(
            f"Column '{name}', used as {role}, holds numbers with decimals.",
            "text, booleans or whole numbers, because rows are counted by its values.",
            f"cut '{name}' into named bins first, or use it as a loss.",
        )

    @classmethod
    def nothing_to_judge(cls, present: Sequence[str]) -> Self:
        """No column says whether a prediction was right."""
        return cls(
            f"None of the {len(present)} columns says whether a prediction was right: "
            f"{_listed(present)}.",
            "label and prediction (or p_<class>), or correct, or loss.",
            "name them with --columns label=NAME,prediction=NAME.",
        )

    @classmethod
    def role_absent(cls, role: str, purpose: str, present: Sequence[str]) -> Self:
        """A question needs a role that no column plays."""
        return cls(
            f"No column plays the role '{role}', which {purpose} needs.",
            f"that role beside those found: {_listed(sorted(present))}.",
            f"name it with --columns {role}=NAME.",
        )

    @classmethod
    def no_value(cls, name: str, value: object) -> Self:
        """No row has the value that was chosen."""
        return cls(
            f"No row has '{value}' in column '{name}'.",
            f"a value that '{name}' holds, written as it is there.",
            "check its spelling; capitals matter.",
        )

    @classmethod
    def uneven(cls, lengths: Mapping[str, int]) -> Self:
        """Columns of one table have different lengths."""
        said = _listed(f"{name} {n}" for name, n in lengths.items())
        return cls(
            f"The columns have different lengths: {said}.",
            "one value per row in each column.",
            "compare how the columns were made.",
        )

    @classmethod
    def mixed(cls, name: str, kinds: Sequence[str]) -> Self:
        """A column holds values of several kinds."""
        return cls(
            f"Column '{name}' mixes {_listed(kinds)}.",
            "one kind of value in a column, or none where it is missing.",
            f"write every value of '{name}' as the same kind.",
        )


class SplitError(HeadwayError):
    """Splits are missing, unknown or empty."""

    code = "split"

    @classmethod
    def two_words(cls, split: str, column: str) -> Self:
        """A table was named for one split and has a column of splits."""
        expected = f"rows of {split} alone, without that column."
        hint = "give the files without a split option, or drop the column."
        return cls(f"The rows of '{split}' have a column '{column}' of their own.", expected, hint)

    @classmethod
    def only_unknown(cls, names: Sequence[str]) -> Self:
        """No row belongs to a split that Headway knows."""
        return cls(
            f"The split column holds only unknown splits: {_listed(names) or 'nothing'}.",
            "train, train_dev, dev, test or field (val, valid, eval and prod are understood).",
            "rename the splits, or name the right column with --columns split=NAME.",
        )

    @classmethod
    def two_names(cls, split: str, names: Sequence[str]) -> Self:
        """Two names in the table mean the same split."""
        return cls(
            f"The splits {_listed([repr(name) for name in names])} would all be read as '{split}'.",
            "one name for each split.",
            "rename all but one, or give them the name of another split.",
        )

    @classmethod
    def unknown(cls, name: str, known: Sequence[str]) -> Self:
        """A split was named that is not one of those known."""
        close = _close(name, known)
        return cls(
            f"'{name}' is no split.",
            f"one of {_listed(known)}.",
            f"did you mean '{close}'?" if close else "name it as one of these.",
        )

    @classmethod
    def no_rung(cls) -> Self:
        """No split holds a row that can be used."""
        return cls(
            "There is no error to stand on a ladder.",
            "predictions with labels in at least one of train, train_dev, dev, test, field.",
            "name the split column with --columns split=NAME.",
        )


class CountError(HeadwayError):
    """A number that cannot be a count, a rate, a weight or a level."""

    code = "count"

    @classmethod
    def outside(cls, name: str, value: object, expected: str) -> Self:
        """A number lies outside its range."""
        return cls(f"{name} is {value}.", f"{expected}.", f"correct {name} and try again.")

    @classmethod
    def too_many_cells(cls, keys: Sequence[str], widest: str, most: int) -> Self:
        """Counting by these keys would not give a small table."""
        return cls(
            f"Counting by {_listed(keys)} gives more than {most} cells.",
            f"at most {most} cells.",
            f"'{widest}' has the most values: leave it out, or cut it into fewer.",
        )


class TargetError(HeadwayError):
    """The target or the reference level cannot be read."""

    code = "target"

    @classmethod
    def unknown(cls, role: str, name: str, known: Sequence[str]) -> Self:
        """A name was given that is not one of those known."""
        close = _close(name, known)
        return cls(
            f"'{name}' is no {role}.",
            f"one of {_listed(known)}.",
            f"did you mean '{close}'?" if close else f"choose one of the {len(known)}.",
        )

    @classmethod
    def repeated(cls, role: str, name: str) -> Self:
        """A name was given twice."""
        hint = "give the second one another name, or leave it out."
        return cls(f"The {role} '{name}' is given twice.", f"each {role} once.", hint)

    @classmethod
    def one_question(cls, n: int) -> Self:
        """Not exactly one question was asked."""
        return cls(
            f"{n} questions are asked at once.",
            "one of half_width, difference, n, total and no_error.",
            "ask one: headway size --rate 5% --half-width 0.5%",
        )

    @classmethod
    def not_a_day(cls, text: str) -> Self:
        """A text is no day."""
        return cls(f"'{text}' is no day.", "a day such as 2026-01-31.", "write it so: --as-of.")

    @classmethod
    def needs_rows(cls, what: str) -> Self:
        """Numbers were given where rows are needed."""
        return cls(
            f"{what[0].upper()}{what[1:]} cannot be made from bare numbers.",
            "a predictions table.",
            "give the files: headway table predictions.parquet",
        )

    @classmethod
    def not_a_rate(cls, text: str) -> Self:
        """A text cannot be read as an error with or without its n."""
        return cls(
            f"'{text}' cannot be read as an error.",
            "a fraction from 0 to 1 or a percentage, with the number of examples if known.",
            "write 0.08, 8% or 8%/50000.",
        )


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
        close = _close(path, present)
        return cls(
            f"There is no file '{path}'.",
            f"{_TABLE_FILE}.",
            f"did you mean '{close}'?" if close else "check the path; quote it if it has spaces.",
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
            f"{_listed(names)} holds no row.",
            "a table with at least one row below its header.",
            "write the predictions again, or name another file.",
        )

    @classmethod
    def refused(cls, sources: Sequence[str], engine: str, why: str) -> Self:
        """An engine gave up; its own words are the cause, shown by --debug."""
        return cls(
            f"{engine} could not count {_listed(sources)}: {why}.",
            "a table with one row per example, and one type of value in each column.",
            "--debug shows the engine's own words; saving the table as Parquet often helps.",
        )

    @classmethod
    def unusable(
        cls, reasons: Mapping[str, int], n: int, allowed: float, unknown: Sequence[str] = ()
    ) -> Self:
        """More rows are unusable than allowed, or all."""
        n_unusable, few = sum(reasons.values()), sum(reasons.values()) < n
        words = _listed(f"{reason} {count}" for reason, count in reasons.items() if count)
        splits = f" Unknown splits: {_listed(unknown)}." if unknown else ""
        return cls(
            f"{n_unusable} of {n} rows cannot be used: {words}.{splits}",
            f"at most {allowed:g} of all rows." if few else "at least one row that can be used.",
            "correct them, or raise --max-unusable." if few else "correct them, or see --columns.",
        )

    @classmethod
    def several_models(cls, names: Sequence[str]) -> Self:
        """The rows of several models would be added up."""
        return cls(
            f"The table holds {len(names)} models: {_listed(names)}.",
            "one model.",
            f"choose one with --model {names[0]}.",
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
            f"a file that ends in {_listed(known)}.",
            f"choose one, such as '{path.rpartition('.')[0] or path}.html'.",
        )

    @classmethod
    def unwritable(cls, path: str, why: str) -> Self:
        """A table cannot be written."""
        return cls(
            f"'{path}' cannot be written: {why}.",
            "a path ending in .parquet, .csv, .ndjson, .arrow or .feather in a folder you may "
            "write to.",
            "give another path.",
        )


class ProjectError(HeadwayError):
    """The project file cannot be read or written."""

    code = "project"

    @classmethod
    def absent(cls, folder: str) -> Self:
        """No project file was found."""
        return cls(
            f"No headway.toml in {folder} or above it.",
            "a project, or the predictions on the command line.",
            "make one with 'headway init', or give the files.",
        )

    @classmethod
    def exists(cls, path: str) -> Self:
        """A project file would be written over."""
        return cls(
            f"{path} exists already.",
            "a folder without a project.",
            "edit it by hand, or remove it first.",
        )

    @classmethod
    def not_read(cls, path: str, reason: str) -> Self:
        """The project file is there and cannot be read."""
        return cls(
            f"{path} cannot be read: {reason}.",
            "a project file that you may read.",
            "correct its permissions, or name another project.",
        )

    @classmethod
    def not_toml(cls, path: str, reason: str) -> Self:
        """The project file is not TOML."""
        return cls(
            f"{path} is not TOML: {reason}.",
            "a file such as 'headway init' writes.",
            "correct that line.",
        )

    @classmethod
    def bad_key(cls, path: str, key: str, reason: str, known: Sequence[str]) -> Self:
        """A key of the project file is unknown, or holds what it may not."""
        last = key.rpartition(".")[2]
        close = _close(last, known)
        return cls(
            f"'{key}' in {path}: {reason}.",
            f"one of the keys {_listed(known)}." if known else "what docs/guide/init.md shows.",
            f"did you mean '{close}'?" if close else f"correct or remove '{key}'.",
        )

    @classmethod
    def not_written(cls, path: str, reason: str) -> Self:
        """A file cannot be written."""
        return cls(
            f"{path} cannot be written: {reason}.",
            "a place where files may be written.",
            "choose another folder, or correct its permissions.",
        )

    @classmethod
    def nothing_declared(cls, path: str, what: str, hint: str) -> Self:
        """The project does not say what a command needs."""
        return cls(f"{path} declares no {what}.", f"at least one {what}.", hint)


class EngineError(HeadwayError):
    """An engine or an optional dependency is missing."""

    code = "engine"

    @classmethod
    def unfit(cls, name: str, what: str, known: Sequence[str]) -> Self:
        """An engine cannot do what it was chosen for."""
        return cls(
            f"The engine '{name}' cannot compare {what}.",
            f"one of {_listed(known)}.",
            f"make the table one of {known[0]}'s.",
        )

    @classmethod
    def unknown(cls, name: str, known: Sequence[str]) -> Self:
        """An engine was named that does not exist."""
        return cls(
            f"'{name}' is not an engine for files.",
            f"one of {_listed(known)}.",
            "leave --engine out to use the quickest.",
        )
