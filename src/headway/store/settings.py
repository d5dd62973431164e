"""What was asked, filled with what the project declares: one value for every use-case."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from headway.errors import CountError, TargetError
from headway.findings import Finding, Verdict
from headway.stats.defaults import LEVEL
from headway.stats.metric import Metric
from headway.stats.metrics import metric_of
from headway.store.project import FILE, Project
from headway.strategy import human
from headway.strategy.human import Reference, Tier
from headway.strategy.ideas import Idea
from headway.strategy.knobs import KNOBS, Knob
from headway.strategy.ladder import Ladder
from headway.wording import listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from headway.counts import Scalar

__all__ = ["LADDER_ALONE", "LOSS", "Asked", "asked", "check_read", "opened"]

LOSS: Final = Metric(
    name="loss", title="loss", source="row", kind="loss", maximize=False, unit="", column="loss"
)
"""The number that the role ``loss`` holds."""

TRAIN_AS: Final = ("sample", "fixed")

LADDER_ALONE: Final = ("by", "human", "reference", "proxy", "same_distribution", "train_as")
"""Settings that only a ladder of errors reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What every use-case that reads predictions can be asked with.

    Args:
        source: A path, a pattern, several of them, or a frame; None where errors are given as
            numbers, split by split, or by the project.
        splits: Per split, its file or frame, instead of a ``split`` column.
        rungs: Errors given as numbers instead of predictions: ``{"train": "8%/50000"}``.
        columns: Per role, the column that plays it.
        engine: ``"polars"`` or ``"duckdb"``, for files.
        model: Name of the model, where the table holds several.
        by: Columns to break the errors down by.
        human: The reference level: ``0.01``, ``"0.5%/1000"``, ``"team=0.5%/1000,typical=3%"``.
        reference: Kind of the reference level: ``human``, ``best_known``, ``required`` or
            ``previous_system``.
        proxy: Name of the tier taken as the proxy; by default the one with the smallest error.
        same_distribution: Whether train and dev are asserted to share a distribution.
        train_as: ``"sample"``: the train error is one draw of many; ``"fixed"``: it is exact.
        metric: What the ladder stands on: ``"error"``, ``"loss"``, ``"f1"``, ``"recall(cat)"``,
            ``"mean(running_time_ms)"``, ... (see ``docs/metrics.md``), or a ``Metric``; None takes
            the project's optimizing metric, or what the table holds.
        positive: The positive class of that metric; None takes the project's, or 1 or true.
        margin: Smallest gap that matters, a fraction; None for a tenth of the last error.
        level: Level of the intervals, in (0, 1).
        seed: Seed of the draws, at least 0.
        max_unusable: Largest share of rows that may be left out, in [0, 1].
        check_ids: Whether to look for repeated ids.
        ignore_group: Whether to count rows as independent although they come in groups.
        mature_after_days: Age in days from which a label is final; None for every label.
        as_of: The day that ages are counted from, as ``YYYY-MM-DD``.
        exposure_s: Seconds of operation that the rows cover, where no column says so.
        project: The project whose settings fill what is not given.
        command: The command that asked, for the record.
    """

    source: Any = None
    splits: Mapping[str, Any] | None = None
    rungs: Mapping[str, str | float] | None = None
    columns: Mapping[str, str] | None = None
    engine: str | None = None
    model: str | None = None
    by: Sequence[str] = ()
    human: str | float | Reference | None = None
    reference: str | None = None
    proxy: str | None = None
    same_distribution: bool = False
    train_as: str = "sample"
    metric: str | Metric | None = None
    positive: Scalar = None
    margin: float | None = None
    level: float = LEVEL
    seed: int = 0
    max_unusable: float = 0.01
    check_ids: bool = False
    ignore_group: bool = False
    mature_after_days: float | None = None
    as_of: str | None = None
    exposure_s: float | None = None
    project: Project | None = None
    command: str = ""

    def __post_init__(self) -> None:
        """Check the ranges of what does not depend on the rows."""
        if not 0 < self.level < 1:
            raise CountError.outside("level", self.level, "a fraction in (0, 1)")
        if self.margin is not None and not 0 <= self.margin < float("inf"):
            raise CountError.outside("margin", self.margin, "a number at least 0")
        if not 0 <= self.max_unusable <= 1:
            raise CountError.outside("max_unusable", self.max_unusable, "a fraction in [0, 1]")
        if self.exposure_s is not None and not 0 < self.exposure_s < float("inf"):
            raise CountError.outside("exposure_s", self.exposure_s, "a number above 0")
        if self.seed < 0:
            raise CountError.outside("seed", self.seed, "an integer at least 0")
        if self.train_as not in TRAIN_AS:
            raise TargetError.unknown("way to take train", self.train_as, TRAIN_AS)
        if self.metric is not None:
            self.measure_of(self.metric)
        if self.reference is not None and self.reference not in human.KINDS:
            raise TargetError.unknown("reference kind", self.reference, human.KINDS)

    @property
    def target(self) -> Metric | None:
        """The metric that was asked for, else the project's; None where nobody named one."""
        return self.measure_of(self.metric) if self.metric is not None else None

    def measure_of(self, text: str | Metric) -> Metric:
        """A metric from its text, with the positive class and the direction that were declared.

        Raises:
            TargetError: If it is no metric.
        """
        if isinstance(text, Metric):
            return text
        if text == "loss":
            return LOSS
        declared = self.project.target if self.project else None
        positive = self.positive
        if positive is None and declared is not None:
            positive = declared.positive
        found = metric_of(text, positive=positive)
        own = declared.optimizing if declared else None
        if own is None or own.metric != text or found.source not in {"row", "quantile"}:
            return found
        return replace(found, maximize=own.direction == "maximize")

    @property
    def limits(self) -> tuple[str, ...]:
        """The limits of the project, as they are written."""
        declared = self.project.target.satisficing if self.project else ()
        return tuple(
            f"{limit.metric} {sign} {bound!r}"
            for limit in declared
            for sign, bound in (("<=", limit.at_most), (">=", limit.at_least))
            if bound is not None
        )

    @property
    def costs(self) -> Mapping[tuple[Scalar, Scalar], float] | None:
        """The cost table that the project declares, or None."""
        declared = self.project.target.costs if self.project else ()
        return {(c.label, c.prediction): c.cost for c in declared} or None

    @property
    def level_of_reference(self) -> Reference | None:
        """The reference level that was given, else that of the project, else None."""
        given = self.human
        kind = self.reference or self._declared_kind() or "human"
        if isinstance(given, Reference):
            return given
        if isinstance(given, str):
            return human.parse(given, kind=kind, proxy=self.proxy)
        if given is not None:
            tier = Tier(name=human.NAMES[kind], measured=human.measured(float(given), None))
            return human.of_tiers([tier], kind=kind, proxy=self.proxy)
        return self._declared_reference()

    @property
    def reference_kind(self) -> str | None:
        """The kind of reference to ask for where none is given, or None if nobody said."""
        return self.reference or self._declared_kind()

    @property
    def ladder(self) -> Ladder:
        """How a ladder is judged."""
        return Ladder(
            margin=self.margin,
            level=self.level,
            same_distribution=self.same_distribution,
            train_as=self.train_as,
            reference_kind=self.reference_kind,
        )

    @property
    def knobs(self) -> tuple[Knob, ...]:
        """The knobs known by rule, and those of the project."""
        own = self.project.knob if self.project else ()
        return KNOBS + tuple(
            Knob(
                name=knob.name,
                title=knob.title,
                moves=knob.moves,
                usually_costs=knob.usually_costs,
                orthogonal=len(knob.moves) == 1,
            )
            for knob in own
        )

    @property
    def ideas(self) -> tuple[Idea, ...]:
        """The ideas of the project."""
        own = self.project.idea if self.project else ()
        return tuple(Idea(name=i.name, knob=i.knob, cost_days=i.cost_days) for i in own)

    @property
    def on_own_data(self) -> bool:
        """Whether the rows are those that the project names."""
        if self.project is None:
            return False
        declared = _declared(self.project, {}, has_source=False)
        if self.splits is not None:
            return self.splits == declared.get("splits")
        return isinstance(self.source, list) and self.source == declared.get("source")

    @property
    def weight_rules(self) -> tuple[dict[str, Any], ...]:
        """How much mistakes on some rows matter, as the project declares it."""
        declared = self.project.target.weights if self.project else ()
        return tuple({"where": dict(rule.where), "weight": rule.weight} for rule in declared)

    @property
    def echoes(self) -> tuple[Finding, ...]:
        """What the project's target does to an answer without being asked on the spot."""
        if not self.weight_rules or self.rungs is not None:
            return ()
        rules = listed(
            [
                f"{listed([f'{name} = {value}' for name, value in rule['where'].items()])} weighs "
                f"{rule['weight']:g}"
                for rule in self.weight_rules
            ]
        )
        sentence = f"Mistakes are weighted by the project's rules: {rules}; other rows weigh 1."
        return (Finding(code="HW112", verdict=Verdict.YES, sentence=sentence),)

    def _declared_kind(self) -> str | None:
        """The kind of reference that the project declares."""
        if self.project is None or "reference" not in self.project.model_fields_set:
            return None
        return self.project.reference.kind

    def _declared_reference(self) -> Reference | None:
        """The reference level that the project declares."""
        declared = self.project.reference if self.project else None
        if declared is None or not declared.tiers:
            return None
        tiers = [Tier(name=t.name, measured=human.measured(t.error, t.n)) for t in declared.tiers]
        return human.of_tiers(tiers, kind=declared.kind, proxy=self.proxy or declared.proxy)


def asked(source: Any, options: Mapping[str, Any]) -> Asked:  # noqa: ANN401 - any frame or path
    """What was asked, filled with what the project declares.

    Args:
        source: As in ``Asked``.
        options: Further values of ``Asked`` by name; ``project`` may be a path.

    Returns:
        The settings of one question.

    Raises:
        HeadwayError: If an option is unknown or out of range, or the project cannot be read.

    Examples:
        >>> asked(None, {"margin": 0.02}).ladder.margin
        0.02
    """
    known = [field.name for field in fields(Asked)]
    for name in options:
        if name not in known:
            raise TargetError.unknown("option", name, known)
    project = opened(options.get("project"))
    given = {name: value for name, value in options.items() if value is not None}
    given["project"] = project
    if project is not None:
        declared = _declared(project, given, has_source=source is not None)
        given = {**declared, **given}
    source = given.pop("source", None) if source is None else source
    return Asked(source=source, **given)


def check_read(command: str, options: Mapping[str, Any], not_read: Sequence[str]) -> None:
    """Refuse settings that a command would not read.

    Args:
        command: The command.
        options: Values of ``Asked`` by name; what is empty is not given.
        not_read: The settings that make no sense of it.

    Raises:
        TargetError: If one of them is given.
    """
    for name in not_read:
        if options.get(name):
            raise TargetError.not_read(command, name)


def opened(project: Project | str | Path | None) -> Project | None:
    """A project from its file, its folder or itself.

    Raises:
        ProjectError: If it cannot be read.
    """
    if project is None or isinstance(project, Project):
        return project
    path = Path(project)
    return Project.read(path / FILE if path.is_dir() else path)


def _declared(project: Project, given: Mapping[str, Any], *, has_source: bool) -> dict[str, Any]:
    """What a project declares, as options; its predictions only where none are given."""
    found: dict[str, Any] = {"level": project.target.level}
    if project.target.optimizing is not None:
        found["metric"] = project.target.optimizing.metric
    if project.target.margin is not None:
        found["margin"] = project.target.margin
    if project.data.columns:
        found["columns"] = project.data.columns
    if project.data.same_distribution:
        found["same_distribution"] = True
    if not (has_source or given.get("splits") or given.get("rungs")):
        if project.data.splits:
            paths = project.data.splits.items()
            found["splits"] = {str(split): str(project.folder / path) for split, path in paths}
        elif project.data.predictions:
            found["source"] = [str(project.folder / path) for path in project.data.predictions]
    return found
