"""Reads every sheet of a workbook with openpyxl: read_workbook.py FILE."""

import json
import sys

import openpyxl

book = openpyxl.load_workbook(sys.argv[1])
cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
n_rows = {sheet.title: sheet.max_row - 1 for sheet in book}
n_formulas = sum(cell.data_type == "f" for cell in cells)
print(json.dumps({"version": openpyxl.__version__, "n_rows": n_rows, "n_formulas": n_formulas}))
