"""What is added says how each scale is read: no test can know whether it is the right way round."""

from conftest import write_csv


def test_each_scale_is_said_once_with_its_ends_by_meaning_and_the_questions_turned_round(place):
    place.file = write_csv(
        place.folder / "coded.csv",
        ["Ref", "Litter", "Told", "Heard", "Powerless", "Sex", "Worry"],
        [[n, "Often" if n % 2 else "Never", 1 + n % 5, 1 + n % 5, 1 + n % 5, "MF"[n % 2], n % 11] for n in range(30)],
    )
    place.make_draft()
    blank = dict.fromkeys(place.read("questions")[0], "")
    question = blank | {"confidence": "checked", "is_reversed": "false", "is_primary": "true"}

    def claimed(column, construct, scale, theme="environment", **more):
        of_theme = {"theme_id": theme, "topic_id": "all" if theme else ""}
        return question | {"column_name": column, "construct_id": construct, "scale_id": scale} | of_theme | more

    place.change(
        "questions",
        lambda found: [
            claimed("Litter", "individual_activity", "frequency"),
            claimed("Told", "satisfaction_information", "satisfaction_coded"),
            claimed("Heard", "satisfaction_consultation", "satisfaction_coded"),
            claimed("Powerless", "political_self_efficacy", "agreement_coded", theme="", is_reversed="true"),
            claimed("Sex", "gender", "new_sex", theme=""),
            claimed("Worry", "conditions", "new_worry"),
        ],
    )
    header = ["confidence", "scale_id", "scale_name", "kind", "minimum", "maximum", "evidence"]
    scales = [["checked", "new_sex", "Sex", "nominal", "", "", ""], ["checked", "new_worry", "W", "integer", 0, 10, ""]]
    write_csv(place.draft / "scales.csv", header, scales)
    header = ["scale_id", "answer_label", "answer_kind", "answer_score", "is_positive", "is_often", "answer_name"]
    answers = [["new_sex", "M", "valid", 1, "", "", "Male"], ["new_sex", "F", "valid", 2, "", "", "Female"]]
    write_csv(place.draft / "answers.csv", header, answers)
    said = place.add().splitlines()
    assert place.code == 0, said
    first = said.index("Scales, to compare with the questionnaire:")
    assert said[first + 1 : first + 7] == [
        '  frequency: "Often" is the highest answer, "Never" the lowest.',
        '  satisfaction_coded: "1" (Very satisfied) is the highest answer, "5" (Very dissatisfied) the lowest.',
        '  agreement_coded: "1" (Strongly agree) is the highest answer, "5" (Strongly disagree) the lowest; the other '
        'way round in "Powerless".',
        '  new_sex counts "M" as Male, "F" as Female.',
        "  new_worry: 10 is the highest answer, 0 the lowest.",
        said[first + 6],
    ]
    assert said[first + 6].startswith("Changed: ")
