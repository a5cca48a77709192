"""Files of SPSS and Stata, read with pyreadstat: wordings, printed answers and declared missing values."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from coproduction.drafting.readers.unknown_file import UnknownFileError
from coproduction.drafting.readers.workbook_reader import missing_reader
from coproduction.drafting.recognition.survey_file import SurveyColumn, SurveyFile
from coproduction.files.temporary import use_private_temporary_folder


def read_statistics_file(path: Path, raw: bytes) -> SurveyFile:
    """Return the survey in a file of SPSS or Stata. Raises UnknownFileError for a damaged one."""
    try:
        import pyreadstat
    except ImportError as reason:
        raise missing_reader(path, "pyreadstat") from reason
    is_spss = raw.startswith((b"$FL2", b"$FL3"))
    read = pyreadstat.read_sav if is_spss else pyreadstat.read_dta
    suffix = ".sav" if is_spss else ".dta"
    # The file may have another ending, by which pyreadstat would choose what to do.
    with tempfile.TemporaryDirectory(dir=use_private_temporary_folder()) as folder:
        copy = Path(folder) / f"survey{suffix}"
        copy.write_bytes(raw)
        try:
            frame, meta = read(str(copy), user_missing=True)
        except (pyreadstat.ReadstatError, UnicodeDecodeError, ValueError) as reason:
            raise UnknownFileError(
                f"{path.name} cannot be read as a file of {'SPSS' if is_spss else 'Stata'} ({reason}). "
                f"Export it again, or as "
                "CSV with value labels."
            ) from reason
    if frame.empty:
        raise UnknownFileError(f"{path.name} has no rows of answers. Export it again with the data.")
    columns = [_column(name, list(frame[name]), meta) for name in frame.columns]
    return SurveyFile(path.name, "a file of SPSS" if is_spss else "a file of Stata", columns)


def _column(name: str, values: list[Any], meta: Any) -> SurveyColumn:
    """Return a column with printed answers in place of codes, where the file has them and they differ."""
    labels: Mapping[Any, str] = meta.variable_value_labels.get(name, {})
    wording = meta.column_names_to_labels.get(name) or ""
    texts = {_text(code): label.strip() for code, label in labels.items() if label and label.strip()}
    is_clear = len({label.lower() for label in texts.values()}) == len(texts)
    cells = [_text(value) for value in values]
    if is_clear:
        cells = [texts.get(cell, cell) for cell in cells]
    ranges = getattr(meta, "missing_ranges", {}).get(name, [])
    missing = [_text(code) for code in labels if _is_missing(code, ranges)]
    return SurveyColumn(
        name,
        cells,
        "" if wording == name else wording,
        tuple(texts.values()) if is_clear else (),
        frozenset(texts[code] for code in missing if code in texts) if is_clear else frozenset(),
    )


def _is_missing(code: Any, ranges: list[Mapping[str, Any]]) -> bool:
    if isinstance(code, str):
        return any(entry["lo"] == code for entry in ranges)
    return any(not isinstance(entry["lo"], str) and entry["lo"] <= code <= entry["hi"] for entry in ranges)


def _text(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
