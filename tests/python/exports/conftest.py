"""A project of one tiny export that has nothing wrong, for tests to break in one place."""

from pathlib import Path

import pytest

from coproduction.exports.checking import check_project

FILES = {
    "dbt_project.yml": (
        "name: coproduction\nprofile: coproduction\nvars:\n  language: en\n  exports:\n    - riverside\n"
    ),
    "seeds/codebook/exports.csv": (
        "export_id,council_id,wave_id,respondent_role,respondent_column,provenance,fieldwork_year,notes\n"
        "riverside,riverside,wave_1,citizen,id,synthetic,,\n"
    ),
    "seeds/codebook/row_filters.csv": "export_id,column_name,answer_label\n",
    "seeds/codebook/councils.csv": (
        "council_id,council_name,country,population,population_year,area_type,characteristics\n"
        "riverside,Riverside,England,1000,2011,rural,\n"
    ),
    "seeds/codebook/themes.csv": "theme_id,theme_name\nhealth,Health\nwellbeing,Wellbeing\n",
    "seeds/codebook/topics.csv": (
        "topic_id,theme_id,topic_name\n"
        "all,health,Whole theme\nown_health,health,Own health\nall,wellbeing,Whole theme\n"
    ),
    "seeds/codebook/constructs.csv": (
        "construct_id,construct_name,role,description\n"
        "individual_activity,Individual activity,outcome,\n"
        "conditions,Conditions,correlate,\n"
        "age,Age,demographic,\n"
        "nudge,Nudge,design,\n"
    ),
    "seeds/codebook/scales.csv": (
        "scale_id,scale_name,kind,minimum,maximum\n"
        "frequency,Frequency,ordinal,0,1\n"
        "good_poor,Good to poor,ordinal,1,2\n"
        "age_years,Age in years,integer,16,110\n"
        "versions,Version,nominal,,\n"
    ),
    "seeds/codebook/answers.csv": (
        "scale_id,answer_label,answer_kind,answer_score,is_positive,is_often,answer_name\n"
        "frequency,Often,valid,1,true,true,Often\n"
        "frequency,Never,valid,0,false,false,Never\n"
        "frequency,Don't know,dont_know,,,,Don't know\n"
        "good_poor,Good,valid,2,,,Good\n"
        "good_poor,Poor,valid,1,,,Poor\n"
        "age_years,Prefer not to say,refused,,,,Prefer not to say\n"
        "versions,A,valid,,,,a\n"
        "versions,None,valid,,,,none\n"
    ),
    "seeds/codebook/questions.csv": (
        "export_id,column_name,construct_id,theme_id,topic_id,scale_id,is_reversed,is_primary,question_text\n"
        "riverside,Q1,individual_activity,health,all,frequency,false,true,\n"
        "riverside,Q2,conditions,health,all,good_poor,true,true,\n"
        "riverside,Q3,age,,,age_years,false,true,\n"
        "riverside,Q4,nudge,,,versions,false,true,\n"
    ),
    "seeds/codebook/nudge_arms.csv": (
        "arm_id,arm_name,has_nudge_a,has_nudge_b,strength,wording\nnone,None,false,false,,\na,A,true,false,,\n"
    ),
    "seeds/codebook/age_bands.csv": "age_band,minimum_age,maximum_age,sort_order\n16-49,16,49,1\n50+,50,110,2\n",
    "seeds/codebook/measures.csv": (
        "measure_id,measure_name,construct_id,kind,counts_answer,minimum_score,maximum_score,minimum_share_answered,"
        "is_outcome,unit_label,unit_minimum,unit_maximum,decimals\n"
        "activity,Activity,individual_activity,share_of_items,positive,,,0.5,true,per cent,0,100,0\n"
    ),
    "seeds/codebook/breakdowns.csv": "breakdown_id,construct_id,is_correlate\nage_band,age,true\n",
    "seeds/codebook/breakdown_groups.csv": "breakdown_id,answer_score,breakdown_value\n",
    "seeds/codebook/weight_margins.csv": "council_id,wave_id,variable,category,share\n",
    "seeds/codebook/waves.csv": (
        "council_id,wave_id,wave_label,sort_order,fieldwork_start,fieldwork_end,n_invited,panel_size\n"
    ),
    "seeds/codebook/studies.csv": "study_id,council_id,wave_id\n",
    "seeds/codebook/hypotheses.csv": (
        "hypothesis_id,study_id,kind,quantity_id,outcome_ids,construct_ids,contrast_ids,theme_ids,direction,"
        "registered_on,statement\n"
    ),
    "seeds/codebook/smallest_effects.csv": "study_id,quantity_id,smallest_effect,declared_on,reason\n",
    "seeds/codebook/labels.csv": "column_name,id,language,label,unit_label,decimals\nflag_id,speeder,en,Speeder,,\n",
    "seeds/codebook/sentences.csv": (
        "sentence_id,language,placeholders,template\n"
        "withheld,en,reason,withheld: {reason}\nfamily_staff_gaps,en,,Gaps\n"
    ),
    "seeds/codebook/families.csv": "family_template,sentence_id,adjustment_id\nstaff_gaps,family_staff_gaps,holm\n",
    "seeds/codebook/tolerated_answers.csv": "export_id,column_name,answer_label,maximum_share,reason,date\n",
    "seeds/exports/riverside.csv": (
        "id,Q1,Q2,Q3,Q4\n1,Often,Good,34,A\n2,Never,Poor,51,None\n3,don’t  know,Good,Prefer not to say,A\n"
    ),
}

EXPORT = "seeds/exports/riverside.csv"


class SmallProject:
    """A project in a folder of its own; the file names are relative to it."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        for name, text in FILES.items():
            self.write(name, text)

    def write(self, name, content):
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    def replace(self, name, old, new):
        text = (self.directory / name).read_bytes().decode()
        assert text.count(old) == 1, f"{old!r} must occur once in {name}"
        self.write(name, text.replace(old, new))

    def append(self, name, line):
        self.write(name, (self.directory / name).read_bytes().decode() + line + "\n")

    def findings(self, severity):
        return [finding for finding in check_project(self.directory) if finding.severity == severity]

    def errors(self):
        return self.findings("error")

    def notes(self):
        return self.findings("note")

    def only_error(self):
        errors = self.errors()
        assert len(errors) == 1, "\n".join(map(str, errors)) or "no error at all"
        return errors[0]

    def only_note(self):
        assert self.errors() == []
        notes = self.notes()
        assert len(notes) == 1, "\n".join(map(str, notes)) or "no note at all"
        return notes[0]


@pytest.fixture
def project(tmp_path):
    return SmallProject(tmp_path)
