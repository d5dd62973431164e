"""The sentences on top: the verdict on a ladder, its ground, its lead and what would change it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from headway.findings import Verdict
from headway.report.document import Phrase
from headway.report.numbers import amount_of, interval, level_words, margin_words, shown, typeset
from headway.report.vocabulary import between, rung_title, with_sets
from headway.strategy.ladder import RUNGS, gap_words, rung_words
from headway.wording import about, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headway.findings import Want
    from headway.report.document import Amount
    from headway.strategy.ideas import Ideas
    from headway.strategy.ladder import Gap, Gaps, Rung

__all__ = ["ground", "human_sentence", "ideas_verdict", "lead", "verdict"]

SETTLE: Final = " would settle"
"""The words of a purchase behind its number of examples."""

NUMBERS: Final = {2: "Two", 3: "Three", 4: "Four", 5: "Five"}


def verdict(gaps: Gaps, wants: Sequence[Want] = ()) -> str:
    """What to do about the ladder, in one or two sentences.

    Args:
        gaps: The judged ladder.
        wants: What would settle what is open, in order of value.

    Returns:
        The verdict, numbers included.
    """
    if not _known(gaps):
        return _alone(gaps)
    if gaps.past_human and not gaps.focus and (gaps.flip_at or 0.0) > 0:
        return _ambiguous(gaps)
    if gaps.reading == "none_material" or _all_small(gaps):
        return f"No gap exceeds your margin of {_margin(gaps)}. Change the target, or stop."
    focus = [gaps.gap(name) for name in gaps.focus]
    if len(focus) == 1:
        most = shown(points_of(gaps, focus[0]), words=True)
        return f"Work on {_aim(focus[0])} first. It can buy at most {most}."
    if focus:
        return _several(gaps, focus)
    return _open(gaps, wants)


def _all_small(gaps: Gaps) -> bool:
    """Whether every gap, avoidable bias included, lies below the margin."""
    return all(gap.verdict is Verdict.NO for gap in gaps.gaps)


def _alone(gaps: Gaps) -> str:
    """The verdict where no two errors can be compared."""
    last = gaps.rungs[-1]
    error = error_of(gaps, last)
    title = _capital(rung_title(last.name, gaps.reference))
    told = f"{title} {gaps.error_words} is {shown(error)}{_after(error)}."
    return f"{told} One error alone shows no gap."


def _ambiguous(gaps: Gaps) -> str:
    """The verdict at or past the reference level."""
    human = gaps.rung("human")
    seen = [gaps.rung(name) for name in ("train", "train_dev", "dev")]
    errors = [rung.error.estimate for rung in seen if rung is not None]
    past = human is not None and min(errors, default=0.0) < human.error.estimate
    one = "human one" if gaps.reference and gaps.reference.kind == "human" else "reference"
    return (
        f"The model is {'past' if past else 'at'} the {_reference_name(gaps)}. Whether this is "
        f"overfitting or an error below the {one} cannot be read off these numbers."
    )


def _several(gaps: Gaps, focus: Sequence[Gap]) -> str:
    """The verdict on two or more problems: of the same size, or of unknown order."""
    amounts = [shown(points_of(gaps, gap), words=i == 0) for i, gap in enumerate(focus)]
    named = [
        f"{gap_words(gap)} ({'; '.join(part for part in (between(gap), text) if part)})"
        for gap, text in zip(focus, amounts, strict=True)
    ]
    number = NUMBERS.get(len(focus), str(len(focus)))
    if gaps.reading == "tied":
        return f"{number} problems of the same size: {listed(named)}. Start with the cheaper one."
    return f"{number} problems, and which is larger is not shown: {listed(named)}."


def _open(gaps: Gaps, wants: Sequence[Want]) -> str:
    """The verdict where no gap is shown to lead."""
    top = max(_known(gaps), key=_estimate)
    if "avoidable_bias" in gaps.in_doubt and _may_flip(gaps):
        return _depends(gaps)
    if len(top.merges) > 1 and _estimate(top) > gaps.margin:
        return _confounded(gaps, top, wants)
    doubt = [gaps.gap(name) for name in gaps.in_doubt if name != top.name]
    if top.verdict is not Verdict.NO:
        doubt.insert(0, top)
    if doubt == [top] and (top.p_largest is None or top.p_largest > 0.5):
        return _leading(gaps, top)
    if doubt:
        names = _capital(listed([with_sets(gap) for gap in doubt], "or"))
        return f"{names}: cannot tell{_purchase(wants if len(doubt) < 3 else ())}"
    return (
        f"No gap is shown to exceed your margin of {_margin(gaps)}: cannot tell{_purchase(wants)}"
    )


def _may_flip(gaps: Gaps) -> bool:
    """Whether the reference level decides: it is not known, or its interval holds the flip."""
    if gaps.flip_at is None or gaps.flip_at <= 0:
        return False
    human = gaps.rung("human")
    if human is None or human.error.lower is None or human.error.upper is None:
        return human is None
    return human.error.lower < gaps.flip_at < human.error.upper


def _depends(gaps: Gaps) -> str:
    """The verdict where the human level decides."""
    others = [gap for gap in _known(gaps) if "avoidable_bias" not in gap.merges]
    other = with_sets(max(others, key=_estimate))
    reference = rung_title("human", gaps.reference)
    level = shown(amount_of(gaps.flip_at, kind=_kind(gaps, "rate")))
    return (
        f"It depends on the {reference}: below {level} avoidable bias comes first, above it "
        f"{other}."
    )


def _confounded(gaps: Gaps, top: Gap, wants: Sequence[Want]) -> str:
    """The verdict where a missing rung hides which of the merged gaps it is."""
    missing = [name for name in gaps.missing if name in _between(top)]
    sets = listed([f"a {rung_words(name)} set" for name in missing])
    most = shown(points_of(gaps, top), words=True)
    names = _capital(with_sets(top).replace(" or ", " and "))
    sentence = f"{names} cannot be told apart without {sets}: {most} together."
    wanted = next((want for want in wants if want.what == "train_dev" and want.n), None)
    if wanted is None or wanted.n is None:
        return sentence
    return f"{sentence} Set aside {about(wanted.n)} train examples."


def _leading(gaps: Gaps, top: Gap) -> str:
    """The verdict where one gap is the largest so far."""
    probably = "is" if top.p_largest is None else "is probably"
    chance = "" if top.p_largest is None else f" ({_chance(top.p_largest)})"
    start = f"{_capital(with_sets(top))} {probably} the largest gap{chance}, but"
    if top.verdict is Verdict.YES:
        return f"{start} with so few examples it may still be chance."
    return f"{start} whether it exceeds your margin of {_margin(gaps)} is not shown."


def _purchase(wants: Sequence[Want]) -> str:
    """What would settle it, after a dash; "yet" where no number of examples is known to."""
    bought = [want.sentence for want in wants if want.what == "examples"]
    parts = next((text.split(SETTLE)[0] for text in bought if SETTLE in text), "")
    return f" — {parts[:1].lower()}{parts[1:]}{SETTLE} it." if parts else " yet."


def ground(gaps: Gaps) -> str:
    """What the verdict rests on: the probability, the margin and the level.

    Args:
        gaps: The judged ladder.

    Returns:
        One to three short sentences.
    """
    margin = shown(amount_of(gaps.margin, kind=_kind(gaps, "points")), words=True)
    words = [_rank_words(gaps)]
    if all(rung.error.lower is None for rung in gaps.rungs):
        words.append("No n given, so no interval: bare numbers, read as they stand.")
        words.append(f"Margin {margin}.")
    else:
        words.append(f"Margin {margin}, level {level_words(gaps.level)}.")
    if gaps.weighted:
        words.append("Errors are weighted.")
    return " ".join(word for word in words if word)


def _rank_words(gaps: Gaps) -> str:
    """How sure the order of the gaps is."""
    if gaps.reading == "single":
        chance = gaps.gap(gaps.focus[0]).p_largest
        return "" if chance is None else f"Largest gap with probability {_chance(chance)}."
    if gaps.reading == "tied":
        return f"Apart by no more than the margin with probability of at least {gaps.gamma:.2f}."
    return ""


def lead(gaps: Gaps) -> tuple[Phrase, ...]:
    """The numbers behind the verdict: the error, the reference, and the largest gap.

    Args:
        gaps: The judged ladder.

    Returns:
        The paragraph; the error stands out.
    """
    target = target_rung(gaps)
    error = error_of(gaps, target)
    title = _capital(rung_title(target.name, gaps.reference))
    phrases = [
        Phrase(text=f"{title} {gaps.error_words} is "),
        Phrase(text=shown(error), strong=True),
        Phrase(text=_after(error)),
    ]
    human = gaps.rung("human")
    if human is not None and human is not target:
        amount = error_of(gaps, human)
        name = f"the {_reference_name(gaps)} is"
        phrases.append(Phrase(text=f"; {name} {shown(amount)}{_after(amount)}"))
    phrases.append(Phrase(text=f". {_distance(gaps)}".rstrip()))
    return tuple(phrases)


def target_rung(gaps: Gaps) -> Rung:
    """The rung whose error is to fall: dev, or the nearest to it."""
    order = ("dev", "test", "field", "train_dev", "train", "human")
    return next(rung for name in order if (rung := gaps.rung(name)) is not None)


def _distance(gaps: Gaps) -> str:
    """Where most of the distance lies, if one gap is shown to lead."""
    if len(gaps.focus) != 1:
        return ""
    gap = gaps.gap(gaps.focus[0])
    whole = sum(_estimate(other) for other in _known(gaps))
    share = "Most" if _estimate(gap) > whole / 2 else "The largest part"
    amount = points_of(gaps, gap)
    below = rung_title(gap.lower_rung, gaps.reference)
    return (
        f"{share} of the distance, {shown(amount, words=True)}{_after(amount)}, lies between "
        f"{below} and {rung_title(gap.upper_rung)}."
    )


def human_sentence(gaps: Gaps) -> str:
    """What the reference level would have to be to change the advice.

    Args:
        gaps: The judged ladder.

    Returns:
        One sentence, the finding's own where there is one; empty where nothing can be said.
    """
    found = next((finding for finding in gaps.findings if finding.code == "HW208"), None)
    if found is not None:
        return typeset(found.sentence)
    if gaps.reference is None or gaps.flip_at is None or gaps.past_human or not gaps.focus:
        return ""
    return f"No {rung_title('human', gaps.reference)} would change this advice."


def ideas_verdict(ideas: Ideas) -> str:
    """How many of the team's ideas are worth their time, and which come first.

    Args:
        ideas: The judged list.

    Returns:
        One or two sentences.
    """
    if not ideas.ideas:
        return "No ideas yet."
    worth = [idea.name for idea in ideas.ideas if idea.verdict == "worth_it"]
    total = len(ideas.ideas)
    of = f"of {total} ideas" if total > 1 else "of one idea"
    if worth:
        verb = "is" if len(worth) == 1 else "are"
        return f"{len(worth)} {of} {verb} worth it now: {listed(worth[:4])}."
    if all(idea.verdict == "not_now" for idea in ideas.ideas):
        return f"None {of} is worth it now."
    return f"None {of} is shown to be worth it yet."


def error_of(gaps: Gaps, rung: Rung) -> Amount:
    """The error of a rung as an amount."""
    error = rung.error
    return amount_of(
        error.estimate,
        error.lower,
        error.upper,
        kind=_kind(gaps, "rate"),
        decimals=loss_places(gaps),
    )


def points_of(gaps: Gaps, gap: Gap) -> Amount:
    """A gap as an amount."""
    return amount_of(
        gap.estimate,
        gap.lower,
        gap.upper,
        kind=_kind(gaps, "points"),
        decimals=loss_places(gaps),
    )


def loss_places(gaps: Gaps) -> int | None:
    """Decimals shared by all losses of a ladder; None for rates."""
    if gaps.is_rate:
        return None
    largest = max(abs(rung.error.estimate) for rung in gaps.rungs)
    return amount_of(largest, kind="loss").decimals


def _kind(gaps: Gaps, kind: str) -> str:
    """The kind of an amount: as given for rates, a loss for losses."""
    return kind if gaps.is_rate else "loss"


def _known(gaps: Gaps) -> list[Gap]:
    """The gaps that have an estimate."""
    return [gap for gap in gaps.gaps if gap.estimate is not None]


def _estimate(gap: Gap) -> float:
    """The size of a gap that is known."""
    assert gap.estimate is not None
    return gap.estimate


def _margin(gaps: Gaps) -> str:
    """The margin inside a sentence."""
    return margin_words(gaps.margin, is_rate=gaps.is_rate)


def _aim(gap: Gap) -> str:
    """A gap as the object of work."""
    return f"the {gap_words(gap)}" if gap.name == "real_world" else with_sets(gap)


def _reference_name(gaps: Gaps) -> str:
    """The reference level with the tier taken as the proxy."""
    title = rung_title("human", gaps.reference)
    reference = gaps.reference
    if reference is None or reference.proxy in {title, ""}:
        return title
    return f"{title} ({reference.proxy})"


def _between(gap: Gap) -> tuple[str, ...]:
    """The rungs that lie between the two of a gap."""
    return RUNGS[RUNGS.index(gap.lower_rung) + 1 : RUNGS.index(gap.upper_rung)]


def _after(amount: Amount) -> str:
    """The interval after a number in a sentence; nothing where there is none."""
    return "" if amount.lower is None else f" {interval(amount)}"


def _chance(p: float) -> str:
    """A probability inside a sentence."""
    if p > 0.99:
        return "above 0.99"
    return "below 0.01" if p < 0.01 else f"{p:.2f}"


def _capital(text: str) -> str:
    """The text with a capital at its start."""
    return text[:1].upper() + text[1:]
