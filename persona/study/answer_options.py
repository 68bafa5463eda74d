"""What a study file says of its answers: where they are, quality, weights, customer records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Field, model_validator

from persona.questionnaire.parts import Code, Part
from persona.registry import nearest

Share: TypeAlias = Annotated[float, Field(gt=0, le=1)]
Check: TypeAlias = Literal[
    "speeder",
    "straight_liner",
    "long_run",
    "low_variability",
    "antonyms",
    "attention",
    "duplicate",
    "near_duplicate",
    "inconsistent",
    "gibberish",
    "copied_text",
    "outlier",
    "nonresponse",
]

#: What a list of purchases gives for each customer, besides ``margin`` and ``channel``.
FROM_PURCHASES = (
    "recency_days",
    "frequency",
    "money",
    "average",
    "first_order",
    "last_order",
    "recency_score",
    "frequency_score",
    "money_score",
)


class AnswersFile(Part):
    """Where the answers are and how to read them.

    Parameters
    ----------
    file : str
        Path beside the study file.
    sheet : str, optional
        Needed when the workbook has several sheets with data.
    faulty_cells : "refuse" or "missing"
        ``refuse`` stops at answers that the questionnaire does not allow; ``missing`` lists them,
        counts them and goes on without them.
    partial : "keep" or "exclude"
        What becomes of respondents who did not reach the end.
    tests : "exclude" or "keep"
        What becomes of test interviews, previews and spam.
    mapping : str, optional
        The YAML file that ``persona import`` writes: column to variable.
    columns : mapping
        Variable or question id to the header it stands under, where the headers alone do not
        say. What stands here comes before the mapping.
    """

    file: str
    sheet: str | None = None
    faulty_cells: Literal["refuse", "missing"] = "refuse"
    partial: Literal["keep", "exclude"] = "keep"
    tests: Literal["exclude", "keep"] = "exclude"
    mapping: str | None = None
    columns: Mapping[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_question_a_header(self) -> AnswersFile:
        headers = list(self.columns.values())
        repeated = sorted({header for header in headers if headers.count(header) > 1})
        if repeated:
            raise ValueError(f"the header {repeated[0]!r} cannot answer two questions")
        return self


def _whom(value: Any) -> Any:
    """``none``, ``proposed``, or ids of respondents, which are texts."""
    if value is None:
        return "none"
    if isinstance(value, list | tuple):
        if all(isinstance(one, str | int) and not isinstance(one, bool) for one in value):
            return tuple(str(one) for one in value)
    elif value in ("none", "proposed"):
        return value
    near = nearest(str(value), ("none", "proposed"))
    hint = f"; did you mean {near!r}?" if near else ""
    raise ValueError(f"write none, proposed, or a list of respondents' ids{hint}")


class QualityOptions(Part):
    """When a respondent is flagged as careless, and who is left out.

    Parameters
    ----------
    speeder : float
        Share of the median time under which a respondent was too quick.
    long_run : float
        Share of all items of batteries that a run of equal answers must reach.
    near_duplicate : float
        Share of equal answers from which two respondents count as copies.
    outlier : float
        Probability of the Mahalanobis distance.
    nonresponse : float
        Share of questions left empty.
    exclude_at : int
        Flags from which leaving out is proposed.
    skip : tuple of str
        Checks that are not made.
    exclude : "none", "proposed" or ids
        Nobody is left out (the default), those proposed are, or those named are.
    """

    speeder: Share = 0.40
    long_run: Share = 0.50
    near_duplicate: Share = 0.95
    outlier: Share = 0.001
    nonresponse: Share = 0.50
    exclude_at: Annotated[int, Field(ge=1)] = 2
    skip: tuple[Check, ...] = ()
    exclude: Annotated[Literal["none", "proposed"] | tuple[str, ...], BeforeValidator(_whom)] = (
        "none"
    )


def _limits(value: Any) -> Any:
    """A single number is the upper limit."""
    one = isinstance(value, int | float) and not isinstance(value, bool)
    return (0.0, value) if one else value


def _start_alone(value: Any) -> Any:
    """``weights: weight`` is short for ``weights: {start: weight}``."""
    return {"start": value} if isinstance(value, str) else value


class WeightOptions(Part):
    """Weights: a question that holds them, targets to rake to, limits.

    Parameters
    ----------
    start : str, optional
        The question of kind weight to use, or to start raking from; ``none`` for none; default:
        the question of kind weight when there is one.
    targets : mapping of margin to {level: figure}
        Shares, percent or counts; in the file also the path of a workbook, CSV or YAML file. A
        margin is a variable, or several joined by ``*``.
    targets_file : str, optional
        The path, when ``targets`` is one.
    trim : (lower, upper), optional
        Limits of the weights as multiples of their mean; one number is the upper limit.
    """

    start: str | None = None
    targets: Mapping[str, Mapping[Code, float]] = Field(default_factory=dict)
    targets_file: str | None = None
    trim: Annotated[
        tuple[Annotated[float, Field(ge=0)], float] | None, BeforeValidator(_limits)
    ] = None

    @model_validator(mode="before")
    @classmethod
    def _targets_in_a_file(cls, data: Any) -> Any:
        if isinstance(data, dict) and isinstance(data.get("targets"), str):
            return {k: v for k, v in data.items() if k != "targets"} | {
                "targets_file": data["targets"]
            }
        return data

    @model_validator(mode="after")
    def _limits_around_the_mean(self) -> WeightOptions:
        if self.trim is not None:
            if not self.targets and self.targets_file is None:
                raise ValueError("trim needs targets")
            if not self.trim[0] < 1 < self.trim[1]:
                raise ValueError("trim needs a lower limit below 1 and an upper one above")
        return self

    @property
    def raked(self) -> bool:
        """Whether there are targets."""
        return bool(self.targets) or self.targets_file is not None


class PurchaseColumns(Part):
    """Headers of a list with one row a purchase; recency, frequency and money come from it."""

    date: str
    amount: str
    channel: str | None = None
    margin: str | None = None

    @property
    def gives(self) -> tuple[str, ...]:
        """What the list gives for each customer."""
        more = [name for name in ("margin", "channel") if getattr(self, name) is not None]
        return (*FROM_PURCHASES, *more)


class RecordsFile(Part):
    """Customer records of another system, joined to the answers by key.

    Parameters
    ----------
    file : str
        Path beside the study file.
    sheet : str, optional
    profile : str, optional
        The system whose export it is (mailchimp, 1c and others); its profile knows the key, the
        columns, decimal commas and encoding.
    read : str, optional
        Which export of the system, where the headers do not tell.
    key : str, optional
        Header of the column with the key; needed without a profile.
    to : str, optional
        Where the answers hold the key: a question, or the header of a column; default: the
        respondents' ids.
    columns : mapping
        Variable of the questionnaire to a header of the records or a name of the profile, or, of
        a list of purchases, to what it gives: recency_days, frequency, money and others.
    purchases : PurchaseColumns, optional
    today : date, optional
        Day from which recency counts; default: the last day in the list.
    """

    file: str
    sheet: str | None = None
    profile: str | None = None
    read: str | None = None
    key: str | None = None
    to: str | None = None
    columns: Annotated[Mapping[str, str], Field(min_length=1)]
    purchases: PurchaseColumns | None = None
    today: dt.date | None = None

    @model_validator(mode="after")
    def _known_figures(self) -> RecordsFile:
        if self.key is None and self.profile is None:
            raise ValueError("'key' is missing: name the column with the key, or the profile")
        if self.read is not None and self.profile is None:
            raise ValueError("read names an export of a profile; write profile as well")
        if self.purchases is not None:
            for name in self.columns.values():
                if name not in self.purchases.gives:
                    near = nearest(name, self.purchases.gives)
                    hint = f"; did you mean {near!r}?" if near else ""
                    raise ValueError(
                        f"a list of purchases gives no {name!r} but "
                        f"{', '.join(self.purchases.gives)}{hint}"
                    )
        return self


WeightsDeclared: TypeAlias = Annotated[WeightOptions, BeforeValidator(_start_alone)]
