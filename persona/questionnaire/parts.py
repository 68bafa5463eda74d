"""The small parts that questions are made of: options, items, scales, missing codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StrictInt, StrictStr

from persona.questionnaire.texts import DeclaredTexts
from persona.questionnaire.variables import Category, MissingCode

Code: TypeAlias = StrictInt | StrictStr
Identifier: TypeAlias = Annotated[str, Field(min_length=1, max_length=64)]
Block: TypeAlias = Literal["who", "expects", "behaves", "value"]
Kind: TypeAlias = Literal[
    "demographic",
    "geographic",
    "firmographic",
    "psychographic",
    "need",
    "benefit",
    "motive",
    "obstacle",
    "behaviour",
    "channel",
    "journey",
    "situation",
    "promotion",
    "value",
    "verbatim",
    "weight",
    "id",
]
Role: TypeAlias = Literal["basis", "descriptor"]
Meaning: TypeAlias = Literal["dont_know", "refused", "not_asked", "not_applicable"]
Sensitivity: TypeAlias = Literal[
    "health", "belief", "origin", "politics", "union", "orientation", "genetic", "finance"
]


class Part(BaseModel):
    """A piece of a questionnaire: never changed after it is read, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Missing(Part):
    """What a missing code says and means."""

    text: DeclaredTexts = Field(default_factory=dict)
    meaning: Meaning


class Option(Part):
    """One answer of a question.

    Parameters
    ----------
    code : int or str
        What is stored.
    text : Texts
        What the respondent reads.
    exclusive : bool
        Goes with no other option ("none of these").
    other : bool
        "Other, please specify": the respondent may write.
    missing : str, optional
        The option stands for no answer: ``dont_know``, ``refused``, ``not_asked`` or
        ``not_applicable``.
    short : Texts, optional
        Two to four words that name the people who choose it ("Weekly buyers"); names proposed
        for segments are made of them.
    """

    code: Code
    text: DeclaredTexts = Field(default_factory=dict)
    exclusive: bool = False
    other: bool = False
    missing: Meaning | None = None
    short: DeclaredTexts = Field(default_factory=dict)


class Item(Part):
    """One line of a battery.

    Parameters
    ----------
    id : str
        The column it makes.
    text : Texts
    reverse : bool
        Agreement means less of what the battery measures.
    attention : int, optional
        The item checks attention: the code that an attentive respondent gives.
    short : Texts, optional
        Two to four words that name the people who agree with it ("Price hunters").
    """

    id: Identifier
    text: DeclaredTexts = Field(default_factory=dict)
    reverse: bool = False
    attention: int | None = None
    short: DeclaredTexts = Field(default_factory=dict)


class Scale(Part):
    """Answers that several questions share, low to high, with the codes that mean no answer.

    Parameters
    ----------
    points : mapping of whole number to Texts
        Low to high.
    missing : mapping of code to Missing
    names : mapping of whole number to str
        What another tool writes for a point, where it has names instead of numbers.
    """

    points: Mapping[StrictInt, DeclaredTexts]
    missing: Mapping[Code, Missing] = Field(default_factory=dict)
    names: Mapping[StrictInt, str] = Field(default_factory=dict)

    @property
    def categories(self) -> tuple[Category, ...]:
        """The points as categories, in the order declared."""
        return tuple(
            Category(code, text, alias=self.names.get(code, ""))
            for code, text in self.points.items()
        )

    @property
    def missing_codes(self) -> tuple[MissingCode, ...]:
        """The missing codes with their meaning."""
        return missing_codes(self.missing)


def missing_codes(declared: Mapping[int | str, Missing]) -> tuple[MissingCode, ...]:
    """Declared missing codes as variables carry them."""
    return tuple(MissingCode(code, part.text, part.meaning) for code, part in declared.items())
