"""The use-cases: one function for each thing a person can do.

Each reads rows to counts, judges the counts, and returns an answer with the document that says it.
"""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headway.answers import answer, ladder, origin, people_by_source, save
from headway.answers import cells as cells_of
from headway.errors import CountError, ProjectError, SourceError, TargetError
from headway.frames.write import write
from headway.report.answer import Answer
from headway.report.compose import report
from headway.report.journey import Journey, journey_document
from headway.store import project as projects
from headway.store.settings import asked
from headway.strategy import human as references
from headway.strategy import ideas as idea_lists
from headway.strategy import next_steps as steps
from headway.strategy import reading, track_record
from headway.strategy import size as sizes
from headway.strategy import table as tables
from headway.strategy.ideas import Idea
from headway.strategy.knobs import KnobMap, named, recognised
from headway.studies import demo as demos
from headway.studies.collect import Collected
from headway.studies.collect import collect as predictions_of
from headway.studies.demo import System

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from headway.strategy.ideas import Ideas
    from headway.strategy.ladder import Gaps
    from headway.strategy.next_steps import NextSteps
    from headway.strategy.size import Size
    from headway.strategy.table import SourceTable
    from headway.studies.demo import Progress

__all__ = [
    "add_idea",
    "collect",
    "demo",
    "gaps",
    "ideas",
    "init",
    "knobs",
    "next_steps",
    "size",
    "table",
    "write_report",
]


def gaps(source: Any = None, **options: Any) -> Answer[Gaps]:  # noqa: ANN401 - any frame or path
    """Where is the error lost?

    Args:
        source: A path, a pattern, several of them, or a frame; None for ``splits``, ``rungs`` or
            the project's predictions.
        **options: See ``headway.store.settings.Asked``.

    Returns:
        The ladder of errors with its gaps, each with its interval and its verdict.

    Raises:
        HeadwayError: If the input or the settings cannot be used.

    Examples:
        >>> gaps(rungs={"train": "8%/50000", "dev": "10%/2000"}, human="1%").result.focus
        ('avoidable_bias',)

    References:
        Notes: week 1, "Avoidable bias"; week 2, "Bias and variance with mismatched data
        distributions".
    """
    question = asked(source, options)
    judged, intake, digest = ladder(question)
    return answer(judged, question, intake=intake, digest=digest)


def next_steps(source: Any = None, **options: Any) -> Answer[NextSteps]:  # noqa: ANN401
    """What should we do next, and what can it buy at most?

    Args:
        source: As in ``gaps``.
        **options: See ``headway.store.settings.Asked``; the ideas are those of the project.

    Returns:
        The steps in order, each with its ceiling and its reason.

    Raises:
        HeadwayError: If the input or the settings cannot be used.

    Examples:
        >>> answer = next_steps(rungs={"train": "8%/50000", "dev": "10%/2000"}, human="1%")
        >>> answer.result.steps[0].title
        'Train a bigger model'

    References:
        Notes: week 2, "Build quickly, then iterate".
    """
    question = asked(source, options)
    judged, intake, digest = ladder(question)
    ours = idea_lists.judge(question.ideas, judged, question.knobs)
    found = steps.judge(judged, ours, question.knobs)
    return answer(found, question, intake=intake, digest=digest)


def ideas(
    source: Any = None,  # noqa: ANN401
    *,
    given: Sequence[Idea | str] = (),
    **options: Any,  # noqa: ANN401
) -> Answer[Ideas]:
    """Which of our own ideas are worth our time?

    Args:
        source: As in ``gaps``; without any predictions every idea is undetermined.
        given: Ideas, or their names, beside those of the project.
        **options: See ``headway.store.settings.Asked``.

    Returns:
        Each idea: worth it, not now, or cannot tell, with its ceiling.

    Raises:
        HeadwayError: If there is no idea, or the input cannot be used.

    Examples:
        >>> rungs = {"train": "8%/10000", "dev": "10%/10000"}
        >>> found = ideas(given=["try Adam", "dropout"], rungs=rungs, human="1%").result
        >>> [idea.verdict for idea in found.ideas]
        ['worth_it', 'not_now']

    References:
        Notes: week 1, "Why ML strategy".
    """
    question = asked(source, options)
    own = [Idea(name=idea) if isinstance(idea, str) else idea for idea in given]
    if not (own or question.ideas):
        where = str(question.project.path) if question.project else projects.FILE
        hint = 'add one: headway ideas add "try Adam" --knob optimizer.'
        raise ProjectError.nothing_declared(where, "idea", hint)
    measured = question.source is not None or question.splits or question.rungs
    judged, intake, digest = ladder(question) if measured else (None, None, "")
    found = idea_lists.judge([*own, *question.ideas], judged, question.knobs)
    return answer(found, question, intake=intake, digest=digest)


def add_idea(
    name: str,
    *,
    knob: str | None = None,
    cost_days: float | None = None,
    project: str | Path = ".",
) -> Idea:
    """Write an idea into the project file.

    Args:
        name: In the team's words.
        knob: Id of the knob it turns; None leaves it to be recognised from the words.
        cost_days: Person-days, above 0, or None.
        project: The project's folder or file; a file is made where there is none.

    Returns:
        The idea, with its knob where one is named or recognised.

    Raises:
        HeadwayError: If the knob is unknown, the cost is not above 0, or the file cannot be
            written.

    References:
        Notes: week 1, "Why ML strategy".
    """
    if cost_days is not None and not 0 < cost_days < float("inf"):
        raise CountError.outside("cost", cost_days, "a number of person-days above 0")
    if not name.strip():
        raise TargetError.unknown("idea", name, ["try Adam"])
    path = Path(project)
    file = path if path.suffix == ".toml" else path / projects.FILE
    is_new = path.suffix != ".toml" and not file.exists()
    known = asked(None, {"project": None if is_new else file}).knobs
    turned = named(knob, known) if knob is not None else recognised(name, known)
    if is_new:
        projects.create(file.parent, "")
    projects.add_idea(file, projects.IdeaEntry(name=name, knob=knob, cost_days=cost_days))
    return Idea(name=name, knob=turned.name if turned else None, cost_days=cost_days)


def table(
    source: Any = None,  # noqa: ANN401
    *,
    people: str | Mapping[str, str | float] | None = None,
    **options: Any,  # noqa: ANN401
) -> Answer[SourceTable]:
    """The general table: human, trained on and not trained on, for each source of data.

    Args:
        source: As in ``gaps``; a ``source`` column names the columns of the table.
        people: The human error on each source: ``"web=2%/1000,phone=5%/1000"``, or a mapping.
        **options: See ``headway.store.settings.Asked``.

    Returns:
        The table with the gap between neighbouring cells named; blanks are allowed.

    Raises:
        HeadwayError: If the input or the settings cannot be used.

    References:
        Notes: week 2, "Bias and variance with mismatched data distributions".
    """
    question = asked(source, options)
    cells, intake, is_rate = cells_of(question)
    level_of = people_by_source(people)
    known = list(dict.fromkeys(name for _, name in cells))
    for name in level_of:
        if name not in known and get_close_matches(name, known):
            raise TargetError.unknown("source", name, known)
    found = tables.judge(cells, human=level_of, level=question.level, is_rate=is_rate)
    return answer(found, question, intake=intake)


def knobs(*, project: Any = None) -> Answer[KnobMap]:  # noqa: ANN401
    """Which knob moves which gap, by rule?

    Args:
        project: A project, its folder or its file, whose own knobs join the table.

    Returns:
        The table of knobs.

    Raises:
        HeadwayError: If the project cannot be read.

    Examples:
        >>> [knob.name for knob in knobs().result.knobs if not knob.orthogonal]
        ['architecture', 'early_stopping']

    References:
        Notes: week 1, "Orthogonalization".
    """
    question = asked(None, {"project": project, "command": "headway knobs"})
    return answer(KnobMap(knobs=question.knobs), question)


def size(
    *,
    rate: float = 0.05,
    half_width: float | None = None,
    difference: float | None = None,
    discordance: float | None = None,
    n: int | None = None,
    total: int | None = None,
    no_error: bool = False,
    level: float = 0.95,
) -> Answer[Size]:
    """How many examples does this question need?

    Args:
        rate: The error rate expected, a fraction in [0, 1].
        half_width: Ask for the examples that bring the interval to this half-width, a fraction.
        difference: Ask for the examples that show this difference, a fraction.
        discordance: Share of examples on which two models differ, with ``difference``.
        n: Ask what this many examples show.
        total: Ask how to split this many examples.
        no_error: Ask for the examples that must all be right to show an error below ``rate``.
        level: Level of the interval, in (0, 1).

    Returns:
        The number of examples, with what it gives.

    Raises:
        HeadwayError: If not exactly one question is asked, or a number is out of range.

    Examples:
        >>> size(rate=0.05, half_width=0.005).result.n
        7312

    References:
        Notes: week 1, "Size of the dev and test sets".
    """
    question = asked(None, {"level": level, "command": "headway size"})
    found: list[Size] = []
    if half_width is not None:
        found.append(sizes.for_half_width(rate, half_width, level=level))
    if difference is not None:
        found.append(sizes.for_difference(rate, difference, discordance=discordance, level=level))
    if n is not None:
        found.append(sizes.of_n(n, rate, level=level))
    if total is not None:
        found.append(sizes.of_total(total, rate, level=level))
    if no_error:
        found.append(sizes.for_no_error(rate, level=level))
    if len(found) != 1:
        raise TargetError.one_question(len(found))
    return answer(found[0], question)


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
        raise SourceError.unwritable(str(folder), error.strerror or "refused") from error
    return folder


def init(
    folder: str | Path = ".",
    *,
    predictions: Sequence[str] = (),
    splits: Mapping[str, str] | None = None,
    human: str | None = None,
    reference: str = "human",
    margin: float | None = None,
) -> Path:
    """Make a project: `headway.toml` and its folder.

    Args:
        folder: Where the project lives.
        predictions: Files or patterns of predictions, with a ``split`` column.
        splits: Per split, its file, instead.
        human: The reference level, as in ``gaps``; None where it is not known.
        reference: Kind of the reference level.
        margin: Smallest gap that matters, a fraction, or None.

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
    text = projects.text_of(
        predictions=predictions, splits=splits or {}, reference=level, kind=reference, margin=margin
    )
    return projects.create(Path(folder), text)


def project_at(folder: Path) -> Path | None:
    """The project file in a folder or above it, or None."""
    return projects.find(folder)
