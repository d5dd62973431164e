"""Targets, metrics, limits and reference levels that cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from headway.errors.refusal import HeadwayError, closest, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["TargetError"]


class TargetError(HeadwayError):
    """The target or the reference level cannot be read."""

    code = "target"

    @classmethod
    def unknown(cls, role: str, name: str, known: Sequence[str]) -> Self:
        """A name was given that is not one of those known."""
        close = closest(name, known)
        return cls(
            f"'{name}' is no {role}.",
            f"one of {listed(known)}.",
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
    def not_a_metric(cls, text: str) -> Self:
        """A text cannot be read as a metric."""
        return cls(
            f"'{text}' cannot be read as a metric.",
            "a metric such as f1, recall(cat) or auc, or mean(t), p95(t) or share(t > 100).",
            "see the list of metrics in the guide of headway select.",
        )

    @classmethod
    def near_a_metric(cls, text: str, name: str) -> Self:
        """A bare word is nearly the name of a metric."""
        return cls(
            f"'{text}' is no metric, and too near one to be read as a column.",
            "the name of a metric, or of a column whose mean is meant.",
            f"did you mean '{name}'? For the column write mean({text}).",
        )

    @classmethod
    def other_counts(cls, metric: str, source: str) -> Self:
        """A metric was asked of counts that it cannot be computed from."""
        return cls(
            f"The metric '{metric}' cannot be computed from {source}.",
            f"a metric that can, or other counts for '{metric}'.",
            "choose the metric by its name: headway reads the right counts for it.",
        )

    @classmethod
    def no_cost(cls, label: object, prediction: object) -> Self:
        """The cost table lacks a mistake that was made."""
        return cls(
            f"The cost table has no cost for the label {label} predicted as {prediction}.",
            "a cost for each pair of label and prediction that differ; right ones cost 0.",
            "add the pair to the cost table.",
        )

    @classmethod
    def several_optimized(cls, names: Sequence[str]) -> Self:
        """More than one metric is to be optimized."""
        n = len(names)
        return cls(
            f"{n} metrics are optimized at once: {listed(names)}.",
            f"of m metrics exactly one optimizing and m-1 satisficing; here {n - 1} with a limit.",
            f"write --subject-to '{names[-1]} >= LIMIT' (or <=), or maximize one sum.",
        )

    @classmethod
    def nothing_optimized(cls) -> Self:
        """No metric is to be optimized."""
        return cls(
            "No metric is optimized: limits alone choose no model.",
            "exactly one metric to maximize or minimize.",
            "write --maximize accuracy or --minimize error.",
        )

    @classmethod
    def wrong_way(cls, name: str, *, larger: bool) -> Self:
        """A metric is optimized against its own direction."""
        asked, better = ("maximize", "smaller") if larger else ("minimize", "larger")
        return cls(
            f"The target says to {asked} '{name}', of which {better} is better.",
            f"{'minimize' if larger else 'maximize'} '{name}'.",
            f"write --{'minimize' if larger else 'maximize'} '{name}'.",
        )

    @classmethod
    def not_a_limit(cls, text: str) -> Self:
        """A text cannot be read as a limit."""
        return cls(
            f"'{text}' cannot be read as a limit.",
            "a metric, <= or >=, and a number, with its unit if you like.",
            "write 'running_time_ms <= 100' or 'recall(cat) >= 90%', in quotes.",
        )

    @classmethod
    def other_unit(cls, name: str, unit: str, given: str) -> Self:
        """A limit is given in a unit that its metric does not have."""
        return cls(
            f"The limit on '{name}' is given as {given}, and the metric is in {unit}.",
            f"a number in {unit}, or in a unit that can be turned into it.",
            f"write the limit in {unit}.",
        )

    @classmethod
    def not_a_term(cls, text: str) -> Self:
        """A part of a sum is no metric with a factor."""
        return cls(
            f"'{text}' is no term of a sum of metrics.",
            "a metric, or a number times a metric.",
            "write 'accuracy - 0.0005*running_time_ms', with spaces around + and -.",
        )

    @classmethod
    def not_a_day(cls, text: str, option: str, example: str = "2026-01-31") -> Self:
        """A text is no day, or no moment of a column of times."""
        what = "number" if example.isdigit() else "day"
        hint = f"write it so: {option} {example}."
        return cls(f"'{text}' is no {what}.", f"a {what} such as {example}.", hint)

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

    @classmethod
    def no_probabilities(cls, roles: Sequence[str]) -> Self:
        """A metric of probabilities was asked of rows that have none."""
        return cls(
            f"The metric needs probabilities, and the table has the roles {listed(roles)}.",
            "a 'score' column with the probability of the positive class, or one p_<class> each.",
            "name it with --columns score=NAME, or choose a metric of the predictions.",
        )

    @classmethod
    def no_positive(cls) -> Self:
        """A metric needs a positive class, and nobody named it."""
        return cls(
            "The metric has a positive class, and nobody said which class that is.",
            "the name of one class.",
            "write it behind the metric, such as recall(cat), or give --positive cat.",
        )

    @classmethod
    def not_so_many(cls, k: int, n_classes: int) -> Self:
        """More classes are allowed than could ever be missed."""
        return cls(
            f"Top {k} of {n_classes} classes is no question.",
            f"a number from 1 to {n_classes - 1}.",
            "ask for fewer, such as top_1_error.",
        )

    @classmethod
    def no_ladder(cls, metric: str) -> Self:
        """No ladder can stand on a metric."""
        return cls(
            f"No ladder of errors can stand on '{metric}'.",
            "a metric that is counted from rows: an error, a loss, a rate, a share or a mean.",
            "take it as a limit in headway select, or ask for its mean or its share.",
        )

    @classmethod
    def no_exposure(cls, metric: str) -> Self:
        """A rate per time was asked without a time of operation."""
        return cls(
            f"'{metric}' is a rate, and the rows do not say how much time they cover.",
            "a column exposure_s with the seconds of operation of each row, or the time in all.",
            "name the column with --columns exposure_s=NAME, or give --exposure 31h.",
        )

    @classmethod
    def no_table(cls, metric: str) -> Self:
        """The general table cannot stand on a metric."""
        return cls(
            f"The general table cannot stand on '{metric}'.",
            "the error, or a number of each row such as a loss.",
            "leave --metric out, or ask for the ladder: headway gaps.",
        )

    @classmethod
    def undefined(cls, metric: str) -> Self:
        """A metric is 0/0 on every split."""
        return cls(
            f"'{metric}' is 0/0 on every split.",
            "at least one row that it speaks of, such as one of the positive class.",
            "check the positive class, or choose another metric.",
        )

    @classmethod
    def no_threshold(cls, metric: str) -> Self:
        """A metric is not decided by a threshold."""
        return cls(
            f"No threshold of a score decides '{metric}'.",
            "one metric of labels and predictions, or a rate per time, and limits on others.",
            "maximize recall, precision, f1 or the like; choose models with headway select.",
        )

    @classmethod
    def no_scores(cls, split: str) -> Self:
        """A threshold is asked of a split without rows."""
        return cls(
            f"There is no {split} set to choose the threshold on.",
            "scores on the split named with --on, dev by default.",
            "name the file with --dev, or the split with --on.",
        )

    @classmethod
    def unscored(cls, split: str, column: str) -> Self:
        """A threshold is asked of rows none of which has a score."""
        return cls(
            f"Not one row of {split} has a score in '{column}'.",
            "a finite number in at least some rows.",
            "name the column of scores with --columns score=NAME.",
        )

    @classmethod
    def no_truth(cls) -> Self:
        """Detections were given without the events that should be found."""
        return cls(
            "Detections were given, and not the events that should be found.",
            "a table with the time of each event.",
            "give it: --truth events.csv",
        )

    @classmethod
    def numbers_and_rows(cls) -> Self:
        """One version is given as numbers and the other as predictions."""
        return cls(
            "One version is given as numbers, the other as predictions.",
            "both as numbers, or both as predictions.",
            "write both alike: headway compare before.parquet after.parquet",
        )

    @classmethod
    def two_references(cls, first: str, second: str) -> Self:
        """Two versions are given with different reference levels."""
        return cls(
            f"The human level is {first} for one version and {second} for the other.",
            "one level for both, since the task is the same.",
            "give it once: --human 1%/500",
        )

    @classmethod
    def models_and_files(cls) -> Self:
        """Two sets of predictions are given, and models in one set are named as well."""
        return cls(
            "Two sets of predictions are given, and two models of one set are named.",
            "either BEFORE and AFTER, or one set with two models.",
            "leave out AFTER, or --models.",
        )

    @classmethod
    def not_two_models(cls, names: Sequence[str]) -> Self:
        """One set of predictions is given without the names of two different models in it."""
        return cls(
            f"One set of predictions is given, with the models {listed(names) or 'not named'}.",
            "two different models of it, the first version first.",
            "name them, --models v1,v2, or give a second set of predictions.",
        )

    @classmethod
    def not_read(cls, command: str, option: str) -> Self:
        """An option that other commands take makes no sense here."""
        return cls(
            f"headway {command} does not take '{option}'.",
            "the options that its help lists and describes for it.",
            f"leave it out, or see headway {command} --help.",
        )

    @classmethod
    def over_itself(cls, model: str) -> Self:
        """A model is preferred to itself."""
        return cls(
            f"The model '{model}' is preferred to itself.",
            "two different models.",
            "name another one: --prefer B --over A",
        )

    @classmethod
    def nothing_preferred(cls, models: Sequence[str]) -> Self:
        """Nobody said which model is preferred to which."""
        return cls(
            f"No model is preferred to another; there is {listed(models) or 'none'}.",
            "a preferred model and at least one other.",
            "name them, --prefer B --over A, and give the predictions of both.",
        )

    @classmethod
    def circular(cls, models: Sequence[str]) -> Self:
        """Preferences run in a circle."""
        return cls(
            f"The preferences run in a circle through {listed(models)}.",
            "preferences that rank the models.",
            "leave one of them out: no metric can rank in a circle.",
        )

    @classmethod
    def no_category(cls, columns: Sequence[str]) -> Self:
        """Nobody said which mistakes matter more."""
        return cls(
            "Nobody said which examples matter more than others.",
            f"a column that marks them, one of {listed(columns)}."
            if columns
            else "a column that marks them, such as must_not_show.",
            "name it: --category must_not_show, or --category topic=medical",
        )

    @classmethod
    def no_weights_for(cls, metric: str) -> Self:
        """Weights are asked for a metric other than the error."""
        return cls(
            f"Weights by rule are sought for the error, not for '{metric}'.",
            "the metric error, which weights turn into a weighted error.",
            "leave --metric out, or add --metric error.",
        )

    @classmethod
    def only_limits(cls) -> Self:
        """Limits were set and nothing is optimized."""
        return cls(
            "Limits are set, and no metric is optimized within them.",
            "exactly one optimizing metric beside the limits.",
            "add --maximize f1, or --minimize error.",
        )

    @classmethod
    def not_a_weight(cls, text: str) -> Self:
        """A text does not say how much a source matters."""
        return cls(
            f"'{text}' does not say how much a source matters.",
            "the name of a source and a number, such as India=3.",
            "write India=3,others=1.",
        )

    @classmethod
    def not_a_number(cls, model: str, metric: str, found: str) -> Self:
        """A metric of a model is no finite number."""
        return cls(
            f"The metric '{metric}' of model '{model}' is {found}, not a number.",
            "a finite number for each model and metric.",
            "fill it in, or leave that model or metric out of the table.",
        )

    @classmethod
    def column_of_text(cls, column: str) -> Self:
        """A column of a metrics table that the target names cannot be read as numbers."""
        return cls(
            f"The column '{column}' of the metrics table holds text that is no number.",
            "a finite number in each cell.",
            "correct those cells, or leave their models out of the table.",
        )

    @classmethod
    def metric_absent(cls, model: str, metric: str, known: Sequence[str]) -> Self:
        """A metric of the target is not known of a model."""
        close = closest(metric, known)
        return cls(
            f"The metric '{metric}' is not known of model '{model}'.",
            f"every metric of the target; known are {listed(known)}.",
            f"did you mean '{close}'?" if close else "add it to the metrics table.",
        )

    @classmethod
    def not_on_split(cls, metric: str, model: str, split: str) -> Self:
        """A metric of a model is not defined on the split to choose on."""
        return cls(
            f"'{metric}' of model '{model}' cannot be measured on {split}.",
            f"rows of {split} on which the metric is defined, for every model.",
            "choose another split with --on, or leave that model out.",
        )

    @classmethod
    def no_groups(cls, column: str) -> Self:
        """Thresholds take rows as independent, and they come in groups."""
        return cls(
            f"The rows come in groups ('{column}'), and a threshold is judged on independent rows.",
            "rows that are independent, or a word that they are taken so.",
            "thin to one row for each group, or add --ignore-group.",
        )

    @classmethod
    def several_positives(cls, names: Sequence[str]) -> Self:
        """Metrics of one target name different positive classes."""
        return cls(
            f"The metrics name {len(names)} positive classes: {listed(names)}.",
            "one positive class for a threshold.",
            "ask for each class by itself.",
        )

    @classmethod
    def not_a_fraction(cls, metric: str, value: float) -> Self:
        """A metric that is a fraction lies outside 0 to 1."""
        return cls(
            f"The metric '{metric}' is a fraction, and {value:g} is none.",
            "a number from 0 to 1.",
            "divide percentages by 100.",
        )
