"""A document as data: a verdict, its ground, and blocks of words, marks and numbers.

Nothing here knows HTML, a terminal or a file. Numbers stay fractions at full precision; each says
how many decimals it deserves, and `numbers.py` writes them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from headway.counts import Intake
    from headway.findings import Finding

__all__ = [
    "Amount",
    "Block",
    "Document",
    "Entry",
    "GapRow",
    "RungRow",
    "Section",
    "Settings",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """An error, or a difference of errors, with its interval.

    Args:
        value: A fraction, or in the unit of the loss; None where it is not known.
        lower: Lower end of its interval, or None.
        upper: Upper end of its interval, or None.
        kind: ``"rate"`` (shown in percent), ``"points"`` (a difference of rates) or ``"loss"``.
        decimals: Decimals it is shown with, at least 0.
        n: Number of examples behind it where a table shows it, else None.
    """

    value: float | None
    lower: float | None = None
    upper: float | None = None
    kind: str = "rate"
    decimals: int = 2
    n: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A stretch of a paragraph.

    Args:
        text: The words.
        strong: Whether they carry the paragraph.
    """

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RungRow:
    """One error on the ladder, ready to be drawn.

    Args:
        name: Name of the rung.
        title: What it is called, in lower case.
        n: Number of examples, or None.
        error: The error.
        missing: Whether it was not measured.
    """

    name: str
    title: str
    n: int | None
    error: Amount
    missing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GapRow:
    """One gap between two rungs, ready to be drawn.

    Args:
        name: Name of the gap.
        title: What it is called, in lower case.
        between: Its two sets, such as ``"train → train-dev"``; empty where they go without saying.
        hues: Hues of the gaps it holds: one, or several where gaps are merged.
        verdict: ``yes``, ``no``, ``undetermined`` or ``not_applicable``.
        points: The difference.
        start: The error it starts from, or None.
        end: The error it ends at, or None.
        p_largest: Probability that it is the largest gap, or None.
    """

    name: str
    title: str
    between: str
    hues: tuple[str, ...]
    verdict: str
    points: Amount
    start: float | None
    end: float | None
    p_largest: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """Rungs and gaps from the lowest error to the last, drawn as a waterfall.

    Args:
        caption: What the drawing shows, one sentence.
        rows: Rungs and the gaps between them, in ladder order.
        level: Level of the intervals.
        reference: Name of the rung drawn as the reference level, or None.
    """

    caption: str
    rows: tuple[RungRow | GapRow, ...]
    level: float
    reference: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GapBars:
    """Gaps as bars from zero, with the margin.

    Args:
        caption: What the drawing shows, one sentence.
        rows: The gaps, in ladder order.
        level: Level of the intervals.
        margin: Smallest gap that matters, at least 0.
        moves: Whether they are changes of gaps, whose chance is that of having moved.
    """

    caption: str
    rows: tuple[GapRow, ...]
    level: float
    margin: float
    moves: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing to do, or one idea.

    Args:
        mark: Its rank (``"1"``), or the state of an idea (``yes``, ``no``, ``undetermined``).
        title: What to do.
        addresses: The gap it moves, in words; empty where none is known.
        hues: Hues of that gap.
        open: Whether it measures, or cannot be judged yet, so that its swatch is hatched.
        ceiling: The most it can buy, or None where it is not known.
        cost: Its cost in words, or empty.
        why: One or two sentences.
        command: The command that starts it, or empty.
    """

    mark: str
    title: str
    addresses: str
    hues: tuple[str, ...]
    ceiling: Amount | None
    open: bool = False
    cost: str = ""
    why: str = ""
    command: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """Things to do in order of worth.

    Args:
        title: Head of the column of titles.
        items: Best first.
        level: Level of the intervals.
        note: What "at most" means here, one sentence, or empty.
    """

    title: str
    items: tuple[Entry, ...]
    level: float
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A cell that names something with a mark before it.

    Args:
        text: The name.
        hues: Hues of its swatch, or empty.
        verdict: The state whose mark stands before it, or empty.
    """

    text: str
    hues: tuple[str, ...] = ()
    verdict: str = ""


Cell: TypeAlias = str | int | Amount | Named | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a table.

    Args:
        cells: One per column; None is not known.
        dim: Whether it stands back, as a gap between two rungs does.
    """

    cells: tuple[Cell, ...]
    dim: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under heads.

    Args:
        caption: What it shows, one sentence.
        heads: Heads of the columns; the first column names the row.
        rows: The rows.
        level: Level of the intervals in its cells, or None where it has none.
        named: Whether its heads are names, shown as they are.
    """

    caption: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    level: float | None = None
    named: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Names with what they stand for.

    Args:
        items: Pairs of a name and its text.
        code: Names whose text is code.
    """

    items: tuple[tuple[str, str], ...]
    code: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A sentence with a code or a name before it.

    Args:
        text: One or more sentences.
        head: A code, a term or a name, or empty.
    """

    text: str
    head: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remarks:
    """Sentences one under the other.

    Args:
        items: The sentences.
        kind: ``"findings"``, ``"open"`` (what cannot be told), ``"terms"`` or ``"notes"``.
    """

    items: tuple[Remark, ...]
    kind: str = "notes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command to type next.

    Args:
        text: The command.
        lead: The words before it.
    """

    text: str
    lead: str = "Next"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanePoint:
    """One thing on a plane: a model, or a threshold.

    Args:
        name: What it is called.
        x: Its place from left to right, with its interval.
        y: Its place from bottom to top, with its interval.
        state: ``"chosen"``, ``"tied"``, ``"yes"`` (feasible), ``"no"`` or ``"undetermined"``.
    """

    name: str
    x: Amount
    y: Amount
    state: str = "yes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plane:
    """Things by two numbers, with the limit on the first and the region beyond it shaded.

    Args:
        caption: What it shows, one sentence.
        x_title: What goes from left to right, with its unit.
        y_title: What goes from bottom to top, with its unit.
        points: The things.
        level: Level of the intervals.
        limit: The limit on x, or None.
        at_most: Whether x must not exceed the limit; else it must not fall below it.
    """

    caption: str
    x_title: str
    y_title: str
    points: tuple[PlanePoint, ...]
    level: float
    limit: float | None = None
    at_most: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One line of a chart of curves.

    Args:
        title: What it shows, with its unit.
        x: Places from left to right, increasing.
        y: Values with their bands; one for each place.
        hue: A gap whose hue it takes, or empty.
    """

    title: str
    x: tuple[float, ...]
    y: tuple[Amount, ...]
    hue: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Curves:
    """Curves over one axis, each in a panel of its own, with marks at chosen places.

    Args:
        caption: What they show, one sentence.
        x_title: What goes from left to right.
        curves: The curves, best read first; at most three.
        level: Level of the bands.
        marks: Places to mark, with their names: ``((0.42, "chosen"),)``.
        limits: Per curve, the limit drawn across it, or None.
    """

    caption: str
    x_title: str
    curves: tuple[Curve, ...]
    level: float
    marks: tuple[tuple[float, str], ...] = ()
    limits: tuple[float | None, ...] = ()


Block: TypeAlias = Ladder | GapBars | Entries | Table | Facts | Remarks | Command | Plane | Curves


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Blocks under one head.

    Args:
        title: Its head; empty for closing lines.
        blocks: What it shows.
        aside: How to read it, in short paragraphs beside it.
        place: ``"first"``: the first page; ``"engineer"``: how each number came about.
        only: ``"text"``: terminals alone; ``"page"``: never on terminals; ``"full"``: pages, and
            terminals that are asked for everything; empty: everywhere.
    """

    title: str
    blocks: tuple[Block, ...]
    aside: tuple[str, ...] = ()
    place: str = "first"
    only: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where a document comes from: what the results do not know themselves.

    Args:
        command: The command that made it, or empty.
        version: Version of Headway, or empty.
        project: Name of the project, or empty.
        model: Name of the model, or empty.
        date: The day in words, or empty.
        seed: Seed of the draws, or None.
        digest: Digest of the input, or empty.
    """

    command: str = ""
    version: str = ""
    project: str = ""
    model: str = ""
    date: str = ""
    seed: int | None = None
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """All that is said about one question.

    Args:
        command: The command whose question it answers, such as ``"gaps"``.
        verdict: The answer, in a sentence.
        ground: What the answer rests on, one or two sentences.
        lead: The numbers behind the answer, a short paragraph.
        sections: In reading order.
        value: The answer as the contract's ``result``: plain values, fractions, None for unknown.
        findings: What was found.
        intake: What was read, or None.
        settings: Where it comes from.
        ok: Whether it answers; False for a refusal.
    """

    command: str
    verdict: str
    ground: str = ""
    lead: tuple[Phrase, ...] = ()
    sections: tuple[Section, ...] = ()
    value: Mapping[str, object] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    intake: Intake | None = None
    settings: Settings = Settings()
    ok: bool = True
