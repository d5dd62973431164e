"""How should the data be split?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from headway.answers import answer
from headway.counts import Intake
from headway.errors import ColumnError, SplitError, TargetError
from headway.frames.split_files import finished, native, settled, sizes, written
from headway.frames.splitting import assigned, pooled, thresholds
from headway.frames.timing import by_time, clock, moments, parsed, shown
from headway.opening import frame_of
from headway.stats.composition import hashed
from headway.store.settings import asked
from headway.strategy import split_said
from headway.strategy.split_said import Splits
from headway.strategy.splits import Aim, Part, cut_offs, plan, quotas

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from headway.frames.source import Frame
    from headway.frames.splitting import Pools
    from headway.report.answer import Answer
    from headway.store.settings import Asked
    from headway.strategy.splits import Plan

__all__ = ["split"]

SALT: Final = "headway"
"""The salt that is taken where none is named."""

OURS: Final = "split"

NEEDED: Final = ("train", "dev", "test")
"""The splits that must have rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """How rows find their split."""

    salt: str
    stratify: str | None
    time: str | None
    dev_from: str | None
    test_from: str | None
    embargo: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Made:
    """Rows with their split, and how they got it."""

    rows: Any
    method: str
    times: Mapping[str, str]


def split(
    source: Any = None,  # noqa: ANN401 - any frame or path
    *,
    target_source: str | Sequence[str] = (),
    importance: str | Mapping[str, float] | None = None,
    dev: float | None = None,
    test: float | None = None,
    train_dev: float | None = None,
    half_width: float | None = None,
    rate: float = 0.05,
    discordance: float | None = None,
    shuffle: bool = False,
    stratify: str | None = None,
    time: str | None = None,
    dev_from: str | None = None,
    test_from: str | None = None,
    embargo: float = 0.0,
    salt: str = SALT,
    again: bool = False,
    out: str | Path | None = None,
    **options: Any,  # noqa: ANN401
) -> Answer[Splits]:
    """Split rows into train, train-dev, dev and test, aimed at the target.

    The split of a row follows from its group (or its id, or all of its content) and the salt
    alone: it is the same on every engine, and with shares instead of numbers further rows never
    move one that is there.

    Args:
        source: A path, a pattern, several of them, or a frame, without a column of splits.
        target_source: The sources that matter, of the column ``source``: dev and test hold them
            alone, and the rest goes to train.
        importance: How much a row of each source matters: ``"India=3,others=1"`` or a mapping.
        dev: Rows of dev, or below 1 a share of the rows that it is drawn from; None for a default.
        test: The same for test.
        train_dev: Rows of train-dev, or below 1 a share of train; 0 for none; by default about
            twice dev and at most a twentieth of train where train is of another composition.
        half_width: Half the width that the interval of the error is to have, a fraction.
        rate: The error rate expected, a fraction in (0, 1).
        discordance: Share of rows on which two models differ in being right, with ``margin``.
        shuffle: Whether dev and test are drawn from all sources alike.
        stratify: A role or column whose values each give their share to every split.
        time: A column of times: train is what was, dev and test are what came later.
        dev_from: The first moment of dev; by default from the sizes.
        test_from: The first moment of test.
        embargo: Days before dev and before test whose rows are left out, at least 0.
        salt: Another text gives another split.
        again: Whether a column of splits that is there is replaced.
        out: A folder for one file per split, or a file for all rows with a column ``split``.
        **options: ``margin`` (the difference of two models that dev is to show), ``columns``,
            ``engine``, ``level``, ``model``, ``ignore_group`` and ``project``; see
            ``headway.store.settings.Asked``.

    Returns:
        The splits with their sources; ``result.rows`` are the rows with a column ``split``.

    Raises:
        HeadwayError: If the input or the settings cannot be used.

    Examples:
        >>> rows = {"id": range(12_000), "source": ["web"] * 10_000 + ["mobile"] * 2000}
        >>> made = split(rows, target_source="mobile", dev=500, test=500).result
        >>> {part.name: dict(part.sources) for part in made.parts}["dev"]
        {'mobile': 500}
        >>> made.part("train").sources["mobile"] + made.part("train_dev").sources["mobile"]
        1000

    References:
        Methods note, sections 0.8 and 4.1 to 4.7.
        Notes: week 2, "Training and testing on different distributions".
    """
    question = asked(source, {"engine": "polars", **options})
    frame = _unsplit(frame_of(question), again=again)
    aim = Aim(
        target=(target_source,) if isinstance(target_source, str) else tuple(target_source),
        importance=_importance(_declared(question) if importance is None else importance),
        dev=dev,
        test=test,
        train_dev=train_dev,
        half_width=half_width,
        margin=question.margin,
        rate=rate,
        discordance=discordance,
        shuffle=shuffle,
        level=question.level,
    )
    if (aim.target or aim.importance) and "source" not in frame.roles:
        raise ColumnError.role_absent("source", "a target source", list(frame.roles))
    way = _Way(
        salt=salt,
        stratify=stratify,
        time=time,
        dev_from=dev_from,
        test_from=test_from,
        embargo=embargo,
    )
    _check_times(way)
    pools = pooled(frame, salt=salt, stratify=stratify, ignore_group=question.ignore_group)
    by_source = _by_source(pools)
    made = _judged(pools, frame, plan(by_source, aim), way, out)
    digest = sha256(repr((sorted(by_source.items()), salt)).encode()).hexdigest()[:16]
    return answer(made, question, intake=_intake(frame, made), digest=digest)


def _check_times(way: _Way) -> None:
    """Refuse what goes with a split by time alone, or not with it."""
    moments = {"dev-from": way.dev_from, "test-from": way.test_from, "embargo": way.embargo}
    named = [f"--{name}" for name, given in moments.items() if given]
    if named and not way.time:
        raise SplitError.no_time(named)
    if way.time and way.stratify:
        raise SplitError.two_ways("time", "strata")


def _unsplit(frame: Frame, *, again: bool) -> Frame:
    """The rows, if they have no split yet, or may get another one."""
    column = frame.columns.roles.get("split")
    if column is None:
        return frame
    if not again:
        raise SplitError.there_already(column)
    return frame.without("split")


def _declared(question: Asked) -> Mapping[str, float]:
    """How much a row of each source matters, as the project declares it."""
    return question.project.target.importance if question.project else {}


def _importance(given: str | Mapping[str, float] | None) -> dict[str, float]:
    """How much a row of each source matters."""
    if not isinstance(given, str):
        return {str(name): float(weight) for name, weight in (given or {}).items()}
    found: dict[str, float] = {}
    for part in filter(None, given.split(",")):
        name, sign, weight = (text.strip() for text in part.rpartition("="))
        try:
            found[name] = float(weight)
        except ValueError as error:
            raise TargetError.not_a_weight(part) from error
        if not (sign and name):
            raise TargetError.not_a_weight(part)
    return found


def _by_source(pools: Pools) -> dict[str, int]:
    """Rows of each source."""
    found: dict[str, int] = {}
    for (source, _), n in pools.n.items():
        found[source] = found.get(source, 0) + n
    return found


def _judged(pools: Pools, frame: Frame, planned: Plan, way: _Way, out: str | Path | None) -> Splits:
    """The rows split by the plan, written where that is asked, and what is said of it."""
    made = _by_clock(pools, planned, way) if way.time else _by_hash(pools, planned)
    rows = settled(made.rows, pools.group, highest=not way.time)
    by_split, left_out, largest = sizes(rows, pools.columns[0], pools.group)
    if empty := [name for name in NEEDED if name not in by_split]:
        why = "time" if way.time else "group" if pools.group else "hash"
        raise SplitError.empty(empty, sum(pools.n.values()), why)
    parts = tuple(
        Part(
            name=name,
            n=sum(by.values()),
            sources={s: n for s, n in by.items() if s},
            sd=_sd(pools, planned, name) if made.method == "hash share" else 0.0,
        )
        for name, by in by_split.items()
    )
    done = finished(rows, OURS)
    n = sum(part.n for part in parts)
    assert n + sum(left_out.values()) == sum(pools.n.values()), "a row was lost"
    files = written(done, Path(out), OURS, list(by_split), frame.sources) if out else {}
    roles = frame.columns.roles
    keys = (pools.group, roles.get("id"))
    result = Splits(
        plan=planned,
        parts=parts,
        left_out=left_out,
        method=made.method,
        key=tuple(key for key in keys if key is not None),
        salt=way.salt,
        stratify=way.stratify or "",
        times=made.times,
        largest=largest,
        files={name: str(file) for name, file in files.items()},
        rows=native(done),
        kept=pools.kept,
    )
    return replace(result, findings=split_said.findings(result))


def _by_hash(pools: Pools, planned: Plan) -> _Made:
    """Rows split by the hash of their key."""
    wanted: dict[tuple[str, str], dict[str, float]]
    if planned.is_exact:
        found = quotas(planned, pools.n)
        wanted = {pool: {s: float(n) for s, n in by.items()} for pool, by in found.items()}
    else:
        wanted = {pool: dict(planned.shares[pool[0]]) for pool in pools.n}
    at, is_exact = thresholds(pools, wanted, exact=planned.is_exact)
    method = "hash order" if is_exact else "hash share"
    return _Made(rows=assigned(pools, at), method=method, times={})


def _sd(pools: Pools, planned: Plan, split: str) -> float:
    """How far hashing lets the size of a split stray."""
    squares = 0.0
    for source, n in planned.sources.items():
        by = planned.shares.get(source) or {
            name: taken / max(1, n) for name, taken in planned.takes[source].items()
        }
        share = 1 - sum(by.values()) if split == "train" and planned.shares else by.get(split, 0.0)
        found = hashed(n, pools.squares.get(source, n), min(1.0, max(0.0, share)))
        squares += found.sd**2
    return float(squares**0.5)


def _by_clock(pools: Pools, planned: Plan, way: _Way) -> _Made:
    """Rows split by time."""
    by = clock(pools.rows, str(way.time))
    found = {
        name: parsed(text, by, f"--{name}-from")
        for name, text in (("dev", way.dev_from), ("test", way.test_from))
        if text is not None
    }
    if len(found) < 2:
        times = moments(pools, by, planned.target)
        wanted = planned.part("dev").n, planned.part("test").n
        places = cut_offs([(str(i), n) for i, (_, n) in enumerate(times)], *wanted)
        chosen = [times[int(place)][0] for place in places]
        found = dict(zip(("dev", "test"), chosen, strict=True)) | found
    carved = planned.takes_of("train_dev") / max(1, planned.total - sum(planned.wanted.values()))
    rows = by_time(
        pools,
        by,
        target=planned.target,
        dev_from=found["dev"],
        test_from=found["test"],
        embargo=way.embargo,
        train_dev=min(carved, 0.5),
    )
    times_said = {
        "column": by.column,
        "dev_from": shown(found["dev"]),
        "test_from": shown(found["test"]),
        "embargo": f"{way.embargo:g}",
    }
    return _Made(rows=rows, method="time", times=times_said)


def _intake(frame: Frame, made: Splits) -> Intake:
    """What was read."""
    columns = frame.columns
    return Intake(
        rows=made.total,
        recognised=dict(columns.recognised),
        roles=dict(columns.roles),
        sources=frame.sources,
        engine=frame.engine,
    )
