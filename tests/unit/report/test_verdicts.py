from __future__ import annotations

from dataclasses import replace

import pytest

from headway.findings import Verdict, Want
from headway.report.numbers import plain
from headway.report.verdicts import ground, human_sentence, ideas_verdict, lead, verdict
from headway.stats.forms import Fixed
from headway.strategy.ideas import Ideas, judge
from tests.unit.report.ladders import CASES, cat, judged, rate, team_ideas

VERDICTS = {
    "dominant": "Work on data mismatch first. It can buy at most 6.37 points.",
    "bare": "Work on avoidable bias first. It can buy at most 7.00 points.",
    "tied": "Two problems of the same size: avoidable bias (10.00 points) and data mismatch "
    "(9.00). Start with the cheaper one.",
    "several": "Two problems, and which is larger is not shown: avoidable bias (10.00 points) and "
    "data mismatch (9.0).",
    "none_material": "No gap exceeds your margin of 1 point. Change the target, or stop.",
    "confounded": "Variance and data mismatch (train → dev) cannot be told apart without a "
    "train-dev set: 9.00 points together. Set aside about 1,000 train examples.",
    "depends": "It depends on the human level: below 6.00 % avoidable bias comes first, above it "
    "variance or data mismatch (train → dev).",
    "ambiguous": "The model is past the human level (team). Whether this is overfitting or an "
    "error below the human one cannot be read off these numbers.",
    "alone": "Dev error is 2.30 % [2.02, 2.61]. One error alone shows no gap.",
    "holes": "Variance, data mismatch and dev overfit (train → test) cannot be told apart without "
    "a train-dev set and a dev set: 9.00 points together. Set aside about 1,000 train examples.",
    "negative": "Two problems, and which is larger is not shown: data mismatch (10.00 points) and "
    "avoidable bias (8.00).",
    "loss": "Work on data mismatch first. It can buy at most 0.238.",
}


@pytest.mark.parametrize("name", VERDICTS)
def test_verdict_when_read_from_a_ladder_then_says_what_to_do(name: str) -> None:
    gaps = CASES[name]()
    assert VERDICTS[name] == plain(verdict(gaps, gaps.wants))


def test_verdict_when_variance_leads_then_is_printed_with_its_two_sets() -> None:
    rungs = {"train": rate(200, 20_000), "train_dev": rate(900, 10_000)}
    assert "Work on variance (train → train-dev) first." in verdict(judged(rungs))
    tied = {"train": rate(1000, 20_000), "train_dev": rate(1000, 10_000)}
    assert "variance (train → train-dev; 5.00)" in verdict(judged(tied, "0.0"))


def test_verdict_when_the_real_world_leads_then_names_its_gap() -> None:
    rungs = {"test": rate(200, 10_000), "field": rate(900, 10_000)}
    found = verdict(judged(rungs))
    assert "Work on the real-world gap first. It can buy at most 7.00 points." == found


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("about 1,400 more dev", " — about 1,400 more dev would settle it."),
        ("", " yet."),
    ],
)
def test_verdict_when_two_gaps_may_lead_then_says_what_would_settle_it(
    given: str, words: str
) -> None:
    doubt = ("avoidable_bias", "variance")
    gaps = replace(cat(), focus=(), reading="undetermined", in_doubt=doubt)
    gaps = replace(gaps, gaps=gaps.gaps[:2])
    bought = Want(what="examples", sentence=f"{given.capitalize()} would settle whether.")
    found = verdict(gaps, [bought] if given else [])
    assert f"Avoidable bias or variance (train → train-dev): cannot tell{words}" == found


@pytest.mark.parametrize(
    ("state", "p", "words"),
    [
        (Verdict.UNDETERMINED, 0.93, "is probably the largest gap (0.93), but whether it exceeds"),
        (Verdict.YES, 0.999, "is probably the largest gap (above 0.99), but with so few examples"),
        (Verdict.UNDETERMINED, None, "is the largest gap, but whether it exceeds"),
        (Verdict.UNDETERMINED, 0.4, ": cannot tell yet."),
        (Verdict.NO, 0.9, "No gap is shown to exceed your margin of 1 point: cannot tell yet."),
    ],
)
def test_verdict_when_one_gap_may_lead_then_says_how_probable_it_is(
    state: Verdict, p: float | None, words: str
) -> None:
    gaps = replace(cat(), focus=(), reading="undetermined", in_doubt=())
    top = replace(gaps.gap("data_mismatch"), verdict=state, p_largest=p)
    gaps = replace(gaps, gaps=(replace(gaps.gaps[0], verdict=Verdict.UNDETERMINED), top))
    assert words in verdict(gaps)


def test_verdict_when_the_human_interval_holds_the_flip_then_depends_on_it() -> None:
    gaps = replace(cat(), focus=(), in_doubt=("avoidable_bias",), flip_at=0.01)
    assert plain(verdict(gaps)).startswith("It depends on the human level: below 1.00 %")


def test_verdict_when_the_human_level_is_exact_then_does_not_depend_on_it() -> None:
    gaps = replace(cat(), focus=(), in_doubt=("avoidable_bias",), flip_at=0.01)
    exact = replace(gaps.rungs[0].error, lower=None, upper=None)
    human = replace(gaps.rungs[0], measured=Fixed(value=0.006), error=exact)
    assert "depends" not in verdict(replace(gaps, rungs=(human, *gaps.rungs[1:])))


def test_verdict_when_at_another_reference_then_names_it() -> None:
    gaps = judged({"train": rate(1000, 20_000)}, "5%/2000", kind="previous_system")
    found = verdict(replace(gaps, past_human=True, focus=(), flip_at=0.01))
    assert found.startswith("The model is at the previous system. Whether this is overfitting or")
    assert "an error below the reference" in found


def test_ground_when_one_leads_then_says_how_surely() -> None:
    found = plain(ground(cat()))
    assert "Largest gap with probability above 0.99. Margin 1.00 points, level 95 %." == found


def test_ground_when_tied_weighted_or_without_n_then_says_so() -> None:
    tied = ground(replace(CASES["tied"](), weighted=True))
    assert tied.startswith("Apart by no more than the margin with probability of at least 0.90.")
    assert tied.endswith("Errors are weighted.")
    assert "No n given, so no interval: bare numbers, read as they stand." in ground(
        CASES["bare"]()
    )


def test_ground_when_the_largest_is_hardly_so_then_says_its_probability() -> None:
    gaps = cat()
    weak = tuple(replace(gap, p_largest=0.001) for gap in gaps.gaps)
    assert "below 0.01" in ground(replace(gaps, gaps=weak))


def test_lead_when_one_gap_leads_then_gives_error_reference_and_distance() -> None:
    text = plain("".join(phrase.text for phrase in lead(cat())))
    assert (
        "Dev error is 9.55 % [8.68, 10.50]; the human level (team of five) is 0.60 % "
        "[0.28, 1.30]. Most of the distance, 6.37 points [5.43, 7.37], lies between train-dev and "
        "dev." == text
    )
    assert ["9.55\u202f%"] == [phrase.text for phrase in lead(cat()) if phrase.strong]


def test_lead_when_there_is_no_dev_set_then_takes_the_nearest_to_it() -> None:
    assert "Test error is " == lead(CASES["holes"]())[0].text
    assert "Dev loss is " == lead(CASES["loss"]())[0].text


def test_human_sentence_when_it_cannot_flip_then_says_that_none_would_change_it() -> None:
    assert "No human level would change this advice." == human_sentence(cat())
    assert "" == human_sentence(CASES["confounded"]())


def test_human_sentence_when_it_flips_then_is_the_words_of_the_finding() -> None:
    found = plain(human_sentence(CASES["bare"]()))
    assert found.startswith("Below a human level of 6.00 % avoidable bias is the largest gap")


def test_ideas_when_counted_then_verdict_names_those_worth_it() -> None:
    few = team_ideas()
    assert ideas_verdict(few).endswith("is worth it now: blur the web photos.")
    later = tuple(idea for idea in few.ideas if idea.verdict == "not_now")
    assert "None of 2 ideas is worth it now." == ideas_verdict(Ideas(ideas=later, gaps=None))
    chairs = tuple(idea for idea in few.ideas if idea.verdict == "undetermined")
    text = "None of one idea is shown to be worth it yet."
    assert text == ideas_verdict(Ideas(ideas=chairs, gaps=None))
    assert "No ideas yet." == ideas_verdict(judge([], None))
