"""Make answers.xlsx and planted_segments.csv of this example, the same bytes every time.

    python examples/coffee_club/make_answers.py [FOLDER]

The members of a coffee club are imagined. Five kinds of customer are planted, so that a study can
be checked against what is known to be there; then the table is roughened the way real ones are.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from ruamel.yaml import YAML

from persona.questionnaire.model import Questionnaire
from persona.responses.simulate import Plan, Simulated, simulate, table, write_table

HERE = Path(__file__).resolve().parent
SEED, RESPONDENTS = 20261031, 912
POLISH = 0.3
NAMES = ("bargain hunters", "easy regulars", "connoisseurs", "explorers", "habit drinkers")
SHARES = (0.28, 0.25, 0.2, 0.16, 0.11)

# variable or start of its name, then where the five stand on it, in standard deviations
SHIFTS = """
price_             1.90 -0.40 -1.40  0.40 -0.60
quality_          -0.60  0.10  2.00  0.10 -1.90
ease_             -0.30  2.00 -1.30 -0.70  0.10
new_              -0.50 -0.60  0.10  2.20 -1.80
need_price         2.00 -0.40 -1.50  0.30 -0.30
need_offers        2.10 -0.70 -1.40  0.50 -0.80
need_quality      -0.50  0.40  1.90 -0.10 -1.20
need_advice       -0.60 -1.10  1.90 -0.10 -0.30
need_origin       -1.00 -0.50  2.00  0.40 -1.50
need_speed         0.00  1.90 -1.20 -0.20 -0.80
need_ease         -0.30  2.10 -1.30 -0.60  0.10
need_choice       -0.20 -1.00  0.10  2.00 -1.60
need_novelty      -0.70 -0.90  0.10  2.30 -1.90
need_recognition   1.20  0.60 -1.10  0.40 -1.10
age                0.10 -0.10  0.35 -0.95  1.00
sex_1              0.30 -0.10 -0.50  0.30  0.00
family_role_1     -0.60 -0.30  0.40  0.50  0.60
family_role_3      0.90  0.70 -0.60 -0.90 -0.70
family_role_5     -0.30 -0.50 -0.50  1.30 -1.00
education         -0.45  0.30  0.65  0.30 -0.80
occupation_1       0.10  0.90  0.20 -0.20 -0.60
occupation_3      -0.40  0.30  0.80  0.20 -0.60
occupation_4      -0.20 -0.80 -0.80  1.40 -1.00
income            -0.75  0.70  0.75 -0.30 -0.50
wealth_1           0.10  0.30  0.35 -0.70  0.20
wealth_3           0.30  0.35  0.05 -0.70 -0.10
wealth_4          -0.55  0.50  0.60 -0.20  0.00
wealth_5          -0.60  0.35  0.70 -0.10 -0.50
region_1          -0.50  0.60  0.40  0.60 -0.80
town_size         -0.40  0.55  0.40  0.75 -0.85
neighbourhood_1   -0.40  0.30  0.50  0.90 -0.60
knowledge         -0.40 -0.20  1.30  0.55 -1.00
checked_1         -0.20 -0.30  0.90  0.20 -0.50
checked_2         -0.60 -0.30  1.20  0.50 -0.60
checked_3          1.20 -0.50 -0.70 -0.20  0.20
checked_4          0.10  0.40 -0.20  0.70 -0.90
interests_1       -0.20 -0.10  1.00  0.40 -0.40
interests_4       -0.40  0.20  0.30  0.80 -0.80
interests_5        0.40 -0.10  0.00 -0.60  0.70
interests_6       -0.10  0.40 -0.10  0.50 -0.80
belief_planet     -0.40 -0.10  0.60  0.50 -0.40
belief_local      -0.30 -0.30  0.80  0.30  0.10
belief_technology -0.10  0.60 -0.30  0.50 -0.80
goals_1            1.30 -0.30 -0.90 -0.20  0.20
goals_2           -0.20  1.30 -0.70 -0.50 -0.10
goals_3           -0.50 -0.10  1.10  0.60 -0.40
goals_4           -0.50 -0.50  0.50  1.50 -1.20
goals_5            0.00 -0.20  0.10  0.60 -0.30
goals_7           -0.40 -0.20  0.70  0.30 -0.50
benefit_sought_1   1.40 -0.40 -1.20 -0.20  0.40
benefit_sought_2  -0.50 -0.30  1.30 -0.10  0.00
benefit_sought_3  -0.40  1.40 -1.00 -0.60  0.40
benefit_sought_4  -0.80 -0.60  0.20  1.70 -1.20
problems_1         1.00 -0.30 -0.50 -0.10  0.40
problems_2        -0.10  0.80 -0.20  0.00 -0.50
problems_3        -0.40 -0.20  0.90  0.00 -0.30
problems_5        -0.40 -0.30  0.80  0.30 -0.50
problems_6        -0.20  0.80 -0.50  0.20 -0.40
problems_8         0.00  0.20  0.10 -0.40  0.60
treatment_1        0.20  0.90 -0.80 -0.70  0.50
treatment_2       -0.30 -0.20  0.60  0.10  0.00
treatment_3       -0.60 -0.60  0.90  0.00  0.40
treatment_4        0.90  0.30 -0.50  0.60 -0.80
user_status_4     -0.20  0.60  0.60 -0.30  0.40
user_status_2      0.00 -0.20 -0.50  0.70 -0.60
frequency         -0.35  0.55  0.45 -0.10 -0.30
occasions_1        0.20  0.50 -0.10 -0.50  0.50
occasions_2       -0.40 -0.10  0.90  0.60 -0.60
occasions_3       -0.10 -0.10  0.40  0.20  0.00
occasions_4       -0.30 -0.20  0.20  0.90 -0.60
occasions_5       -0.10  0.70 -0.30 -0.10 -0.40
usage              0.00  0.35  0.40 -0.30 -0.10
decision_1         0.50 -0.30  0.60 -0.20 -0.70
decision_2        -0.40  0.90 -0.30 -1.20  1.40
decision_3        -0.40 -0.10  0.40  0.80 -0.40
decision_4        -0.40  0.00 -0.20  0.80 -0.30
decision_5         1.60 -0.80 -1.20 -0.20 -0.30
influencers_3     -0.40 -0.60  0.90  0.00  0.50
influencers_4     -0.10  0.00  0.80  0.10 -0.70
influencers_5     -0.30 -0.20 -0.30  1.30 -1.10
influencers_6      0.10  0.40 -0.10  0.40 -0.80
adoption          -0.30  0.10  0.15  1.10 -1.05
promotions         1.15 -0.50 -0.80  0.10 -0.15
payment_1          0.30 -1.00 -0.50 -0.80  1.60
payment_3         -0.30  0.70 -0.10  0.80 -1.20
payment_4          0.20  0.50  0.00  0.00 -0.50
buying_channels_1 -0.10 -0.70  0.60  0.10  0.90
buying_channels_2  0.30  0.50  0.00  0.10 -0.90
buying_channels_3 -0.20  1.10 -0.50  0.50 -1.10
buying_channels_4 -0.60  1.30  0.10  0.00 -1.00
buying_channels_5  0.50  0.20 -0.30  0.10 -0.60
buying_channels_6  1.00  0.10 -1.00 -0.30  0.50
buying_channels_7 -0.70 -0.60  1.20  0.60 -0.40
information_channels_1  0.20  0.20  0.30 -0.20 -0.70
information_channels_2  0.40  0.30 -0.60 -0.20 -0.20
information_channels_3 -0.10  0.50 -0.40  0.50 -0.70
information_channels_4 -0.20 -0.20 -0.10  1.20 -1.00
information_channels_5  0.30 -0.50 -0.10 -0.60  0.90
information_channels_6 -0.10 -0.60  0.70  0.10  0.70
journey_stage_5   -0.80  1.30  0.20 -0.50 -0.40
journey_stage_2    0.20 -0.70  0.10  0.80 -0.60
journey_stage_3    0.80 -0.40  0.00  0.30 -0.40
tenure             0.00  0.10  0.35 -0.80  0.70
last_purchase     -0.20  0.60  0.40  0.10 -0.30
share_of_wallet   -0.55  0.85  0.10 -0.30  0.25
satisfaction      -0.40  0.35  0.40  0.15 -0.05
recommend         -0.45  0.40  0.50  0.35 -0.35
yearly_spend      -0.45  0.65  0.80 -0.25 -0.75
"""

# shares of the codes in all; the median of a number; the share of a tick
MARGINS = """
age 43
sex 58 40 2
marital_status 24 21 40 10 5
household_size 2.6
children 0.9
family_role 19 27 38 5 8 3
education 4 15 36 19 26
occupation 52 10 11 8 4 3 11 1
income 9 22 33 24 12
wealth_1 .62
wealth_2 .12
wealth_3 .71
wealth_4 .44
wealth_5 .19
nationality 91 6 3
languages_spoken_1 .62
languages_spoken_2 .78
languages_spoken_3 .16
languages_spoken_4 .03
languages_spoken_5 .21
languages_spoken_6 .07
languages_spoken_8 .09
religion 7 19 74
region 29 17 13 23 18
town_size 14 12 20 22 32
neighbourhood 26 41 22 11
climate 14 58 21 7
knowledge 18 47 25 10
checked_2 .27
checked_5 .15
interests_8 .09
goals_3 .55
goals_5 .24
goals_6 .16
goals_7 .14
belief_companies 14 30 35 17 4
need_price 3 9 24 36 28
need_quality 1 3 13 38 45
need_origin 9 20 30 26 15
need_novelty 14 25 30 21 10
need_choice 5 14 30 34 17
need_speed 4 12 28 35 21
price_compare 6 17 20 34 23
price_ignore 21 36 22 15 6
quality_better 4 12 25 37 22
quality_notice 4 14 35 33 14
ease_fast 7 18 25 30 20
ease_browse 9 21 24 31 15
new_first 27 31 24 13 5
new_stay 5 17 28 34 16
problems_1 .46
problems_2 .23
problems_3 .17
problems_7 .08
problems_5 .13
problems_6 .16
user_status 0 14 34 46 6
frequency 3 14 30 38 15
occasions_1 .74
occasions_2 .41
occasions_3 .29
occasions_4 .33
occasions_5 .17
occasions_6 .21
usage 6 13 32 49
decision 24 33 15 14 14
influencers_1 .36
influencers_2 .31
influencers_5 .18
adoption 11 25 36 21 7
promotions 17 46 26 11
payment 14 41 22 20 3
buying_channels_1 .48
buying_channels_2 .44
buying_channels_3 .27
buying_channels_4 .17
buying_channels_5 .22
buying_channels_6 .57
buying_channels_7 .21
buying_channels_8 .06
information_channels_1 .52
information_channels_2 .19
information_channels_4 .34
journey_stage 27 21 13 22 17
tenure 3
share_of_wallet 4.3
satisfaction 2 7 22 46 23
recommend 2 1 2 2 3 6 8 15 24 19 18
yearly_spend 168
"""


def plan() -> Plan:
    """The five kinds of customer."""
    questionnaire = Questionnaire.load("customer_b2c")
    known = [v.id for v in questionnaire.variables]
    shifts: list[dict[str, float]] = [{} for _ in SHARES]
    for line in SHIFTS.split("\n")[1:-1]:
        name, *values = line.split()
        named = [v for v in known if v.startswith(name)] if name.endswith("_") else [name]
        for segment, value in enumerate(values):
            shifts[segment].update(dict.fromkeys(named, float(value)))
    margins = {
        name: [float(value) for value in values]
        for name, *values in (line.split() for line in MARGINS.split("\n")[1:-1])
    }
    return Plan(SHARES, tuple(shifts), margins)


def lifelike(answers: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Answers of one person made to agree: nobody is retired at twenty or a flatmate of one."""
    out = answers.copy()
    age = pd.to_numeric(out["age"]).fillna(43)
    role = out["family_role"]

    def put(column: str, where: pd.Series, draw: Callable[[int], object]) -> None:
        where = where & out[column].notna()
        out.loc[where, column] = pd.Series(draw(int(where.sum())), out.index[where], dtype=object)

    def one_of(*codes: int) -> Callable[[int], object]:
        return lambda n: rng.choice(codes, n).tolist()

    put("occupation", (age >= 66) & ~out["occupation"].isin([3, 5]), one_of(7))
    put("occupation", (age < 57) & (out["occupation"] == 7), one_of(1, 1, 1, 2, 3))
    put("occupation", (age >= 31) & (out["occupation"] == 4), one_of(1, 1, 2, 3))
    put("education", (age < 22) & out["education"].isin([4, 5]), one_of(3))
    put("family_role", (age >= 34) & role.isin([4, 5]), one_of(1, 2, 3))
    put("family_role", (age >= 64) & (role == 3), one_of(1, 2, 2))
    put("family_role", (age < 22) & (role == 3), one_of(4, 5))
    role = out["family_role"]
    put("marital_status", (age < 45) & (out["marital_status"] == 5), one_of(1, 2, 3))
    put("marital_status", (role == 2) & out["marital_status"].isin([1, 4, 5]), one_of(2, 3, 3))
    put("marital_status", role.isin([1, 4]) & out["marital_status"].isin([2, 3]), one_of(1, 1, 4))
    put("household_size", role == 1, one_of(1))
    put("household_size", role == 2, one_of(2))
    put("household_size", role == 3, one_of(2, 3, 3, 3, 4, 4, 4, 5, 6))
    put("household_size", role.isin([4, 5, 8]), one_of(2, 3, 3, 4, 5))
    size = pd.to_numeric(out["household_size"])
    out["children"] = out["children"].where(size > 1, None)
    put("children", (role == 3), lambda n: [0] * n)
    children = (size - rng.choice([1, 2, 2, 2], len(out))).clip(1, 5).astype(object)
    out["children"] = out["children"].mask((role == 3) & children.notna(), children)
    put("children", role.isin([2, 4, 5]), lambda n: [0] * n)
    most = size - 1
    too_many = pd.to_numeric(out["children"]) > most
    out.loc[too_many, "children"] = most[too_many]
    return _spending(out, rng)


def _spending(answers: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Orders follow how often people buy; what they spend in all contains what they spend here."""
    out = answers.copy()
    often = out["frequency"].map({1: 0.6, 2: 1.6, 3: 4.0, 4: 11.0, 5: 40.0}).astype(float)
    drawn = rng.poisson(often.fillna(4.0) * rng.gamma(6, 1 / 6, len(out)))
    out["yearly_orders"] = out["yearly_orders"].mask(out["yearly_orders"].notna(), drawn)
    spent = pd.to_numeric(out["yearly_spend"]) * (often.fillna(4.0) / 8) ** 0.35
    out["yearly_spend"] = spent.round().astype(object).where(spent.notna(), None)
    share = (pd.to_numeric(out["share_of_wallet"]).fillna(4).clip(1, 10) / 10) ** 0.7
    in_all = (spent / share * np.exp(rng.normal(0, 0.2, len(out)))).clip(lower=spent)
    # people name round sums
    rounded = (in_all / 10).round() * 10
    held = rounded.where(rounded >= spent, spent.round())
    keep = out["category_spend"].notna() & held.notna()
    out["category_spend"] = held.astype(object).where(keep, None)
    subscribed = (out["buying_channels_4"] == 1) & out["journey_stage"].notna()
    out.loc[subscribed & (rng.random(len(out)) < 0.75), "journey_stage"] = 5
    out.loc[~subscribed & (out["journey_stage"] == 5), "journey_stage"] = 4
    satisfied = pd.to_numeric(out["satisfaction"])
    glad = pd.to_numeric(out["recommend"])
    blend = (0.5 * glad + 0.5 * (satisfied.where(satisfied < 9) * 2.3 - 1)).round().clip(0, 10)
    out["recommend"] = blend.astype(object).where(blend.notna(), out["recommend"])
    return out


def with_words(
    answers: pd.DataFrame, segments: pd.Series, polish: np.ndarray, rng: np.random.Generator
) -> pd.DataFrame:
    """Verbatims in the customers' own words, each combination once."""
    words = YAML(typ="safe").load((HERE / "words.yaml").read_text(encoding="utf-8"))
    out = answers.copy()
    used: set[str] = set()

    def write(pool: str, segment: int, language: str) -> str:
        for _ in range(60):
            first = str(rng.choice(words[pool][language][segment]))
            end = "" if first[-1] in "?!." else "."
            text = f"{first}{end} {rng.choice(words['tails'][pool][language])}".strip()
            if text not in used:
                break
        used.add(text)
        text = text[0].lower() + text[1:] if rng.random() < 0.2 else text
        return text.rstrip(".") if rng.random() < 0.45 else text

    for row, respondent in enumerate(out.index):
        language = "pl" if polish[row] else "en"
        segment = int(segments[respondent])
        score = out.at[respondent, "recommend"]
        for column in ("wish", "recommend_why"):
            out.at[respondent, column] = None
        if out.at[respondent, "buying_channels_8"] == 1:
            out.at[respondent, "buying_channels_other"] = str(rng.choice(words["places"][language]))
        if rng.random() < 0.33:
            out.at[respondent, "wish"] = write("wish", segment, language)
        if score is not None and rng.random() < 0.45:
            content = score >= 9 or (score >= 7 and rng.random() < 0.7)
            pool = "high" if content else "low"
            out.at[respondent, "recommend_why"] = write(pool, segment, language)
    return out


def roughened(shown: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The slips that real tables have: words in numbers, unknown labels, blanks, odd case."""
    out = shown.copy()
    heads = list(out.columns)
    find = {head.split(" [")[0]: head for head in heads}
    age, sex = find["How old are you?"], find["Are you ..."]
    job, often = find["What do you mainly do at present?"], find["How often do you buy from us?"]
    spend = find["How much have you spent with us in the last 12 months?"]
    wish = find["If you could change one thing about us, what would it be?"]
    rows = iter(rng.permutation(len(out)).tolist())

    def slip(head: str, *cells: object) -> None:
        for cell in cells:
            out.iat[next(rows), heads.index(head)] = cell

    slip(age, 199, "thirty-four", "ok. 40 lat", 7)
    slip(sex, "Female", "woman!", "K")
    slip(job, "Fulltime employee", "na etacie", "Student(ka)")
    slip(often, "every other day")
    slip(spend, "a lot", "ca. 300 zł", -50, "n/a")
    slip(wish, "=nothing", "<b>Cheaper</b> shipping!", "write to me: anna.k@example.com")
    slip(wish, "- more decaf", "Call me on +48 600 100 200 and I will tell you")
    for head in (sex, job, often):
        column = heads.index(head)
        for row in rng.choice(len(out), 9, replace=False):
            cell = out.iat[int(row), column]
            if isinstance(cell, str):
                out.iat[int(row), column] = str(rng.choice([f"{cell} ", cell.upper(), f" {cell}"]))
    return out


def make() -> tuple[pd.DataFrame, pd.DataFrame]:
    """The table of answers and the planted segments."""
    questionnaire = Questionnaire.load("customer_b2c")
    rng = np.random.default_rng([SEED, 7])
    simulated = simulate(questionnaire, RESPONDENTS, SEED, plan=plan())
    polish = rng.random(RESPONDENTS) < POLISH
    answers = lifelike(simulated.answers, rng)
    answers = with_words(answers, simulated.segments, polish, rng)
    shown = table(
        questionnaire,
        answers,
        headers="text",
        cells="label",
        language=["pl" if spoken else "en" for spoken in polish],
    )
    return roughened(shown, rng), _planted(simulated)


def _planted(simulated: Simulated) -> pd.DataFrame:
    names = [NAMES[segment - 1] for segment in simulated.segments]
    return pd.DataFrame(
        {"respondent": simulated.segments.index, "segment": simulated.segments, "name": names}
    )


def main() -> None:
    """Write both files into the folder named, or beside this script."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    shown, planted = make()
    write_table(shown, folder / "answers.xlsx")
    planted.to_csv(folder / "planted_segments.csv", index=False, lineterminator="\n")
    print(f"{len(shown)} respondents, {shown.shape[1]} columns, in {folder / 'answers.xlsx'}")


if __name__ == "__main__":
    main()
