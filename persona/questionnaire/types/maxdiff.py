"""MaxDiff: in each of several sets the best and the worst item are chosen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import ClassVar, Literal, TypeAlias

from persona.errors import Problem, error, warning
from persona.questionnaire.decoding import Decoded, Fault, State, decode_column
from persona.questionnaire.designs import draw_design
from persona.questionnaire.parts import Code, Option
from persona.questionnaire.types.base import TYPES, Context, Finding, Question
from persona.questionnaire.variables import Category, Measure, Variable

_ENDS = {
    "best": {"en": "best", "pl": "najlepsze", "ru": "лучшее", "nl": "beste"},
    "worst": {"en": "worst", "pl": "najgorsze", "ru": "худшее", "nl": "slechtste"},
}
FEWEST_EXPOSURES = 3
MOST_PER_SET = 5
Design: TypeAlias = tuple[tuple[tuple[Code, ...], ...], ...]
Choices: TypeAlias = Mapping[str, Sequence[object]]


class MaxDiff(Question):
    """In each of several sets the best and the worst item are chosen.

    Each item scores (times best - times worst) / times shown, from -1 to 1.

    Parameters
    ----------
    options : tuple of Option
        The items.
    per_set : int
        Items a set; 4 unless said otherwise, at most 5 and half of all.
    sets : int, optional
        Sets a respondent; enough to show each item three times unless said otherwise.
    versions : int
        Different questionnaires, handed out in turn; the column ``question_version`` says which.
    seed : int
        Of the draw of the design.
    design : tuple, optional
        Codes by version and set, where the design was drawn elsewhere.
    """

    asked: ClassVar[str] = "In each set the best and the worst item are ticked."
    analyses: ClassVar[tuple[str, ...]] = ("profile", "segmentation", "needs")

    type: Literal["maxdiff"]
    options: tuple[Option, ...]
    per_set: int = 4
    sets: int | None = None
    versions: int = 1
    seed: int = 0
    design: Design = ()

    @cached_property
    def shown(self) -> Design:
        """The codes shown, by version and set: the design declared, or else drawn."""
        if self.design:
            return self.design
        codes = [option.code for option in self.options]
        needed = -(-FEWEST_EXPOSURES * len(codes) // max(self.per_set, 1))
        drawn = draw_design(len(codes), self.sets or needed, self.per_set, self.versions, self.seed)
        return tuple(
            tuple(tuple(codes[item] for item in part) for part in version) for version in drawn
        )

    @property
    def n_sets(self) -> int:
        """Sets that one respondent sees."""
        return max((len(version) for version in self.shown), default=0)

    def variables(self, context: Context) -> tuple[Variable, ...]:
        """The choices as they are asked, and one derived score an item."""
        return (*self._choices(context), *self._scores(context))

    def _choices(self, context: Context) -> tuple[Variable, ...]:
        items = tuple(Category(option.code, option.text) for option in self.options)
        version = (
            self.variable(
                context,
                Measure.NOMINAL,
                suffix="version",
                role="descriptor",
                categories=tuple(
                    Category(n, {language: str(n) for language in context.languages})
                    for n in range(1, len(self.shown) + 1)
                ),
                raw=True,
            ),
        )
        return (version if len(self.shown) > 1 else ()) + tuple(
            self.variable(
                context,
                Measure.NOMINAL,
                suffix=f"{number}_{end}",
                item=f"{number}_{end}",
                text={
                    language: f"{text} ({number}: {_ENDS[end].get(language, end)})"
                    for language, text in self.text.items()
                },
                role="descriptor",
                categories=items,
                raw=True,
            )
            for number in range(1, self.n_sets + 1)
            for end in ("best", "worst")
        )

    def _scores(self, context: Context) -> tuple[Variable, ...]:
        return tuple(
            self.variable(
                context,
                Measure.INTERVAL,
                suffix=str(option.code),
                item=str(option.code),
                text=option.text,
                short=option.short,
                minimum=-1.0,
                maximum=1.0,
                missing=(),
                derived=True,
            )
            for option in self.options
        )

    def decode(
        self,
        context: Context,
        columns: Mapping[str, Sequence[object]],
        language: str | None = None,
    ) -> Mapping[str, Decoded]:
        """The choices, and the scores of respondents who made them all soundly."""
        decoded = {
            v.id: decode_column(v.id, columns[v.id], self.reader(v, context, language))[0]
            for v in self._choices(context)
            if v.id in columns
        }
        if not decoded:
            return decoded
        choices = {name: column.values for name, column in decoded.items()}
        n = len(next(iter(choices.values())))
        rows = [self._row(choices, row) for row in range(n)]
        faults = [fault for _, found in rows for fault in found]
        for name, column in decoded.items():
            own = tuple(fault for fault in faults if fault.column == name)
            wrong = {fault.position for fault in own}
            decoded[name] = Decoded(
                name,
                tuple(None if r in wrong else v for r, v in enumerate(column.values)),
                tuple(State.FAULTY if r in wrong else s for r, s in enumerate(column.states)),
                (*column.faults, *own),
            )
        for variable in self._scores(context):
            scores = [scored.get(str(variable.item)) for scored, _ in rows]
            states = tuple(State.EMPTY if s is None else State.ANSWERED for s in scores)
            decoded[variable.id] = Decoded(variable.id, tuple(scores), states)
        return decoded

    def _row(self, choices: Choices, row: int) -> tuple[Mapping[str, float], tuple[Fault, ...]]:
        """One respondent's scores by item, and the choices that cannot be."""
        version = choices.get(f"{self.id}_version", ())
        number = version[row] if version else 1
        if not isinstance(number, int) or not 1 <= number <= len(self.shown):
            return {}, ()
        wins: Counter[str] = Counter()
        seen: Counter[str] = Counter()
        faults: list[Fault] = []
        for place, shown in enumerate(self.shown[number - 1], start=1):
            names = (f"{self.id}_{place}_best", f"{self.id}_{place}_worst")
            best, worst = (choices[name][row] if name in choices else None for name in names)
            if best is None or worst is None:
                continue
            outside = [choice for choice in (best, worst) if choice not in shown]
            if outside or best == worst:
                column = names[0] if best in outside else names[1]
                faults.append(Fault(column, row, self._impossible(place, outside, shown)))
                continue
            seen.update(str(code) for code in shown)
            wins[str(best)] += 1
            wins[str(worst)] -= 1
        return {item: wins[item] / count for item, count in seen.items()}, tuple(faults)

    def _impossible(self, place: int, outside: Sequence[object], shown: Sequence[Code]) -> Problem:
        sentence = (
            "Set {place} did not show {items}."
            if outside
            else "In set {place} the same item is both the best and the worst."
        )
        return error(
            "answer.maxdiff",
            sentence,
            question=self.id,
            allowed=", ".join(map(str, shown)),
            remedy="Correct the choice, or the version of the questionnaire.",
            values={"place": place, "items": ", ".join(map(str, outside))},
        )

    def check(self, context: Context) -> Iterator[Finding]:
        """Items never or seldom shown, sets too large, designs that name unknown items."""
        exposures = Counter(code for version in self.shown for part in version for code in part)
        for place, option in enumerate(self.options):
            if not exposures[option.code]:
                yield (
                    ("options", place),
                    error(
                        "maxdiff.never_shown",
                        "No set shows the item {code}.",
                        question=self.id,
                        remedy="Add sets or items a set, or correct the design.",
                        values={"code": option.code},
                    ),
                )
        per_version = exposures.total() / max(len(self.shown), 1) / max(len(self.options), 1)
        if exposures and per_version < FEWEST_EXPOSURES:
            yield (
                ("sets",),
                warning(
                    "maxdiff.few_exposures",
                    "Each item is shown {times} times to a respondent; three is the least.",
                    question=self.id,
                    remedy="Add sets.",
                    values={"times": f"{per_version:.1f}"},
                ),
            )
        yield from self._set_findings()

    def _set_findings(self) -> Iterator[Finding]:
        known = {option.code for option in self.options}
        for version in self.shown:
            for part in version:
                unknown = [code for code in part if code not in known]
                if unknown or len(set(part)) < len(part):
                    yield (
                        ("design",),
                        error(
                            "maxdiff.set",
                            "The set {part} names an item twice, or one that there is not.",
                            question=self.id,
                            allowed=", ".join(map(str, known)),
                            values={"part": ", ".join(map(str, part))},
                        ),
                    )
        largest = max((len(part) for version in self.shown for part in version), default=0)
        if largest > MOST_PER_SET or largest > len(self.options) / 2:
            yield (
                ("per_set",),
                warning(
                    "maxdiff.large_sets",
                    "A set shows {size} of {count} items; at most five and half of all is wise.",
                    question=self.id,
                    remedy="Show fewer items a set.",
                    values={"size": largest, "count": len(self.options)},
                ),
            )


TYPES.register("maxdiff", MaxDiff)
