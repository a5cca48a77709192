"""Broken and hostile exports and codebooks: named mutations of the bundled ones, each with what must become of it.

``python tests/python/exports/corpus.py`` tries them all and prints what became of them. The exports are cut to their
first 40 rows, so that a case takes milliseconds; the sample that goes through dbt is not cut.
"""

import csv
import gzip
import io
import sys
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from coproduction.exports.checking import check_project
from coproduction.exports.repairing import repair_project
from coproduction.files.finding import ERROR
from coproduction.files.reading import parse_table

PROJECT = Path(__file__).resolve().parents[3]
N_ROWS = 40

REFUSED = "refused"
REPAIRED = "repaired"
LOADED = "loaded"

# What the seed materialization asks of DuckDB; a test holds it equal to the macro.
READ_CSV = (
    "all_varchar = true, header = true, delim = ',', quote = '\"', escape = '\"', comment = '', nullstr = '', "
    "skip = 0, strict_mode = true"
)


@dataclass(frozen=True)
class Case:
    """One mutation of one file. ``words`` stand in the message that it must lead to; ``rows`` is what loads."""

    family: str
    name: str
    outcome: str
    words: str
    file: str
    mutate: Callable[[bytes], bytes | None]
    rows: int = N_ROWS


@dataclass(frozen=True)
class Result:
    """What became of a case; ``problem`` says what should have been otherwise, '' where all is as expected."""

    outcome: str
    problem: str = ""


def text(change: Callable[[str], str], encoding: str = "utf-8") -> Callable[[bytes], bytes]:
    """Return a mutation of bytes from one of text, written in an encoding."""
    return lambda raw: change(raw.decode("utf-8")).encode(encoding)


def swap(old: str, new: str, times: int = 1) -> Callable[[bytes], bytes]:
    """Replace the first occurrences of a text."""

    def change(content: str) -> str:
        assert old in content, f"{old!r} does not occur"
        return content.replace(old, new, times)

    return text(change)


def cells(column: str, *values: str, first: int = 0) -> Callable[[bytes], bytes]:
    """Write values into a column, from the row given on."""

    def change(content: str) -> str:
        rows = list(csv.reader(io.StringIO(content, newline="")))
        place = rows[0].index(column)
        for number, value in enumerate(values, start=1 + first):
            rows[number][place] = value
        return written(rows)

    return text(change)


def rows(change: Callable[[list[list[str]]], list[list[str]]], **dialect: str) -> Callable[[bytes], bytes]:
    """Change header and rows as lists of cells."""
    return text(lambda content: written(change(list(csv.reader(io.StringIO(content, newline="")))), **dialect))


def written(content: list[list[str]], **dialect: str) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n", **dialect).writerows(content)
    return out.getvalue()


def added(line: str) -> Callable[[bytes], bytes]:
    """Add a line at the end."""
    return lambda raw: raw + line.encode() + b"\n"


def then(*mutations: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    def change(raw: bytes) -> bytes:
        for mutation in mutations:
            raw = mutation(raw)
        return raw

    return change


def separated(separator: str) -> Callable[[bytes], bytes]:
    return rows(lambda table: table, delimiter=separator)


def decomposed(content: str) -> str:
    return unicodedata.normalize("NFD", content)


EXPORT_IDS = ("barnet", "bristol", "derbyshire_dales", "swansea", "wolverhampton")
BARNET, BRISTOL, DALES, SWANSEA, WOLVERHAMPTON = (f"seeds/exports/{name}.csv" for name in EXPORT_IDS)
BOOK = "seeds/codebook/{}.csv".format
ANSWERS, QUESTIONS, SCALES, EXPORTS, COUNCILS, MARGINS, TOLERATED = (
    BOOK(name)
    for name in ("answers", "questions", "scales", "exports", "councils", "weight_margins", "tolerated_answers")
)
BREAKDOWNS, MEASURES = BOOK("breakdowns"), BOOK("measures")
CURLY = swap("Don't know", "Don\u2019t know")
MARGIN = "barnet,wave_1,gender_label,"
TOLERANCE = "barnet,Q16,Mann,0.1,slip of the panel,"

FAMILIES = {
    "encodings": [
        ("UTF-8 with a mark", LOADED, "", BARNET, lambda raw: b"\xef\xbb\xbf" + raw),
        ("cp1252", REPAIRED, "converted from cp1252", DALES, text(str, "cp1252")),
        ("cp1252 codebook", REPAIRED, "converted from cp1252", BOOK("topics"),
         then(swap("Own health", "Own health \u2013 caf\u00e9"), text(str, "cp1252"))),
        ("UTF-16 with a mark", REPAIRED, "converted from utf-16", SWANSEA, text(str, "utf-16")),
        ("UTF-16 big end first", REPAIRED, "converted from utf-16-be", BARNET, text(str, "utf-16-be")),
        ("UTF-16 little end first", REPAIRED, "converted from utf-16-le", BARNET, text(str, "utf-16-le")),
        ("UTF-32", REPAIRED, "converted from utf-32", BRISTOL, text(str, "utf-32")),
        ("Mac Roman", REFUSED, "in Mac Roman", DALES, text(str, "mac_roman")),
        ("DOS", REFUSED, '"\u00a350" in DOS 850', BARNET,
         then(cells("Q19_comment", "\u00a350 a month"), text(str, "cp850"))),
        ("Welsh in ISO-8859-14", REFUSED, '"d\u0175r" in ISO-8859-14', SWANSEA,
         then(cells("Sylwadau_Comments", "d\u0175r"), text(str, "iso-8859-14"))),
        ("no character of cp1252", REFUSED, "is no character of Windows-1252 either", BARNET,
         lambda raw: raw.replace(b"phone", b"ph\x81ne", 1)),
        ("two encodings", REFUSED, "two encodings are mixed", DALES,
         lambda raw: raw + raw.splitlines(keepends=True)[1].decode().encode("cp1252")),
        ("cut within a character", REFUSED, "ends within a character of UTF-8", DALES,
         lambda raw: raw[: raw.index(b"\xe2\x80") + 2]),
        ("UTF-16 cut", REFUSED, "cannot be read as utf-16", SWANSEA, lambda raw: raw.decode().encode("utf-16")[:-1]),
        ("lone surrogate", REFUSED, "byte 0xED", BARNET, lambda raw: raw.replace(b"phone", b"\xed\xa0\x80", 1)),
    ],
    "delimiters": [
        ("semicolon", REPAIRED, "semicolons between", BARNET, separated(";")),
        ("tab", REPAIRED, "tabs between", SWANSEA, separated("\t")),
        ("vertical bar", REPAIRED, "vertical bar (|)s between", BRISTOL, separated("|")),
        ("semicolon, quoted commas", REPAIRED, "semicolons between", WOLVERHAMPTON, separated(";")),
        ("semicolon codebook", REPAIRED, "semicolons between", ANSWERS, separated(";")),
        ("sep= line", REPAIRED, "the line above the column names left out", BARNET,
         then(separated(";"), lambda raw: b"sep=;\n" + raw)),
        ("space", REFUSED, "separated by none of comma", SWANSEA, text(lambda content: content.replace(",", " "))),
        ("colon", REFUSED, "separated by none of comma", SWANSEA, text(lambda content: content.replace(",", ":"))),
        ("semicolon, renamed column", REFUSED, "separated by a semicolon, not by a comma", BARNET,
         then(swap("Q17,", "Alter,"), separated(";"))),
        ("tab, title, UTF-16", REPAIRED, "converted from utf-16", BARNET,
         then(separated("\t"), lambda raw: ("Panel\n" + raw.decode()).encode("utf-16"))),
    ],
    "headers": [
        ("title", REPAIRED, "the line above the column names left out", SWANSEA, lambda raw: b"Panel survey 2011\n" + raw),
        ("title and blank lines", REPAIRED, "the 3 lines above the column names left out", BRISTOL,
         lambda raw: b"Panel survey\n\n,,,\n" + raw),
        ("name twice", REFUSED, "2 columns have the same name", BARNET, swap("CollectorID", "Device")),
        ("name twice but for capitals", REFUSED, '"device", "Device"', BARNET, swap("CollectorID", "device")),
        ("no name", REFUSED, "column 46 of 46 has no name", BARNET, swap(",Device\n", ",\n")),
        ("blank column without name", REPAIRED, "columns without name and answers left out", BARNET,
         text(lambda content: content.replace("\n", ",,\n"))),
        ("claimed column gone", REFUSED, 'column "Q17": the column is missing', BARNET, swap("Q17,", "Age,")),
        ("other capitals", REFUSED, 'did you mean "ENV_ACT01"', BRISTOL, swap("env_act01", "ENV_ACT01")),
        ("no header", REFUSED, "columns in the codebook are missing", BRISTOL,
         text(lambda content: content.split("\n", 1)[1])),
        ("formula as a name", REFUSED, "would run this column name as a formula", BARNET,
         swap("Device", "=HYPERLINK(A1)")),
        ("line end in a name", REPAIRED, 'column name written as "Q17"', BARNET, swap("Q17,", '"Q17\n",')),
        ("respondent column gone", REFUSED, "respondent_column in", SWANSEA, swap(",Ref\n", ",Reference number\n")),
    ],
    "labels": [
        ("unknown label", REFUSED, '"Oftn"', BARNET, cells("Q3_1", "Oftn")),
        ("another language", REFUSED, '"Nunca"', SWANSEA, cells("C3a", "Nunca")),
        ("lookalike letter", REFUSED, 'only looks like "Often": it has U+041E', BARNET, cells("Q3_1", "\u041eften")),
        ("wide letters", REFUSED, 'only looks like "Male"', BARNET, cells("Q16", "\uff2dale")),
        ("decoded twice", REFUSED, "before its UTF-8 was read as Windows-1252", DALES,
         cells("EnvF1", "Don\u00e2\u20ac\u2122t know")),
        ("formula", REFUSED, "would run this answer as a formula", BARNET, cells("Q16", "=1+1")),
        ("formula behind a space", REFUSED, "would run this answer as a formula", BARNET, cells("Q3_1", " @SUM(A1)")),
        ("formula in a comment", LOADED, "what a spreadsheet would run as a formula", BARNET,
         cells("Q19_comment", "=cmd|'/C calc'!A0")),
        ("known spelling", LOADED, "", BARNET, cells("Q3_1", " OFTEN\u00a0", "don\u00b4t  know")),
        ("control character", REFUSED, "the answer has a damaged character, U+001B", BARNET, cells("Q3_1", "Often\x1b[31m")),
        ("lost character", REFUSED, "the answer has a damaged character, U+FFFD", BARNET, cells("Q8", "Don\ufffdt know")),
        ("NA, NULL and None", REFUSED, '"NULL"', BARNET, cells("Q3_1", "NULL", "NA", "None")),
    ],
    "ids": [
        ("twice, alike", LOADED, "identical in the claimed columns", SWANSEA,
         rows(lambda table: [*table, table[1]]), 41),
        ("twice, conflicting", LOADED, "conflicting in the claimed columns", SWANSEA, cells("Ref", "SW-2008-C", first=1)),
        ("blank", LOADED, "2 rows have no respondent id", SWANSEA, cells("Ref", "", " ")),
        ("zero-width space", REPAIRED, "invisible characters taken out of 1 cell(s)", SWANSEA, cells("Ref", "SW-2008-C\u200b")),
        ("no-break space", REPAIRED, "invisible characters taken out of 1 cell(s)", BARNET,
         cells("RespondentID", "R_3a41c8c\u00a0")),
        ("Cyrillic twin", REFUSED, "looks like another one but has letters of another alphabet", SWANSEA,
         cells("Ref", "SW-2008-\u0421", first=1)),
        ("powers of ten", REFUSED, "rounded this id to powers of ten", BRISTOL, cells("serial", "1.02E+11", "1.02E+11")),
        ("formula", REFUSED, "would run this id as a formula", BARNET, cells("RespondentID", "=R_3a41c8c")),
        ("negative number", LOADED, "", BRISTOL, cells("serial", "-10293")),
        ("control character", REFUSED, "the id has a damaged character (U+0007", BARNET, cells("RespondentID", "R\x07")),
        ("leading zeros", LOADED, "", WOLVERHAMPTON, cells("respondent_number", "485")),
    ],
    "numbers": [
        ("too old", REFUSED, '"180"', BARNET, cells("Q17", "180")),
        ("negative", REFUSED, '"-34"', BARNET, cells("Q17", "-34")),
        ("decimal", REFUSED, '"34.5"', BARNET, cells("Q17", "34.5")),
        ("decimal comma", LOADED, '"34,0" as 34', BARNET, cells("Q17", "34,0")),
        ("powers of ten", LOADED, '"3.4e1" as 34', BARNET, cells("Q17", "3.4e1")),
        ("Arabic digits", REFUSED, 'only looks like "34"', BARNET, cells("Q17", "\uff13\uff14")),
        ("words", REFUSED, '"thirty"', WOLVERHAMPTON, cells("AgeLastBirthday", "thirty")),
        ("400 digits", REFUSED, "999...", BARNET, cells("Q17", "9" * 400)),
        ("minus sign as printed", REFUSED, '"\u221234"', BARNET, cells("Q17", "\u221234")),
        ("code without meaning", REFUSED, '"7"', BRISTOL, cells("env_act01", "7")),
        ("decimal zero", LOADED, "", BARNET, cells("Q17", "34.0")),
    ],
    "dates": [
        ("no such day", REFUSED, 'value: "2024-02-30"', TOLERATED, added(TOLERANCE + "2024-02-30")),
        ("British order", REFUSED, 'value: "31/05/2024"', TOLERATED, added(TOLERANCE + "31/05/2024")),
        ("words", REFUSED, 'value: "May 2024"', TOLERATED, added(TOLERANCE + "May 2024")),
        ("time as well", REFUSED, 'value: "2024-05-31 10:00"', TOLERATED, added(TOLERANCE + "2024-05-31 10:00")),
        ("serial number", REFUSED, 'value: "45443"', TOLERATED, added(TOLERANCE + "45443")),
        ("none", REFUSED, "an exception without a date", TOLERATED, added(TOLERANCE)),
        ("year of fieldwork in words", REFUSED, "fieldwork_year is no whole number", EXPORTS,
         swap("synthetic,,Synth", "synthetic,about 2011,Synth")),
        ("year of fieldwork with two digits", REFUSED, 'value: "11"', EXPORTS, swap("synthetic,,Synth", "synthetic,11,Synth")),
        ("year of the population", REFUSED, "population_year is no whole number", COUNCILS, swap("357500,2011", "357500,2011.5")),
        ("age band turned into a day", REFUSED, '"24-Sep"', DALES, cells("Age_group", "24-Sep")),
        ("day in a column of ages", REFUSED, '"01/02/1985"', BARNET, cells("Q17", "01/02/1985")),
    ],
    "sizes": [
        ("empty", REFUSED, "the file is empty", BARNET, lambda raw: b""),
        ("only a mark", REFUSED, "the file is empty", BRISTOL, lambda raw: b"\xef\xbb\xbf"),
        ("only blank lines", REFUSED, "the file is empty", SWANSEA, lambda raw: b"\n\r\n  \n"),
        ("header only", LOADED, "no data rows", SWANSEA, text(lambda content: content.split("\n")[0] + "\n"), 0),
        ("one row", LOADED, "", SWANSEA, rows(lambda table: table[:2]), 1),
        ("long cell", LOADED, "", BARNET, cells("Q19_comment", "x" * 1_500_000)),
        ("cell beyond the longest row", REFUSED, "at most 2,000,000 can be read", BARNET, cells("Q19_comment", "x" * 2_000_001)),
        ("many columns", LOADED, "3000 columns are", SWANSEA,
         rows(lambda table: [[*row, *(f"extra{n}" for n in range(2997))] for row in table])),
        ("long name", LOADED, "aaa...", SWANSEA, swap("Language", "a" * 10_000)),
        ("twenty times as long", LOADED, "respondents have several rows", SWANSEA,
         rows(lambda table: table[:1] + 20 * table[1:]), 800),
        ("file gone", REFUSED, "that can be opened", BARNET, lambda raw: None),
    ],
    "unicode": [
        ("zero-width space in a name", REPAIRED, 'column name written as "Q17"', BARNET, swap("Q17,", "Q17\u200b,")),
        ("no-break space in a name", REPAIRED, 'column name written as "Q16"', BARNET, swap("Q16,", "\u00a0Q16,")),
        ("second mark", REPAIRED, 'written as "RespondentID"', BARNET, lambda raw: 2 * b"\xef\xbb\xbf" + raw),
        ("Cyrillic letter in a name", REFUSED, "in the header looks like it, but has U+0410", DALES,
         swap("EnvA_conditions", "Env\u0410_conditions")),
        ("right-to-left mark in a label", REPAIRED, "invisible characters taken out of 1 cell(s)", BARNET,
         cells("Q3_1", "\u202eOften")),
        ("zero-width joiner in a label", REPAIRED, "(the answer has U+200D", BARNET, cells("Q16", "Ma\u200dle")),
        ("soft hyphen in a label", REPAIRED, "(the answer has U+00AD", BARNET, cells("Q2", "Fairly\u00ad good")),
        ("accents apart", REPAIRED, "(the column name has U+0301", BARNET,
         then(swap("Device", "Devic\u00e9"), text(decomposed))),
        ("invisible character in a comment", LOADED, "", BARNET, cells("Q19_comment", "\u200bbins \U0001f600")),
        ("not a character in a comment", LOADED, "hold damaged characters", BARNET, cells("Q19_comment", "x\uffff")),
        ("control character in a name", REFUSED, "the column name has a damaged character, U+0001", BARNET, swap("Device", "De\x01vice")),
        ("invisible character in the codebook", REPAIRED, "(the cell has U+200B", QUESTIONS, swap("barnet,Q17,", "barnet,Q17\u200b,")),
        ("NUL byte", REFUSED, "1 NUL byte(s)", BARNET, swap("phone", "ph\0ne")),
        ("NUL bytes at the end", REFUSED, "200 NUL byte(s)", BRISTOL, lambda raw: raw + bytes(200)),
    ],
    "codebook": [
        ("column claimed twice", REFUSED, "is claimed twice, first in line", QUESTIONS,
         added("barnet,q17,gender,,,gender,false,true,")),
        ("unknown scale", REFUSED, "no row of scales.csv has this scale_id", QUESTIONS, swap("age_years", "age_yeers")),
        ("score on a Don't Know", REFUSED, "is of the kind dont_know and has a answer_score", ANSWERS,
         swap("Don't know,dont_know,,", "Don't know,dont_know,0,")),
        ("label twice", REFUSED, "has it already, as", ANSWERS, added("frequency,OFTEN,valid,2,true,true,Often")),
        ("unknown construct", REFUSED, "no row of constructs.csv", QUESTIONS, swap(",conditions,", ",condition,")),
        ("unknown theme", REFUSED, "no row of themes.csv", QUESTIONS, swap("conditions,community_safety", "conditions,safety")),
        ("unknown topic", REFUSED, "has no such topic", QUESTIONS, swap("community_safety,crime", "community_safety,crimes")),
        ("unknown council", REFUSED, "no row of councils.csv", EXPORTS, swap("barnet,barnet", "barnet,barnett")),
        ("minimum above maximum", REFUSED, "is above its maximum", SCALES, swap("integer,16,110", "integer,110,16")),
        ("no arm to compare with", REFUSED, "has no arm 'none'", BOOK("nudge_arms"), swap("none,No nudge,false,false,,\n", "")),
        ("share in words", REFUSED, "maximum_share is not a plain number", TOLERATED,
         added("barnet,Q16,Mann,a tenth,slip,2024-01-01")),
        ("margins above 1", REFUSED, "add up to 1.1000, not to 1", MARGINS, added(f"{MARGIN}Male,0.5\n{MARGIN}Female,0.6")),
        ("margin of nobody", REFUSED, "is of this category of gender_label", MARGINS,
         added(f"{MARGIN}Men,0.5\n{MARGIN}Female,0.5")),
        ("margin of something else", REFUSED, "there are no margins of this", MARGINS, added("barnet,wave_1,sex,Male,1")),
        ("margin in per cent", REFUSED, "not a percentage", MARGINS, added(f"{MARGIN}Male,48")),
        ("margins of no survey", REFUSED, "no export is of the council", MARGINS, added("barnet,wave_9,gender_label,Male,1")),
        ("gender as the code 3", REFUSED, "the score of an answer about gender is 1, 2 or blank", ANSWERS,
         swap("gender,Prefer to self-describe,valid,,", "gender,Prefer to self-describe,valid,3,")),
        ("ethnicity as codes", REFUSED, "the score of an answer about ethnicity is 0, 1 or blank", ANSWERS,
         swap("ethnicity,Asian or Asian British,valid,1", "ethnicity,Asian or Asian British,valid,2")),
        ("gender as a number", REFUSED, "numbers say nothing about gender", QUESTIONS,
         swap(",gender,,,gender,", ",gender,,,age_years,")),
        ("bands overlap", REFUSED, 'the band overlaps "16-24"', BOOK("age_bands"), swap("25-34,25,34", "25-34,24,34")),
        ("breakdown by no characteristic", REFUSED, "a construct of the role demographic", BREAKDOWNS,
         added("conditions,conditions,true")),
        ("two breakdowns of one construct", REFUSED, "the construct has a breakdown already", BREAKDOWNS,
         added("ethnic_group,ethnicity,true")),
        ("correlate without scores", REFUSED, "so nothing can be correlated with it", BREAKDOWNS,
         added("education,education,true")),
        ("breakdown called all", REFUSED, "no breakdown_id is called 'all'", BREAKDOWNS, added("all,education,false")),
        ("score in two groups", REFUSED, "has this score already", BOOK("breakdown_groups"), added("ethnicity,0,British")),
        ("group of no breakdown", REFUSED, "no row of breakdowns.csv", BOOK("breakdown_groups"), added("sex,1,Male")),
        ("measure of no kind", REFUSED, "unknown kind", MEASURES, swap("any_item,often", "some_item,often")),
        ("measure that counts nothing", REFUSED, "needs a counts_answer", MEASURES, swap("any_item,often", "any_item,")),
        ("measure of a name that has another case", REFUSED, "one name for this and for individual_index", MEASURES,
         swap("extra_monthly,", "Individual_Index,")),
        ("measure like the weighted column of another", REFUSED, "one name for this and for willing_monthly", MEASURES,
         swap("extra_monthly,", "willing_monthly_weighted,")),
        ("breakdown of a name that has another case", REFUSED, "one name for this and for gender", BREAKDOWNS,
         swap("ethnicity,ethnicity", "Gender,ethnicity")),
        ("measure with a score it ignores", REFUSED, "has no minimum_score", MEASURES, swap("any_item,often,", "any_item,often,2")),
        ("share of items in per cent", REFUSED, "lies outside 0 to 1", MEASURES, swap("positive,,,0.5", "positive,,,50")),
        ("unit upside down", REFUSED, "in this order", MEASURES, swap("per cent,0,100", "per cent,100,0")),
        ("net score without a middle", REFUSED, "reaches the lowest score", MEASURES,
         added("net,Net,time_extra,net_score,,2,2,,false,points,-100,100,0")),
        ("mean without bounds", REFUSED, "no lowest and highest score", MEASURES,
         added("mean_age,Mean age,nudge,mean_score,,,,,false,years,,,0")),
        ("mean in another unit", REFUSED, "but the scale satisfaction runs from 1 to 5", MEASURES,
         added("trust,Trust,satisfaction_response,mean_of_items,,,,,false,points,0,10,1")),
        ("two questions for one score", REFUSED, "has one already", MEASURES,
         added("act,Activity,individual_activity,mean_score,,,,,false,per cent,0,100,0")),
        ("measure of a scale without positive answers", REFUSED, "scale satisfaction): no answer of this scale is positive", MEASURES,
         added("informed,Informed,satisfaction_information,any_item,positive,,,,false,per cent,0,100,0")),
        ("scale on which every answer is positive", REFUSED, "every answer of this scale is positive", ANSWERS,
         swap("frequency,Never,valid,0,false", "frequency,Never,valid,0,true")),
        ("measure without a theme", REFUSED, "has no theme", MEASURES,
         added("own_age,Age,age,mean_score,,,,,false,years,16,110,0")),
        ("council called all", REFUSED, "is called 'all'", COUNCILS, swap("barnet,Barnet", "ALL,Barnet")),
        ("long council id", REFUSED, "has more than 60", COUNCILS, swap("barnet,Barnet", f"{'b' * 61},Barnet")),
        ("council id of two lines", REFUSED, "cannot be printed", COUNCILS, swap("barnet,Barnet", '"bar\nnet",Barnet')),
        ("score outside the scale", REFUSED, "outside the minimum and maximum", ANSWERS, swap("Often,valid,2", "Often,valid,3")),
        ("spaces around an id", REPAIRED, 'written as "barnet" (the cell has spaces', EXPORTS, swap("barnet,barnet", "barnet, barnet ")),
        ("formula in a wording", REFUSED, "reports show what the codebook says", BOOK("themes"), swap("Health", "=Health()")),
        ("not closed", REFUSED, "begins with a quotation mark", QUESTIONS, swap("barnet,Q2,", 'barnet,"Q2,')),
        ("file gone", REFUSED, "is missing, or cannot be opened", SCALES, lambda raw: None),
        ("export called like a model", REFUSED, "dbt knows", EXPORTS, added("themes,barnet,wave_2,citizen,id,synthetic,,")),
        ("long export_id", REFUSED, "at most 60 small letters", EXPORTS, added("a" * 300 + ",barnet,wave_2,citizen,id,synthetic,,")),
    ],
    "file types": [
        ("xlsx", REFUSED, "an Excel workbook or another zipped file", BARNET, lambda raw: b"PK\x03\x04\x14\0" + raw[:500]),
        ("xls", REFUSED, "an old Excel workbook", BARNET, lambda raw: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)),
        ("pdf", REFUSED, "a PDF document", BARNET, lambda raw: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + raw),
        ("web page", REFUSED, "a web page (HTML)", SWANSEA, lambda raw: b"\n<!DOCTYPE html><html><title>Log in</title>"),
        ("parquet", REFUSED, "a Parquet file", BARNET, lambda raw: b"PAR1" + raw + b"PAR1"),
        ("SPSS", REFUSED, "an SPSS file", BARNET, lambda raw: b"$FL2@(#) SPSS DATA FILE" + bytes(200)),
        ("gzip", REFUSED, "a gzip archive", BARNET, lambda raw: gzip.compress(raw, mtime=0)),
        ("JSON", REFUSED, "a JSON file", BARNET, lambda raw: b'[{"RespondentID": "R_1"}]'),
        ("SQLite", REFUSED, "an SQLite database", BARNET, lambda raw: b"SQLite format 3\0" + bytes(500)),
        ("picture", REFUSED, "a picture", BARNET, lambda raw: b"\x89PNG\r\n\x1a\n" + bytes(100)),
        ("XML", REFUSED, "an XML file", BOOK("topics"), lambda raw: b"\xef\xbb\xbf<?xml version='1.0'?><a/>"),
    ],
    "rows": [
        ("short row", REFUSED, "the row has 21 cells, the header 22", SWANSEA, swap(",SW-2008-C\n", "\n")),
        ("unquoted comma", REFUSED, "the row has 42 cells, the header 41", WOLVERHAMPTON, swap('"No, never"', "No, never")),
        ("footer", REFUSED, "the row has 1 cells", SWANSEA, added("Total: 40 respondents")),
        ("not closed", REFUSED, "is not closed before the next comma", SWANSEA, swap(",en,", ',"en,')),
        ("mixed line ends", REPAIRED, "every row ended with one kind of line end", SWANSEA, swap("\n", "\r\n", 5)),
        ("Windows line ends", LOADED, "", SWANSEA, lambda raw: raw.replace(b"\n", b"\r\n")),
        ("late quotation mark", LOADED, "", SWANSEA, cells("Sylwadau_Comments", 'a "late", quoted one', first=39)),
        ("quotation mark within a cell", LOADED, "", BARNET, swap("desktop", '5" pipe')),
        ("line end in a cell", LOADED, "", SWANSEA, cells("Sylwadau_Comments", "one\ntwo\r\nthree")),
        ("commas at every end", REPAIRED, "at the end of every row left out", SWANSEA,
         rows(lambda table: table[:1] + [[*row, ""] for row in table[1:]])),
        ("header again", REPAIRED, "rows that repeat the column names left out", SWANSEA,
         rows(lambda table: [*table[:20], table[0], *table[20:]])),
        ("blank lines", LOADED, "", SWANSEA, text(lambda content: content.replace("\n", "\n\n"))),
        ("row of blanks", LOADED, "1 row has no respondent id", SWANSEA, added("," * 21), 41),
        ("two exports one after the other", REFUSED, "the header 22", SWANSEA, lambda raw: raw + b"a,b,c\n1,2,3\n"),
    ],
}  # fmt: skip

CASES = [Case(family, *case) for family, cases in FAMILIES.items() for case in cases]


def write_project(directory: Path, *export_ids: str) -> None:
    """Write the named exports, cut to their first rows, and the part of the codebook that describes them."""
    listed = "".join(f"    - {export_id}\n" for export_id in export_ids)
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "dbt_project.yml").write_text(f"name: coproduction\nvars:\n  exports:\n{listed}", encoding="utf-8")
    for source in sorted((PROJECT / "seeds").rglob("*.csv")):
        is_export = source.parent.name == "exports"
        if is_export and source.stem not in export_ids:
            continue
        target = directory / source.relative_to(PROJECT)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(_first_rows(source) if is_export else _described(source, export_ids))


def _first_rows(source: Path) -> bytes:
    return b"".join(source.read_bytes().splitlines(keepends=True)[: N_ROWS + 1])


def _described(source: Path, export_ids: tuple[str, ...]) -> bytes:
    """Return a codebook file without the lines of other exports, and without the scales that no question then has."""
    lines = source.read_bytes().splitlines(keepends=True)
    if source.stem in ("exports", "questions"):
        kept = set(export_ids)
    elif source.stem in ("scales", "answers"):
        with (source.parent / "questions.csv").open(encoding="utf-8", newline="") as questions:
            kept = {row["scale_id"] for row in csv.DictReader(questions) if row["export_id"] in export_ids}
    else:
        return b"".join(lines)
    return b"".join(lines[:1] + [line for line in lines[1:] if line.split(b",")[0].decode() in kept])


def contents(directory: Path) -> dict[str, bytes]:
    """Return every file of a project by name."""
    return {
        path.relative_to(directory).as_posix(): path.read_bytes() for path in directory.rglob("*") if path.is_file()
    }


def restore(directory: Path, before: dict[str, bytes]) -> None:
    """Put back every file as it was."""
    for name in contents(directory).keys() - before.keys():
        (directory / name).unlink()
    for name, content in before.items():
        (directory / name).write_bytes(content)


def mutate(directory: Path, case: Case) -> bytes | None:
    """Apply a case to a project and return the new content of its file; None where the file is gone."""
    path = directory / case.file
    content = case.mutate(path.read_bytes())
    path.unlink() if content is None else path.write_bytes(content)
    return content


def try_case(directory: Path, case: Case) -> Result:
    """Run check and repair on a mutated project, as a user would, and say what became of the file."""
    original = (directory / case.file).read_bytes()
    content = mutate(directory, case)
    before = contents(directory)
    findings = check_project(directory)
    errors = [finding for finding in findings if finding.severity == ERROR]
    if contents(directory) != before:
        return Result("changed", "the check changed a file")
    repairs = repair_project(directory)
    converted = [repair for repair in repairs if not repair.findings]
    if not errors:
        told = "\n".join(map(str, findings))
        if converted or contents(directory) != before:
            return Result(LOADED, "a file without errors was converted")
        if case.words not in told:
            return Result(LOADED, f"{case.words!r} is not in: {told}")
        return _counted(directory / case.file, case, LOADED)
    messages = "\n".join(map(str, errors))
    if any(finding.file == "" or not finding.remedy for finding in errors):
        return Result(REFUSED, f"without file or remedy: {messages}")
    if not converted:
        if contents(directory) != before:
            return Result(REFUSED, "a refused file was changed")
        return Result(REFUSED, "" if case.words in messages else f"{case.words!r} is not in: {messages}")
    left = [finding for finding in check_project(directory) if finding.severity == ERROR]
    done = "\n".join(map(str, converted))
    if left:
        return Result(REPAIRED, "\n".join(map(str, left)))
    if "coproduction repair" not in messages and "CSV in UTF-8" not in messages:
        return Result(REPAIRED, f"no word of the command: {messages}")
    if case.words not in done:
        return Result(REPAIRED, f"{case.words!r} is not in: {done}")
    if (directory / converted[0].original).read_bytes() != content:
        return Result(REPAIRED, "the file as it came was not kept")
    expected = _as_it_was(case, original)
    repaired = parse_table((directory / case.file).read_bytes().decode("utf-8"))
    if (repaired.header, repaired.rows) != (expected.header, expected.rows):
        return Result(REPAIRED, "the repaired file does not hold the cells of the original")
    return _counted(directory / case.file, case, REPAIRED)


def _as_it_was(case: Case, original: bytes):
    """Return the cells that a repaired file must have: those before the mutation, but for names that the case gave."""
    content = original.decode("utf-8")
    if case.name == "accents apart":
        content = content.replace("Device", "Devic\u00e9")
    if case.name == "cp1252 codebook":
        content = content.replace("Own health", "Own health \u2013 caf\u00e9")
    return parse_table(content)


def _counted(path: Path, case: Case, outcome: str) -> Result:
    """Hold what DuckDB loads, with the options of the seed materialization, against what the case says."""
    if "/codebook/" in case.file:
        return Result(outcome)
    relation = duckdb.sql(f"from read_csv('{path}', {READ_CSV})")
    n_loaded = len(relation.fetchall())
    table = parse_table(path.read_bytes().decode("utf-8-sig"))
    cells_in_file, cells_loaded = sum(map(len, table.rows)), n_loaded * len(relation.columns)
    if n_loaded != case.rows or cells_loaded != cells_in_file:
        return Result(outcome, f"{n_loaded} rows loaded of {case.rows}, {cells_loaded} cells of {cells_in_file}")
    return Result(outcome)


def try_all() -> dict[Case, Result]:
    """Try every case, each on a project of the one export that it breaks, or whose codebook it breaks."""
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        for export_id in EXPORT_IDS:
            directory = Path(folder) / export_id
            write_project(directory, export_id)
            before = contents(directory)
            for case in CASES:
                if export_id == _export_beside(case):
                    results[case] = try_case(directory, case)
                    restore(directory, before)
    return results


def _export_beside(case: Case) -> str:
    """Return the export of a case's project. Barnet did not ask for the education that a breakdown is broken with."""
    if case.file == BREAKDOWNS:
        return "derbyshire_dales"
    return "barnet" if "/codebook/" in case.file else Path(case.file).stem


def summary(results: dict[Case, Result]) -> str:
    """Return the counts in one line: tried, and what became of them."""
    outcomes = Counter(result.outcome for result in results.values())
    counted = ", ".join(f"{outcomes[outcome]} {outcome}" for outcome in (REFUSED, REPAIRED, LOADED))
    wrong = sum(result.problem != "" or result.outcome != case.outcome for case, result in results.items())
    return f"{len(results)} broken files in {len(FAMILIES)} families: {counted}; {wrong} otherwise than expected"


if __name__ == "__main__":
    tried = try_all()
    for case, result in tried.items():
        if result.problem or result.outcome != case.outcome:
            print(f"{case.family}, {case.name}: {result.outcome}, expected {case.outcome}. {result.problem[:1500]}\n")
    print(summary(tried))
    sys.exit(any(result.problem or result.outcome != case.outcome for case, result in tried.items()))
