"""Eleven invented questionnaires with the shapes of real ones: files, rows of the codebook, raw answers.

Each function writes one council into a copy of the project and returns its raw answers as a frame, from which the tests
compute the figures with plain pandas. Blank cells are ''.
"""

from __future__ import annotations

import json

import numpy as np
import pandas as pd

from building import Project

FREQUENCY = ["Often", "Sometimes", "Never"]
OPTIONAL = {
    "exports": ["duplicate_priority", "file", "questionnaire_id", "header_rows"],
    "questions": ["asked_when_column", "asked_when_answers", "option", "separator", "number_format"],
    "waves": ["replicate_factor"],
}


def prepare(project: Project) -> None:
    """Give the codebook its optional columns, and the scales and measures of these questionnaires."""
    for seed, names in OPTIONAL.items():
        project.add_codebook_columns(seed, names)
    project.append_codebook("councils", [f"{name},{name},England,1000,2011,rural,Invented" for name in ALL])
    project.append_codebook(
        "scales",
        [
            "any_gender,Gender in any words,nominal,,",
            "one_to_five,One to five,integer,1,5",
            "one_to_ten,One to ten,integer,1,10",
            "zero_to_ten,Nought to ten,integer,0,10",
            "any_weight,Weight,decimal,0,1000",
            "tick_or_na,Y or NA,ordinal,0,1",
            "often_or_na,Often to never or NA,ordinal,0,2",
            "yes_or_na,Yes or no or NA,nominal,,",
            *(f"is_{arm},Sent version {arm},nominal,," for arm in ("none", "a", "b", "both")),
        ],
    )
    arms = [
        f"is_{arm},{cell}" for arm in ("none", "a", "b", "both") for cell in (f"1,valid,,,,{arm}", "0,not_asked,,,,")
    ]
    project.append_codebook(
        "answers",
        [
            "any_gender,Woman,valid,2,,,Female",
            "any_gender,Man,valid,1,,,Male",
            "any_gender,*,valid,,,,In another way",
            *("tick_or_na,Y,valid,1,true,,Ticked", "tick_or_na,,valid,0,false,,Not ticked", "tick_or_na,NA,blank,,,,"),
            *("often_or_na,Often,valid,2,true,true,", "often_or_na,Sometimes,valid,1,true,false,"),
            *("often_or_na,Never,valid,0,false,false,", "often_or_na,NA,blank,,,,"),
            *("yes_or_na,Yes,valid,,,,", "yes_or_na,No,valid,,,,", "yes_or_na,NA,blank,,,,"),
            *arms,
            "tick_box,NA,blank,,,,",
        ],
    )
    project.append_codebook(
        "constructs",
        [
            "trust,Trust in the council,correlate,",
            "informed,Feels informed,correlate,",
            "tenure,Owns the home,demographic,",
        ],
    )
    project.append_codebook(
        "measures",
        [
            "mean_trust,Mean trust,trust,mean_score,,,,,true,points (0 to 10),0,10,1",
            "mean_informed,Feels informed,informed,mean_score,,,,,false,per cent of the scale,0,100,1",
        ],
    )


def describe(project: Project, row: dict[str, str], questions: list[dict[str, str]]) -> None:
    """Add an export and its questions to the codebook; blank cells may be left out."""
    exports = ["export_id", "council_id", "wave_id", "respondent_role", "respondent_column", "provenance"]
    exports += ["fieldwork_year", "notes", *OPTIONAL["exports"]]
    full = {"wave_id": "wave_1", "respondent_role": "citizen", "provenance": "real", **row}
    project.append_codebook("exports", [line([full.get(name, "") for name in exports])])
    describe_questions(project, [{"export_id": row["export_id"], **question} for question in questions])


def describe_questions(project: Project, questions: list[dict[str, str]]) -> None:
    """Add questions to the codebook; blank cells may be left out."""
    columns = ["export_id", "column_name", "construct_id", "theme_id", "topic_id", "scale_id"]
    columns += ["is_reversed", "is_primary", "question_text", *OPTIONAL["questions"]]
    for question in questions:
        topic = {"topic_id": "all"} if question.get("theme_id") else {}
        full = {"is_reversed": "false", "is_primary": "true", **topic, **question}
        project.append_codebook("questions", [line([full.get(name, "") for name in columns])])


def line(cells: list[str]) -> str:
    return ",".join('"' + cell.replace('"', '""') + '"' if set(cell) & set(',"\n') else cell for cell in cells)


def rows_of(frame: pd.DataFrame) -> list[list[str]]:
    return [list(frame.columns), *frame.astype(str).to_numpy().tolist()]


def activity(column: str, **more: str) -> dict[str, str]:
    return {
        "column_name": column,
        "construct_id": "individual_activity",
        "theme_id": "environment",
        "scale_id": "frequency",
        **more,
    }


def groups(column: str, **more: str) -> dict[str, str]:
    return activity(column, **{"construct_id": "group_participation", **more})


def write_qualtrics(project: Project) -> pd.DataFrame:
    """Three header rows, routing by a column that is not a question, a line end in a header, genders in any words."""
    random = np.random.default_rng(20261129)
    n = 120
    owner = random.choice(["Yes", "No", ""], n, p=[0.5, 0.4, 0.1])
    frame = pd.DataFrame({"ResponseId": [f"R_{place:03d}" for place in range(n)], "owner": owner})
    for column in ("street_1", "street_2", "garden\n1", "garden_2"):
        frame[column] = random.choice([*FREQUENCY, ""], n, p=[0.3, 0.3, 0.3, 0.1])
        if column.startswith("garden"):
            # A few answers of people who were not asked stand in the file.
            blank = (owner == "No") & (random.random(n) < 0.9)
            frame.loc[blank, column] = ""
    frame["gender"] = random.choice(["Woman", "Man", "non-binary", "Agender"], n, p=[0.45, 0.45, 0.05, 0.05])
    titles = ["Response ID", "Do you own your home?", *["How often?"] * 4, "In what words?"]
    codes = [json.dumps({"ImportId": name}) for name in frame.columns]
    header, *rows = rows_of(frame)
    project.write_export("qualtrics", [header, titles, codes, *rows])
    asked = {"asked_when_column": "owner", "asked_when_answers": "Yes"}
    questions = [
        activity("street_1"),
        activity("street_2"),
        activity("garden\n1", **asked),
        activity("garden_2", **asked),
    ]
    questions.append({"column_name": "gender", "construct_id": "gender", "scale_id": "any_gender"})
    describe(
        project, {"export_id": "qualtrics", "council_id": "qualtrics", "respondent_column": "ResponseId"}, questions
    )
    project.list_exports("qualtrics")
    return frame


def write_ticks(project: Project) -> pd.DataFrame:
    """Tick boxes as columns of 1 or nothing, and as several answers in one cell with the separator in a written one."""
    random = np.random.default_rng(7)
    n = 90
    reached = random.choice(["1", ""], n, p=[0.9, 0.1])
    frame = pd.DataFrame({"Ref": [f"T{place:02d}" for place in range(n)], "reached": reached})
    for column, share in {"litter": 0.2, "recycle": 0.5, "plant": 0.1}.items():
        frame[column] = np.where((reached == "1") & (random.random(n) < share), "1", "")
    options = ["Clean-up", "Park friends", "Something else (a choir; at church)"]
    ticked = random.random((n, 3)) < [0.3, 0.2, 0.1]
    frame["groups"] = [";".join(np.array(options)[row]) for row in ticked]
    # R prints some of the empty cells.
    printed = frame.groups.where((frame.groups != "") | (frame.index % 3 > 0), "NA")
    project.write_export("ticks", rows_of(frame.assign(groups=printed)))
    box = {"scale_id": "tick_box"}
    asked = {"asked_when_column": "reached", "asked_when_answers": "*"}
    questions = [activity(column, **box, **asked) for column in ("litter", "recycle", "plant")]
    for option in ("Clean-up", "Park friends", "*"):
        questions.append(groups("groups", **box, **asked, option=option, separator=";"))
    describe(project, {"export_id": "ticks", "council_id": "ticks", "respondent_column": "Ref"}, questions)
    project.list_exports("ticks")
    return frame


def write_paper_and_web(project: Project) -> pd.DataFrame:
    """Two files of one wave with one questionnaire; of people in both, the web counts."""
    random = np.random.default_rng(11)
    web = pd.DataFrame({"id": [f"P{place}" for place in range(70)]})
    paper = pd.DataFrame({"id": [f"P{place}" for place in range(60, 110)]})
    for frame in (web, paper):
        for column in ("Q1", "Q2", "Q3"):
            frame[column] = random.choice([*FREQUENCY, "Don't know", ""], len(frame), p=[0.3, 0.3, 0.2, 0.1, 0.1])
    questions = [activity("Q1"), activity("Q2"), groups("Q3")]
    for priority, (name, frame) in enumerate({"pw_web": web, "pw_paper": paper}.items(), start=1):
        project.write_export(name, rows_of(frame))
        row = {"export_id": name, "council_id": "paper_and_web", "respondent_column": "id", "questionnaire_id": "pw"}
        describe(project, {**row, "duplicate_priority": str(priority)}, [])
        project.list_exports(name)
    columns = [{"export_id": "pw", **question} for question in questions]
    describe_questions(project, columns)
    return pd.concat([web, paper[~paper.id.isin(web.id)]], ignore_index=True)


def write_pooled(project: Project) -> pd.DataFrame:
    """One file of three waves, of which only finished rows count; the scale changes from 1-5 to 1-10 in the third."""
    random = np.random.default_rng(13)
    n = 150
    wave = random.choice(["2019", "2020", "2021"], n)
    highest = np.where(wave == "2021", 10, 5)
    frame = pd.DataFrame({"case": [str(place) for place in range(n)], "year": wave})
    frame["status"] = random.choice(["Complete", "Screened out", ""], n, p=[0.85, 0.1, 0.05])
    frame["informed"] = [str(value) for value in random.integers(1, highest + 1)]
    frame["join"] = random.choice(FREQUENCY, n)
    project.write_export("pooled", rows_of(frame))
    for number, year in enumerate(("2019", "2020", "2021"), start=1):
        name = f"pooled_{year}"
        row = {"export_id": name, "council_id": "pooled", "wave_id": f"wave_{number}", "respondent_column": "case"}
        describe(
            project, {**row, "file": "pooled", "questionnaire_id": "informed_10" if number == 3 else "informed_5"}, []
        )
        project.append_codebook("row_filters", [f"{name},year,{year}", f"{name},status,Complete"])
    for questionnaire, scale in {"informed_5": "one_to_five", "informed_10": "one_to_ten"}.items():
        informed = {"column_name": "informed", "construct_id": "informed", "theme_id": "environment", "scale_id": scale}
        describe_questions(
            project, [{"export_id": questionnaire, **question} for question in (informed, groups("join"))]
        )
    project.list_exports("pooled")
    return frame


def write_dummies(project: Project) -> pd.DataFrame:
    """The arm of the experiment in four columns, one for each arm."""
    random = np.random.default_rng(17)
    n = 160
    arm = random.choice(["none", "a", "b", "both"], n)
    frame = pd.DataFrame({"id": [f"D{place}" for place in range(n)]})
    for name in ("none", "a", "b", "both"):
        frame[f"sent_{name}"] = np.where(arm == name, "1", "0")
    share = np.where(arm == "both", 0.6, 0.4)
    frame["join"] = np.where(random.random(n) < share, "Often", "Never")
    project.write_export("dummies", rows_of(frame))
    arms = [
        {"column_name": f"sent_{name}", "construct_id": "nudge", "scale_id": f"is_{name}"}
        for name in ("none", "a", "b", "both")
    ]
    row = {"export_id": "dummies", "council_id": "dummies", "respondent_column": "id"}
    describe(project, row, [*arms, groups("join")])
    project.list_exports("dummies")
    return frame


def write_numeric(project: Project) -> pd.DataFrame:
    """Trust from 0 to 10 as floats with a code for missing, weights with decimal commas, households and strata."""
    random = np.random.default_rng(19)
    n = 140
    frame = pd.DataFrame({"id": [f"N{place}" for place in range(n)]})
    trust = random.integers(0, 11, n).astype(float)
    frame["trust"] = [f"{value:.1f}" for value in np.where(random.random(n) < 0.1, -99, trust)]
    frame["join"] = random.choice(FREQUENCY, n)
    frame["weight"] = [f"{value:.6f}".replace(".", ",") for value in random.lognormal(0, 0.6, n)]
    frame["household"] = [f"HH {place}" for place in random.integers(0, 60, n)]
    frame["sampling_area"] = random.choice(["north", "south"], n)
    frame["version"] = random.choice(["plain", "nudged"], n)
    project.write_export("numeric", rows_of(frame))
    project.append_codebook("answers", ["zero_to_ten,-99,refused,,,,Prefer not to say"])
    project.append_codebook("scales", ["version_sent,Version that was sent,nominal,,"])
    project.append_codebook("answers", ["version_sent,plain,valid,,,,none", "version_sent,nudged,valid,,,,a"])
    about_the_person = {"weight": "any_weight", "household": "any_text", "sampling_area": "any_text"}
    about_the_person["version"] = "version_sent"
    constructs = {"weight": "weight", "household": "cluster", "sampling_area": "stratum", "version": "nudge"}
    questions = [
        {"column_name": "trust", "construct_id": "trust", "theme_id": "environment", "scale_id": "zero_to_ten"},
        groups("join"),
        *(
            {"column_name": column, "construct_id": constructs[column], "scale_id": scale}
            for column, scale in about_the_person.items()
        ),
    ]
    describe(project, {"export_id": "numeric", "council_id": "numeric", "respondent_column": "id"}, questions)
    project.list_exports("numeric")
    return frame


def write_replicates(project: Project) -> pd.DataFrame:
    """Weights, and the replicate weights of a jackknife that leaves out one of twenty sampling points each time."""
    random = np.random.default_rng(53)
    n, n_points = 160, 20
    frame = pd.DataFrame({"id": [f"J{place}" for place in range(n)]})
    frame["sent"] = random.choice(["plain", "nudged"], n)
    frame["join"] = np.where(random.random(n) < 0.5, "Often", "Never")
    frame["trust"] = random.integers(0, 11, n).astype(str)
    weight = random.lognormal(0, 0.4, n)
    replicates = {"weight": weight} | {
        f"repwt{point}": weight * (np.arange(n) % n_points != point - 1) * n_points / (n_points - 1)
        for point in range(1, n_points + 1)
    }
    frame = frame.assign(**{name: [f"{value:.6f}" for value in column] for name, column in replicates.items()})
    project.write_export("replicates", rows_of(frame))
    project.append_codebook("scales", ["letter_sent,Letter that was sent,nominal,,"])
    project.append_codebook("answers", ["letter_sent,plain,valid,,,,none", "letter_sent,nudged,valid,,,,a"])
    questions = [
        {"column_name": "trust", "construct_id": "trust", "theme_id": "environment", "scale_id": "zero_to_ten"},
        groups("join"),
        {"column_name": "sent", "construct_id": "nudge", "scale_id": "letter_sent"},
        {"column_name": "weight", "construct_id": "weight", "scale_id": "any_weight"},
        *(
            {"column_name": f"repwt{point}", "construct_id": "replicate_weight", "scale_id": "any_weight"}
            for point in range(1, n_points + 1)
        ),
    ]
    describe(project, {"export_id": "replicates", "council_id": "replicates", "respondent_column": "id"}, questions)
    project.append_codebook("waves", [f"replicates,wave_1,,,,,,,{n_points - 1}/{n_points}"])
    project.list_exports("replicates")
    return frame


def write_printed_blanks(project: Project) -> pd.DataFrame:
    """Empty cells printed as NA: of tick boxes, of a question put to owners only, and of the column that says so."""
    random = np.random.default_rng(23)
    n = 130
    frame = pd.DataFrame({"id": [f"B{place}" for place in range(n)]})
    frame["owner"] = random.choice(["Yes", "No", "NA"], n, p=[0.5, 0.4, 0.1])
    for column in ("street", "garden"):
        frame[column] = random.choice([*FREQUENCY, "NA"], n, p=[0.3, 0.3, 0.3, 0.1])
    frame.loc[frame.owner == "No", "garden"] = "NA"
    for column, share in {"choir": 0.3, "watch": 0.2}.items():
        frame[column] = np.where(random.random(n) < share, "Y", "NA")
    project.write_export("printed_blanks", rows_of(frame))
    asked = {"asked_when_column": "owner", "asked_when_answers": "Yes"}
    questions = [
        activity("street", scale_id="often_or_na"),
        activity("garden", scale_id="often_or_na", **asked),
        groups("choir", scale_id="tick_or_na"),
        groups("watch", scale_id="tick_or_na"),
        {"column_name": "owner", "construct_id": "tenure", "scale_id": "yes_or_na"},
    ]
    row = {"export_id": "printed_blanks", "council_id": "printed_blanks", "respondent_column": "id"}
    describe(project, row, questions)
    project.list_exports("printed_blanks")
    return frame


def write_repeats(project: Project) -> pd.DataFrame:
    """A second row without answers of two people: of boxes that everybody saw, and of a question for owners only."""
    rows = [
        ("1", "Yes", "1", "Often"),
        ("1", "", "", ""),
        ("2", "No", "1", ""),
        ("2", "No", "", ""),
        ("3", "Yes", "", "Never"),
    ]
    frame = pd.DataFrame(rows, columns=["id", "owner", "litter", "garden"])
    project.write_export("repeats", rows_of(frame))
    questions = [
        activity("litter", scale_id="tick_box", asked_when_column="id", asked_when_answers="*"),
        groups("garden", asked_when_column="owner", asked_when_answers="Yes"),
    ]
    describe(project, {"export_id": "repeats", "council_id": "repeats", "respondent_column": "id"}, questions)
    project.list_exports("repeats")
    return frame


def write_float_codes(project: Project) -> pd.DataFrame:
    """Codes printed as 1.0 in the columns of a filter, of a condition and of tick boxes, with -99.0 for blank."""
    rows = [
        ("1", "1.0", "1.0", "Never", "1.0", ""),
        ("2", "1.0", "2.0", "", "-99.0", ""),
        ("3", "1.0", "-99.0", "", "", "1.0"),
        ("4", "2.0", "1.0", "Often", "1.0", ""),
    ]
    frame = pd.DataFrame(rows, columns=["id", "done", "owner", "garden", "choir", "watch"])
    project.write_export("float_codes", rows_of(frame))
    project.append_codebook("scales", ["owner_code,Owner,nominal,,", "tick_or_99,1 or -99,ordinal,0,1"])
    project.append_codebook(
        "answers",
        [
            *("owner_code,1,valid,,,,Yes", "owner_code,2,valid,,,,No", "owner_code,-99,blank,,,,"),
            *("tick_or_99,1,valid,1,true,,Ticked", "tick_or_99,,valid,0,false,,Not ticked", "tick_or_99,-99,blank,,,,"),
        ],
    )
    project.append_codebook("row_filters", ["float_codes,done,1"])
    questions = [
        activity("garden", asked_when_column="owner", asked_when_answers="1"),
        groups("choir", scale_id="tick_or_99"),
        groups("watch", scale_id="tick_or_99"),
        {"column_name": "owner", "construct_id": "tenure", "scale_id": "owner_code"},
    ]
    describe(project, {"export_id": "float_codes", "council_id": "float_codes", "respondent_column": "id"}, questions)
    project.list_exports("float_codes")
    return frame


def write_chains(project: Project) -> pd.DataFrame:
    """A question for owners leads to one about the garden, and a box leads to a question if it is ticked."""
    rows = [
        ("1", "Yes", "Yes", "Often", "Y", "", "Never"),
        ("2", "Yes", "No", "", "", "Y", ""),
        ("3", "No", "", "", "Y", "", ""),
        ("4", "NA", "", "", "", "", ""),
        ("5", "Yes", "NA", "", "Y", "NA", "Often"),
    ]
    frame = pd.DataFrame(rows, columns=["id", "owner", "has_garden", "garden", "choir", "watch", "sings"])
    project.write_export("chains", rows_of(frame))
    project.append_codebook("constructs", ["outdoors,Has a garden,demographic,"])
    questions = [
        {"column_name": "owner", "construct_id": "tenure", "scale_id": "yes_or_na"},
        {
            **{"column_name": "has_garden", "construct_id": "outdoors", "scale_id": "yes_or_na"},
            **{"asked_when_column": "owner", "asked_when_answers": "Yes"},
        },
        activity("garden", asked_when_column="has_garden", asked_when_answers="Yes"),
        groups("choir", scale_id="tick_or_na"),
        groups("watch", scale_id="tick_or_na"),
        activity("sings", asked_when_column="choir", asked_when_answers="Y"),
    ]
    describe(project, {"export_id": "chains", "council_id": "chains", "respondent_column": "id"}, questions)
    project.list_exports("chains")
    return frame


ALL = {
    "qualtrics": write_qualtrics,
    "ticks": write_ticks,
    "paper_and_web": write_paper_and_web,
    "pooled": write_pooled,
    "dummies": write_dummies,
    "numeric": write_numeric,
    "replicates": write_replicates,
    "printed_blanks": write_printed_blanks,
    "repeats": write_repeats,
    "float_codes": write_float_codes,
    "chains": write_chains,
}
