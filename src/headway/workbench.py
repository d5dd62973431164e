"""The use-cases: one function for each thing a person can do.

Each reads rows to counts, judges the counts, and returns an answer with the document that says it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from zlib import crc32

import numpy as np

from headway.errors import ColumnError, CountError, ProjectError, SourceError, TargetError
from headway.frames.reduce import reduce
from headway.frames.source import read
from headway.frames.write import table as table_of
from headway.frames.write import write
from headway.report.answer import Answer
from headway.report.compose import document, report
from headway.report.document import Settings
from headway.report.journey import Journey, journey_document
from headway.report.render import rows_of, to_html, to_json, to_markdown
from headway.store import project as projects
from headway.store.settings import Asked, asked
from headway.strategy import breakdown, reading, rungs
from headway.strategy import human as references
from headway.strategy import ideas as idea_lists
from headway.strategy import next_steps as steps
from headway.strategy import size as sizes
from headway.strategy import table as tables
from headway.strategy import track_record
from headway.strategy.gaps import judge, judge_rungs
from headway.strategy.ideas import Idea
from headway.strategy.knobs import KnobMap, named
from headway.strategy.ladder import RUNGS, Gaps
from headway.studies import demo as demos
from headway.studies.collect import Collected
from headway.studies.collect import collect as predictions_of
from headway.studies.demo import System

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from headway.counts import Counts, CountSpec, Intake
    from headway.frames.source import Frame
    from headway.report.document import Document
    from headway.stats.forms import Measured
    from headway.strategy.ideas import Ideas
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

T = TypeVar("T")


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
    judged, intake, digest = _ladder(question)
    return _answer(judged, question, intake=intake, digest=digest)


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
    judged, intake, digest = _ladder(question)
    ours = idea_lists.judge(question.ideas, judged, question.knobs)
    found = steps.judge(judged, ours, question.knobs)
    return _answer(found, question, intake=intake, digest=digest)


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
    judged, intake, digest = _ladder(question) if measured else (None, None, "")
    found = idea_lists.judge([*own, *question.ideas], judged, question.knobs)
    return _answer(found, question, intake=intake, digest=digest)


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
        The idea.

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
    if not file.exists():
        projects.create(file.parent, "")
    question = asked(None, {"project": file})
    if knob is not None:
        named(knob, question.knobs)
    projects.add_idea(file, projects.IdeaEntry(name=name, knob=knob, cost_days=cost_days))
    return Idea(name=name, knob=knob, cost_days=cost_days)


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
    cells, intake, is_rate = _cells(question)
    found = tables.judge(cells, human=_people(people), level=question.level, is_rate=is_rate)
    return _answer(found, question, intake=intake)


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
    return _answer(KnobMap(knobs=question.knobs), question)


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
        found.append(
            sizes.for_difference(rate, difference, discordance=discordance, level=level)
        )
    if n is not None:
        found.append(sizes.of_n(n, rate, level=level))
    if total is not None:
        found.append(sizes.of_total(total, rate, level=level))
    if no_error:
        found.append(sizes.for_no_error(rate, level=level))
    if len(found) != 1:
        raise TargetError.one_question(len(found))
    return _answer(found[0], question)


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
    judged, intake, digest = _ladder(question)
    ours = idea_lists.judge(question.ideas, judged, question.knobs)
    found = steps.judge(judged, ours, question.knobs)
    grid = None
    if question.rungs is None and judged.rung("dev") is not None:
        cells, _, is_rate = _cells(question)
        grid = tables.judge(cells, human=_people(people), level=question.level, is_rate=is_rate)
    page = report(
        found,
        ideas=ours,
        table=grid,
        intake=intake,
        settings=_settings(question, digest),
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
    question = asked(
        None, {"human": demos.REFERENCE, "seed": seed, "command": command}
    )
    before = _last(demos.first_system(seed), progress)
    made = _made(Path(folder))
    write(before.collected.columns, made / "predictions.parquet")
    judged, intake, digest = _ladder(replace(question, source=before.collected))
    ours = idea_lists.judge(demos.IDEAS, judged)
    found = steps.judge(judged, ours)
    move, entry = "", None
    if judged.focus and judged.focus[0] in demos.MOVES:
        gap = judged.gap(judged.focus[0])
        after = _last(demos.advised_move(before, gap.name), progress)
        move = demos.MOVES[gap.name].title
        pairs = demos.paired(before, after)
        entry = track_record.judge(gap, pairs, knob=demos.MOVES[gap.name].knob)
    settings = _settings(question, digest)
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


def save(page: Document, out: str | Path) -> int:
    """Write a document by the ending of a file name.

    Args:
        page: The document.
        out: Ends in ``.html``, ``.md``, ``.json``, ``.csv`` or ``.parquet``.

    Returns:
        Number of bytes written.

    Raises:
        SourceError: If the ending is unknown, or the file cannot be written.
    """
    path = Path(out)
    forms = {".html": to_html, ".md": to_markdown, ".json": to_json}
    if path.suffix in {".csv", ".parquet"}:
        write(rows_of(page), path)
    elif path.suffix in forms:
        try:
            path.write_text(forms[path.suffix](page), encoding="utf-8")
        except OSError as error:
            raise SourceError.unwritable(str(path), error.strerror or "refused") from error
    else:
        raise SourceError.out_ending(str(path), [*forms, ".csv", ".parquet"])
    return path.stat().st_size


def _ladder(question: Asked) -> tuple[Gaps, Intake | None, str]:
    """The judged ladder, what was read, and the digest of the counts."""
    reference = question.level_of_reference
    if question.rungs is not None:
        measured = _given(question.rungs)
        digest = _digest(repr(sorted(measured.items())))
        rng = _rng(question.seed, "gaps", digest)
        judged = judge_rungs(
            measured, rng=rng, reference=reference, settings=question.ladder
        )
        return judged, None, digest
    frame = _frame(question)
    spec = rungs.needs(
        frame.roles,
        weight_levels=frame.weight_levels,
        by=question.by,
        ignore_group=question.ignore_group,
    )
    counts, intake = _reduced(frame, spec, question)
    rng = _rng(question.seed, "gaps", counts.digest)
    judged = judge(counts, rng=rng, reference=reference, settings=question.ladder)
    if question.by:
        parts = breakdown.judge(counts, question.by, level=question.level)
        judged = replace(judged, by=parts)
    return judged, intake, counts.digest


def _given(numbers: Mapping[str, str | float]) -> dict[str, Measured]:
    """Errors given as numbers, by rung."""
    for name in numbers:
        if name not in RUNGS[1:]:
            raise TargetError.unknown("rung", name, RUNGS[1:])
    return {name: references.parse_error(str(value)) for name, value in numbers.items()}


def _frame(question: Asked) -> Frame:
    """The rows, with roles."""
    source = question.source
    if source is None and not question.splits:
        raise SourceError.nothing_given()
    if isinstance(source, Collected):
        source = source.columns
    if isinstance(source, Mapping):
        source = table_of(source)
    frame = read(
        source,
        columns=question.columns,
        engine=question.engine,
        split_files=question.splits,
    )
    if question.metric == "loss" and "loss" not in frame.roles:
        raise ColumnError.role_absent("loss", "the metric 'loss'", list(frame.roles))
    return frame


def _reduced(frame: Frame, spec: CountSpec, question: Asked) -> tuple[Counts, Intake]:
    """Rows to counts."""
    mature = question.mature_after_days
    counts, intake = reduce(
        frame,
        spec,
        max_unusable=question.max_unusable,
        check_ids=question.check_ids,
        mature_after_days=mature,
        as_of=_day(question.as_of) if mature is not None else None,
    )
    if question.exposure_s is not None:
        intake = replace(intake, exposure_s={"all": question.exposure_s})
    return counts, intake


def _day(text: str | None) -> date:
    """The day that ages are counted from: today, unless one is named."""
    try:
        return date.fromisoformat(text) if text else date.today()
    except ValueError as error:
        raise TargetError.not_a_day(str(text)) from error


def _cells(
    question: Asked,
) -> tuple[dict[tuple[str, str], Measured], Intake | None, bool]:
    """The measured cells of the general table; sources in clusters are counted one by one."""
    if question.rungs is not None:
        raise TargetError.needs_rows("the general table")
    frame = _frame(question)
    spec = tables.needs(frame.roles, weight_levels=frame.weight_levels)
    is_rate = "loss" not in frame.roles
    if not (spec.by_cluster and "source" in frame.roles):
        counts, intake = _reduced(frame, spec, question)
        return tables.cells(counts), intake, is_rate
    plain, intake = _reduced(frame, replace(spec, by_cluster=False), question)
    alone = rungs.needs(frame.roles, weight_levels=frame.weight_levels)
    found: dict[tuple[str, str], Measured] = {}
    for name in tables.sources(plain):
        part, _ = _reduced(frame.where("source", name), alone, question)
        found |= tables.cells(part, source=name)
    return found, intake, is_rate


def _people(people: str | Mapping[str, str | float] | None) -> dict[str, Measured]:
    """The human error by source."""
    if people is None:
        return {}
    if isinstance(people, str):
        tiers = references.parse(people).tiers
        return {tier.name: tier.measured for tier in tiers}
    return {name: references.parse_error(str(error)) for name, error in people.items()}


def _rng(seed: int, analysis: str, digest: str) -> np.random.Generator:
    """An independent stream for one analysis of one set of counts, the same on every engine."""
    entropy = [seed, crc32(analysis.encode()), int(digest[:8], 16)]
    return np.random.default_rng(np.random.SeedSequence(entropy))


def _digest(text: str) -> str:
    """A short digest of numbers given by hand."""
    return sha256(text.encode()).hexdigest()[:16]


def _settings(question: Asked, digest: str) -> Settings:
    """Where an answer comes from."""
    return Settings(
        command=question.command,
        version=version("headway"),
        project=question.project.folder.name if question.project else "",
        model=question.model or "",
        date=date.today().isoformat(),
        seed=question.seed,
        digest=digest,
    )


def _answer(
    result: T, question: Asked, *, intake: Intake | None = None, digest: str = ""
) -> Answer[T]:
    """A result with the document that says it."""
    page = document(result, intake=intake, settings=_settings(question, digest))
    said = reading.findings(intake) if intake else ()
    return Answer(
        result=result, document=page, intake=intake, findings=(*said, *page.findings)
    )
