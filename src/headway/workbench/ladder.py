"""Where is the error lost, what could each idea buy, and what to do next."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from headway.answers import answer, ladder, people_by_source
from headway.answers import cells as cells_of
from headway.errors import CountError, ProjectError, TargetError
from headway.recording import looked_at_ladder
from headway.store import project as projects
from headway.store.settings import LADDER_ALONE, asked, check_read
from headway.strategy import ideas as idea_lists
from headway.strategy import next_steps as steps
from headway.strategy import problems
from headway.strategy import table as tables
from headway.strategy.ideas import Idea
from headway.strategy.knobs import KnobMap, named, recognised
from headway.workbench.at_a_glance import splits_at_a_glance
from headway.workbench.gating import broken_limits
from headway.workbench.wearing import worn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from headway.report.answer import Answer
    from headway.strategy.ideas import Ideas
    from headway.strategy.ladder import Gaps
    from headway.strategy.next_steps import NextSteps
    from headway.strategy.table import SourceTable

__all__ = ["add_idea", "gaps", "ideas", "knobs", "next_steps", "table"]

NOT_READ: Final = {"next": ("by",), "ideas": ("by",), "table": LADDER_ALONE}
"""Per command, options that make no sense of it: advice shows no breakdown, and a table no gap."""


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
    told = looked_at_ladder(question, judged)
    return answer(judged, question, intake=intake, digest=digest, more=told)


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
    check_read("next", options, NOT_READ["next"])
    question = asked(source, options)
    judged, intake, digest = ladder(question)
    ours = idea_lists.judge(question.ideas, judged, question.knobs)
    told = looked_at_ladder(question, judged)
    wrong = (*splits_at_a_glance(question), *broken_limits(question), *worn(question, judged))
    target = problems.steps((*wrong, *told))
    found = steps.judge(judged, ours, question.knobs, target)
    return answer(found, question, intake=intake, digest=digest, more=told)


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
    check_read("ideas", options, NOT_READ["ideas"])
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
    check_read("table", options, NOT_READ["table"])
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
