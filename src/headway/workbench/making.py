"""Making things: predictions, a project, a report, and the whole journey."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headway.answers import cells as cells_of
from headway.answers import ladder, origin, people_by_source, save
from headway.errors import SourceError, TargetError
from headway.frames.write import write
from headway.report.answer import Answer
from headway.report.compose import report
from headway.report.journey import Journey, journey_document
from headway.store import project as projects
from headway.store.settings import asked
from headway.store.template import text_of
from headway.strategy import human as references
from headway.strategy import ideas as idea_lists
from headway.strategy import next_steps as steps
from headway.strategy import reading, track_record
from headway.strategy import table as tables
from headway.strategy.target import policy
from headway.studies import demo as demos
from headway.studies.collect import Collected
from headway.studies.collect import collect as predictions_of
from headway.studies.demo import System

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from headway.strategy.next_steps import NextSteps
    from headway.studies.demo import Progress

__all__ = ["collect", "demo", "init", "project_at", "write_report"]


def collect(
    model: object,
    data: Mapping[str, Any],
    *,
    out: str | Path | None = None,
    metadata: Any = None,  # noqa: ANN401
    classes: Sequence[object] | None = None,
    batch_size: int = 256,
    progress: Callable[[int, int], None] | None = None,
) -> Collected:
    """Predictions of a model on each split, as a table and, if asked, a file.

    Args:
        model: A fitted scikit-learn estimator, a PyTorch module, or a function from inputs to
            answers.
        data: Per split, a pair of inputs and labels; for a module also a data set or loader.
        out: A file to write, by ending: ``.parquet``, ``.csv`` or ``.ndjson``; None for none.
        metadata: Per split, further columns.
        classes: Names of the classes in the order of the model's scores.
        batch_size: Rows a call, at least 1, of a module or a function.
        progress: Called with the number of rows done and the number known of.

    Returns:
        The columns and what was found on the way; ``headway.gaps`` reads it as it is.

    Raises:
        HeadwayError: If the model cannot be asked, or the file cannot be written.

    Examples:
        >>> from sklearn.dummy import DummyClassifier
        >>> model = DummyClassifier().fit([[0], [1]], ["cat", "cat"])
        >>> found = collect(model, {"dev": ([[3], [4]], ["dog", "cat"])})
        >>> found.columns["prediction"].tolist()
        ['cat', 'cat']

    References:
        Notes: week 2, "Build quickly, then iterate".
    """
    found = predictions_of(
        model,
        data,
        metadata=metadata,
        classes=classes,
        batch_size=batch_size,
        progress=progress,
    )
    if out is not None:
        write(found.columns, out)
    return found


def write_report(
    source: Any = None,  # noqa: ANN401
    *,
    out: str | Path = "headway-report.html",
    people: str | Mapping[str, str | float] | None = None,
    **options: Any,  # noqa: ANN401
) -> Answer[NextSteps]:
    """Write the whole report: ladder, next steps, ideas, sources and settings, in one file.

    Args:
        source: As in ``gaps``.
        out: The file, by ending: ``.html`` (needs no network), ``.md`` or ``.json``.
        people: The human error on each source, as in ``table``.
        **options: See ``headway.store.settings.Asked``.

    Returns:
        The next steps; the document is that of the report.

    Raises:
        HeadwayError: If the input cannot be used, or the file cannot be written.

    References:
        Notes: week 2, "Build quickly, then iterate".
    """
    question = asked(source, options)
    judged, intake, digest = ladder(question)
    ours = idea_lists.judge(question.ideas, judged, question.knobs)
    found = steps.judge(judged, ours, question.knobs)
    grid = None
    if question.rungs is None and judged.rung("dev") is not None:
        cells, _, is_rate = cells_of(question)
        grid = tables.judge(
            cells, human=people_by_source(people), level=question.level, is_rate=is_rate
        )
    page = report(
        found,
        ideas=ours,
        table=grid,
        intake=intake,
        settings=origin(question, digest),
    )
    save(page, out)
    findings = (*(reading.findings(intake) if intake else ()), *found.findings)
    return Answer(result=found, document=page, intake=intake, findings=findings)


def demo(
    *,
    seed: int = 0,
    folder: str | Path = "headway-demo",
    progress: Callable[[str, int, int], None] | None = None,
    command: str = "headway demo",
) -> Answer[Journey]:
    """The whole journey on scikit-learn's digits: a first system, its ladder, the advised move.

    Args:
        seed: Decides every number, at least 0.
        folder: Where predictions and report are written; made if absent.
        progress: Called with what is being done, the parts done, and the parts in all.
        command: The command that asked, for the record.

    Returns:
        The journey, with what was promised and what came of it.

    Raises:
        HeadwayError: If the seed is negative, or the files cannot be written.

    References:
        Notes: week 2, "Build your first system quickly, then iterate".
    """
    question = asked(None, {"human": demos.REFERENCE, "seed": seed, "command": command})
    before = _last(demos.first_system(seed), progress)
    made = _made(Path(folder))
    write(before.collected.columns, made / "predictions.parquet")
    judged, intake, digest = ladder(replace(question, source=before.collected))
    ours = idea_lists.judge(demos.IDEAS, judged)
    found = steps.judge(judged, ours)
    move, entry = "", None
    if judged.focus and judged.focus[0] in demos.MOVES:
        gap = judged.gap(judged.focus[0])
        after = _last(demos.advised_move(before, gap.name), progress)
        move = demos.MOVES[gap.name].title
        pairs = demos.paired(before, after)
        entry = track_record.judge(gap, pairs, knob=demos.MOVES[gap.name].knob)
    settings = origin(question, digest)
    path = made / "report.html"
    save(report(found, ideas=ours, intake=intake, settings=settings), path)
    journey = Journey(
        steps=found,
        ideas=ours,
        move=move,
        entry=entry,
        predictions=str(made / "predictions.parquet"),
        report=str(path),
    )
    page = journey_document(journey, intake=intake, settings=settings)
    return Answer(result=journey, document=page, intake=intake, findings=page.findings)


def _last(
    steps: Iterable[Progress | System], progress: Callable[[str, int, int], None] | None
) -> System:
    """The system at the end of some steps, their progress told on the way."""
    for step in steps:
        if isinstance(step, System):
            return step
        if progress is not None:
            progress(step.title, step.done, step.total)
    raise AssertionError


def _made(folder: Path) -> Path:
    """A folder to write into, made if absent."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = error.strerror or "refused"
        raise SourceError.unwritable(str(folder), why, is_table=False) from error
    return folder


def init(
    folder: str | Path = ".",
    *,
    predictions: Sequence[str] = (),
    splits: Mapping[str, str] | None = None,
    human: str | None = None,
    reference: str = "human",
    margin: float | None = None,
    maximize: str | Sequence[str] | None = None,
    minimize: str | Sequence[str] | None = None,
    subject_to: str | Sequence[str] = (),
) -> Path:
    """Make a project: `headway.toml` and its folder.

    Args:
        folder: Where the project lives.
        predictions: Files or patterns of predictions, with a ``split`` column.
        splits: Per split, its file, instead.
        human: The reference level, as in ``gaps``; None where it is not known.
        reference: Kind of the reference level.
        margin: Smallest gap that matters, a fraction, or None.
        maximize: The optimizing metric, where larger is better, such as ``"f1"``.
        minimize: Or where smaller is better.
        subject_to: Limits on other metrics, such as ``"running_time_ms <= 100"``.

    Returns:
        The path of the project file.

    Raises:
        HeadwayError: If there is a project already, or a value cannot be read.

    References:
        Notes: week 1, "Setting up your goal".
    """
    if reference not in references.KINDS:
        raise TargetError.unknown("reference kind", reference, references.KINDS)
    level = references.parse(human, kind=reference) if human else None
    aim = None
    if maximize or minimize:
        aim = policy(maximize=maximize, minimize=minimize, subject_to=subject_to, margin=margin)
        if aim.optimizing is not None and aim.optimizing.source == "quantile":
            raise TargetError.no_ladder(aim.optimizing.name)
    elif subject_to:
        raise TargetError.only_limits()
    text = text_of(
        predictions=predictions,
        splits=splits or {},
        reference=level,
        kind=reference,
        margin=margin,
        policy=aim,
    )
    return projects.create(Path(folder), text)


def project_at(folder: Path) -> Path | None:
    """The project file in a folder or above it, or None."""
    return projects.find(folder)
