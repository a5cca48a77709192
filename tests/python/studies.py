"""What the shared projects of the tests hold: each function changes a copy of the project before it is built."""

from __future__ import annotations

import random

import numpy as np

from building import Project
from panels import write_panels
from questionnaires import prepare, write_dummies, write_paper_and_web, write_pooled

BUNDLED = ["barnet", "bristol", "derbyshire_dales", "swansea", "wolverhampton"]

FREQUENCY = np.array(["Never", "Sometimes", "Often"])
AGREEMENT = np.array(["Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree"])
SATISFACTION = np.array(
    [
        "Very dissatisfied",
        "Fairly dissatisfied",
        "Neither satisfied nor dissatisfied",
        "Fairly satisfied",
        "Very satisfied",
    ]
)


# --- Small samples ---

# Few respondents in each export, so that most groups are small: the hard case for disclosure control.
SMALL_ROWS = {"barnet": 60, "bristol": 240, "derbyshire_dales": 45, "swansea": 130, "wolverhampton": 547}
# So many respondents with this answer stay in the sample, which makes the smallest group of a column.
FEW = {"barnet": ("Q16", "Male", 5), "bristol": ("qversion", "2", 8), "wolverhampton": ("Sex", "Man", 7)}
# Surveys of so few people that nothing about them is published.
TINY_ROWS = {"hamlet": 9, "village": 15}


def draw_small_samples(project: Project) -> None:
    """Replace each export by a sample: one has its own weights, one is raked, and three have a group of few people.

    Two more councils are too small to publish anything about them.
    """
    for seed, (export_id, n_rows) in enumerate(SMALL_ROWS.items()):
        header, *rows = project.read_export(export_id)
        chosen = random.Random(seed).sample(rows, n_rows)
        if export_id in FEW:
            column, answer, n_kept = FEW[export_id]
            few = [row for row in chosen if row[header.index(column)].strip() == answer]
            chosen = [row for row in chosen if row not in few[n_kept:]]
        if export_id == "derbyshire_dales":
            header, chosen = [*header, "W"], [[*row, str(1 + place % 3)] for place, row in enumerate(chosen)]
        project.write_export(export_id, [header, *chosen])
    for council_id, n_rows in TINY_ROWS.items():
        project.copy_council("swansea", council_id, every=1)
        header, *rows = project.read_export("swansea")
        project.write_export(council_id, [header, *rows[:n_rows]])
    project.append_codebook("scales", ["survey_weight,Survey weight,decimal,0,1000"])
    project.append_codebook("questions", ["derbyshire_dales,W,weight,,,survey_weight,false,true,Weight."])
    project.append_codebook(
        "weight_margins", [f"wolverhampton,wave_1,gender_label,{gender}" for gender in ("Female,0.93", "Male,0.07")]
    )
    project.append_codebook("smallest_effects", ["paper,nudge,10,,", "paper,correlate,0.2,,"])


# --- Weights ---

# Weights as shares of the sample: a thousandth each, so small that ten-thousandths would round them away.
OWN_WEIGHTS = (0.0008125, 0.0025, 0.00375, 0.0013)


def add_weights(project: Project) -> None:
    """Give Barnet's export weights, Wolverhampton margins to rake to, and Derbyshire Dales margins nobody can meet."""
    header, *rows = project.read_export("barnet")
    weights = [OWN_WEIGHTS[place % 4] if place % 10 else "" for place in range(len(rows))]
    project.write_export("barnet", [[*header, "W"], *([*row, str(w)] for row, w in zip(rows, weights, strict=True))])
    project.append_codebook("scales", ["survey_weight,Survey weight,decimal,0,1000"])
    project.append_codebook("questions", ["barnet,W,weight,,,survey_weight,false,true,Weight of the panel provider."])
    # The codebook knows this answer, and no respondent gave it.
    project.append_codebook("answers", ["gender,Nobody,valid,,,,Nobody"])
    project.append_codebook(
        "weight_margins",
        [
            "barnet,wave_1,gender_label,Female,0.9",
            "barnet,wave_1,gender_label,Male,0.1",
            "wolverhampton,wave_1,gender_label,Female,0.70",
            "wolverhampton,wave_1,gender_label,Male,0.30",
            "derbyshire_dales,wave_1,gender_label,Female,0.5",
            "derbyshire_dales,wave_1,gender_label,Male,0.3",
            "derbyshire_dales,wave_1,gender_label,Nobody,0.2",
            "derbyshire_dales,wave_1,gender_label,Prefer to self-describe,",
        ],
    )


# --- A town with planted truth ---

N_CITIZENS, N_STAFF = 1500, 60
STRENGTHS = {"none": 0, "a": 1, "b": 2}
TOWN_ACTIVITIES = [f"act_{item}" for item in range(1, 7)]


def citizens_of_town() -> list[list[str]]:
    """Political efficacy goes with both outcomes, personal does not; groups are joined above `Fairly satisfied`."""
    random_ = np.random.default_rng(11)
    political, personal = random_.integers(0, 5, N_CITIZENS), random_.integers(0, 5, N_CITIZENS)
    satisfied = random_.integers(0, 5, N_CITIZENS)
    active = random_.random((N_CITIZENS, 6)) < (0.15 + 0.12 * political)[:, None]
    joins = random_.random(N_CITIZENS) < 0.1 + 0.08 * political + 0.4 * (satisfied > 3)
    rows = [["id", *TOWN_ACTIVITIES, "group", "political", "personal", "satisfied"]]
    for person in range(N_CITIZENS):
        rows.append(
            [
                str(person),
                *FREQUENCY[active[person].astype(int)],
                FREQUENCY[int(joins[person])],
                AGREEMENT[political[person]],
                AGREEMENT[personal[person]],
                SATISFACTION[satisfied[person]],
            ]
        )
    return rows


def staff_of_town() -> list[list[str]]:
    """Staff believe that everyone joins groups, and that services satisfy."""
    random_ = np.random.default_rng(12)
    rows = [["id", "group", "satisfied"]]
    for person in range(N_STAFF):
        joins, satisfied = random_.random() < 0.9, 3 + int(random_.random() < 0.5)
        rows.append([str(person), FREQUENCY[int(joins)], SATISFACTION[satisfied]])
    return rows


def describe_town(project: Project, with_staff: bool) -> None:
    """Add the town, its questions and its exports to the codebook."""
    project.append_codebook("councils", ["testtown,Testtown,England,100000,2011,metropolitan,Made for a test"])
    questions = [f"{{}},{item},individual_activity,health,all,frequency,false,true," for item in TOWN_ACTIVITIES]
    shared = [
        "{},group,group_participation,health,all,frequency,false,true,",
        "{},satisfied,satisfaction_response,health,all,satisfaction,false,true,",
    ]
    questions += [
        "{},political,political_self_efficacy,health,all,agreement,false,true,",
        "{},personal,personal_self_efficacy,,,agreement,false,true,",
    ]
    project.write_export("testtown", citizens_of_town())
    project.append_codebook("exports", ["testtown,testtown,wave_1,citizen,id,synthetic,,Made for a test"])
    project.append_codebook("questions", [line.format("testtown") for line in [*questions, *shared]])
    project.list_exports("testtown")
    if with_staff:
        project.write_export("testtown_staff", staff_of_town())
        project.append_codebook("exports", ["testtown_staff,testtown,wave_1,staff,id,synthetic,,Made for a test"])
        project.append_codebook("questions", [line.format("testtown_staff") for line in shared])
        project.list_exports("testtown_staff")


def add_town(project: Project) -> None:
    """Add a town with citizens and staff, each bundled export again in part, and nudges of known strength."""
    describe_town(project, with_staff=True)
    for place, source in enumerate(BUNDLED):
        project.copy_council(source, f"{source}_again", every=2 + place % 2)
    project.grade_nudges(STRENGTHS)


def declare_studies(project: Project) -> None:
    """Make the copies of the bundled councils a study with two hypotheses; both studies say what would matter."""
    project.append_codebook("studies", [f"again,{source}_again,wave_1" for source in BUNDLED])
    project.append_codebook(
        "hypotheses",
        [
            "a_works,again,primary,nudge,,,a,,positive,2010-01-01,Nudge A works",
            "age,again,exploratory,correlate,collective_participation,age,,,negative,,Older people do less",
        ],
    )
    sizes = ("paper,nudge,6", "paper,correlate,0.1", "again,nudge,12", "again,correlate,0.15")
    project.append_codebook("smallest_effects", [f"{size},2010-01-01,Made for a test" for size in sizes])


# --- A town without anything to compute from ---

N_ODDTOWN = 200
_ODD_ACTIVITIES = [f"act_{item}" for item in range(1, 5)]
_ODD_HOBBIES = [f"hobby_{item}" for item in range(1, 4)]
_ODD_COLUMNS = ["id", "version", *_ODD_ACTIVITIES, "group", *_ODD_HOBBIES]
_ODD_COLUMNS += ["circle", "political", "personal", "silent", "same", "age", "w"]
# Column, construct, theme, scale.
_ODD_QUESTIONS = [
    ("version", "nudge", "", "nudge_version"),
    *((name, "individual_activity", "health", "frequency") for name in _ODD_ACTIVITIES),
    ("group", "group_participation", "health", "frequency"),
    *((name, "individual_activity", "environment", "frequency") for name in _ODD_HOBBIES),
    ("circle", "group_participation", "environment", "frequency"),
    ("political", "political_self_efficacy", "environment", "agreement"),
    ("personal", "personal_self_efficacy", "", "agreement"),
    ("silent", "satisfaction_response", "environment", "satisfaction"),
    ("same", "satisfaction_information", "environment", "satisfaction"),
    ("age", "age", "", "age_bands"),
    ("w", "weight", "", "survey_weight"),
]


def citizens_of_oddtown() -> list[list[str]]:
    """Health: nobody does anything. Environment: people differ; one question is all Don't Know and one all alike."""
    random_ = np.random.default_rng(21)
    rows = [_ODD_COLUMNS]
    for person in range(N_ODDTOWN):
        version = "Version A and B" if person == 0 else ["Standard", "Version A", "Version B"][person % 3]
        rows.append(
            [
                str(person),
                version,
                *["Never"] * len(_ODD_ACTIVITIES),
                "Never",
                *FREQUENCY[random_.integers(0, 3, len(_ODD_HOBBIES))],
                FREQUENCY[random_.integers(0, 3)],
                AGREEMENT[random_.integers(0, 5)],
                AGREEMENT[random_.integers(0, 5)],
                "Don't know",
                "Fairly satisfied",
                # One respondent in a band of their own.
                "75 or over" if person == 1 else "16 to 24",
                "1.5",
            ]
        )
    return rows


def add_oddtown(project: Project) -> None:
    """Add a council with no spread, a lone respondent in an arm, only Don't Know, equal weights and one of staff."""
    project.list_exports("oddtown", "oddtown_staff")
    # Of the same type as Derbyshire Dales, so that a study of both has no areas to compare by location.
    project.append_codebook("councils", ["oddtown,Oddtown,England,100000,2011,rural,Made for a test"])
    project.append_codebook(
        "exports",
        [
            "oddtown,oddtown,wave_1,citizen,id,synthetic,,Made for a test",
            "oddtown_staff,oddtown,wave_1,staff,id,synthetic,,Made for a test",
        ],
    )
    project.append_codebook("scales", ["survey_weight,Survey weight,decimal,0,1000"])
    project.append_codebook(
        "questions",
        [
            f"oddtown,{name},{construct},{theme},{'all' if theme else ''},{scale},false,true,"
            for name, construct, theme, scale in _ODD_QUESTIONS
        ]
        + ["oddtown_staff,group,group_participation,health,all,frequency,false,true,"],
    )
    project.write_export("oddtown", citizens_of_oddtown())
    # One member of staff: a gap without a test.
    project.write_export("oddtown_staff", [["id", "group"], ["1", "Often"]])
    project.grade_nudges({"none": 0, "a": 1, "b": 2, "both": 3})


# --- Exports that are refused ---

LEAVE_OUT = "{when_an_export_is_refused: leave_out, leave_out_exports: [bristol]}"
# Of the export that is left, a column is loaded that looks like personal data.
LEAVE_OUT_AND_LOAD = LEAVE_OUT.replace("}", ", load_personal_columns: [derbyshire_dales.contact]}")


def break_exports(project: Project) -> None:
    """Give Barnet an answer that only the gate sees, Swansea a file in UTF-16, Wolverhampton a long row."""
    respondent = project.read_export("barnet")[5][0]
    project.spoil_while_loading("barnet", "Q3_1", f"RespondentID={respondent}", "Oftenish")
    text = project.export_path("swansea").read_text(encoding="utf-8")
    project.export_path("swansea").write_bytes(text.encode("utf-16"))
    lines = project.export_path("wolverhampton").read_text(encoding="utf-8").splitlines()
    lines[7] += ",x,y"
    project.export_path("wolverhampton").write_text("\n".join(lines), encoding="utf-8")


# --- Exports that are odd and are built ---

WOLVERHAMPTON_ID = "respondent_number"

N_STRAIGHT, N_BLANK, N_FAST, N_BOTH, N_TOLERATED = 12, 14, 15, 3, 3


def plant_doubtful_respondents(project: Project) -> None:
    """Give Barnet's export respondents of each kind: first straight-liners, then blank ones, then hasty ones."""
    header, *rows = project.read_export("barnet")
    place = {name: number for number, name in enumerate(header)}
    questions = project.scales_of("barnet")
    by_scale: dict[str, list[str]] = {}
    for column, scale in questions.items():
        by_scale.setdefault(scale, []).append(column)
    scales = [columns for columns in by_scale.values() if len(columns) >= 4 and all(c.startswith("Q") for c in columns)]
    assert len(scales) >= 2
    for row in rows[:N_STRAIGHT]:
        for columns in scales:
            label = next(row[place[c]] for c in columns if row[place[c]] not in ("", "Don't know"))
            for column in columns:
                row[place[column]] = label
    for row in rows[N_STRAIGHT : N_STRAIGHT + N_BLANK]:
        for column in list(questions)[3:]:
            if column.startswith("Q") and column != "QVERSION":
                row[place[column]] = ""
    # Not among those above: an answer of theirs would hide their flag.
    for row in rows[100 : 100 + N_TOLERATED]:
        row[place["Q3_1"]] = "  oftn"
    minutes = ["12"] * len(rows)
    minutes[50 : 50 + N_FAST] = ["3"] * N_FAST
    # Some of the first kind were hasty too.
    minutes[:N_BOTH] = ["3"] * N_BOTH
    project.write_export("barnet", [[*header, "Minutes"], *([*row, m] for row, m in zip(rows, minutes, strict=True))])
    project.append_codebook("scales", ["minutes,Minutes,decimal,0,1000"])
    project.append_codebook("questions", ["barnet,Minutes,duration,,,minutes,false,true,Recorded by the survey tool."])
    project.append_codebook(
        "tolerated_answers",
        [
            "barnet,Q3_1,Oftn,0.01,A typing error of the mailing house.,2026-01-05",
            "barnet,Q3_1,Gone,0.01,Old.,2026-01-05",
        ],
    )


def add_personal_data(project: Project, export_id: str) -> None:
    """Add a column of e-mail addresses, one for each row, which the codebook does not claim."""
    header, *rows = project.read_export(export_id)
    secrets = [f"resident{number}@mailbox.example" for number in range(len(rows))]
    columns = zip(rows, secrets, strict=True)
    project.write_export(export_id, [[*header, "contact"], *([*row, secret] for row, secret in columns)])


def repeat_respondents(project: Project) -> None:
    """Add to Wolverhampton's export a column, a conflicting and an identical duplicate, and a row without an id.

    The codebook does not claim the column. The first two respondents of the file are the ones who occur twice.
    """
    header, *rows = project.read_export("wolverhampton")
    conflicting, nobody = list(rows[0]), list(rows[2])
    place = header.index("env_Group")
    conflicting[place] = "Yes, often" if conflicting[place] != "Yes, often" else "No, never"
    nobody[header.index(WOLVERHAMPTON_ID)] = ""
    awkward = [*rows, conflicting, list(rows[1]), nobody]
    project.write_export("wolverhampton", [[*header, "Batch"], *([*row, "7"] for row in awkward)])


def forget_exports(project: Project, *export_ids: str) -> None:
    """Take exports out of the list, out of the codebook and out of the folder."""
    for name in ("dbt_project.yml", "seeds/codebook/exports.csv", "seeds/codebook/questions.csv"):
        path = project.directory / name
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        begins = tuple(begin for export_id in export_ids for begin in (f"{export_id},", f"    - {export_id}\n"))
        path.write_text("".join(line for line in lines if not line.startswith(begins)), encoding="utf-8")
    for export_id in export_ids:
        project.export_path(export_id).unlink()


def make_exports_odd(project: Project) -> None:
    """Put everything odd that is built side by side, each in an export of its own, and take one council's export out.

    Barnet has doubtful respondents and personal data, Wolverhampton respondents who occur twice, Swansea a header only,
    and Derbyshire Dales no export. Bristol is as it was.
    """
    plant_doubtful_respondents(project)
    add_personal_data(project, "barnet")
    repeat_respondents(project)
    project.write_export("swansea", project.read_export("swansea")[:1])
    forget_exports(project, "derbyshire_dales")


# --- Councils with several waves ---

N_INVITED = {"wave_1": 300, "wave_2": 80, "wave_3": 0}


def add_waves(project: Project) -> None:
    """Add councils with several waves: repeated samples in one file, panels, and one that only looks like a panel."""
    prepare(project)
    write_pooled(project)
    write_paper_and_web(project)
    write_dummies(project)
    project.append_codebook(
        "waves",
        [
            f"pooled,wave_1,In the year 2019,30,2019-09-01,2019-09-30,{N_INVITED['wave_1']},1000",
            f"pooled,wave_2,,20,2018-01-15,,{N_INVITED['wave_2']},",
            f"pooled,wave_3,,10,,,{N_INVITED['wave_3']},",
            "paper_and_web,wave_1,,,,,400,",
        ],
    )
    write_panels(project)


BUILD_WAVES = ["--vars", "{include_synthetic: false}", "--select", "+rpt_waves", "+rpt_changes", "+rpt_attrition"]
BUILD_WAVES += ["--exclude-resource-type", "unit_test", "test"]
