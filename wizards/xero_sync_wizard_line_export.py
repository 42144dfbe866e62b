import io

import xlsxwriter

from odoo import models
from odoo.tools import split_every

# So many lines are in memory at once.
CHUNK = 2000
# Longest text of a cell, by Excel's specification.
CELL_LIMIT = 32767


class XeroSyncWizardLine(models.TransientModel):
    """Lines as a spreadsheet: a sheet of records, and one of fields old and new."""

    _inherit = "xero.sync.wizard.line"

    def _export_xlsx(self, domain):
        """Return the lines that the user may see, as the bytes of an XLSX file.

        Texts come from both sides' records, and may look like formulas: every cell is
        written as text, and marked so that it stays text when it is edited.

        :param Domain domain: which lines
        :rtype: bytes
        """
        output = io.BytesIO()
        options = {"constant_memory": True, "strings_to_formulas": False}
        with xlsxwriter.Workbook(output, options) as workbook:
            records, fields = self._add_sheets(workbook)
            for chunk in split_every(CHUNK, self.search(domain).ids, self.browse):
                for line in chunk:
                    self._write_line(line, records, fields)
                self.env.invalidate_all()
        return output.getvalue()

    def _add_sheets(self, workbook):
        env = self.env
        bold = workbook.add_format({"bold": True, "bg_color": "#e9ecef", "border": 1})
        text = workbook.add_format(
            {"num_format": "@", "quote_prefix": True, "valign": "top"}
        )
        common = [
            (env._("Operation"), 16),
            (env._("Direction"), 12),
            (env._("List"), 12),
            (env._("Record"), 36),
        ]
        records = [
            *common,
            (env._("Changes"), 60),
            (env._("Why"), 48),
            (env._("What to Do"), 48),
            (env._("Xero ID"), 38),
        ]
        fields = [
            *common,
            (env._("Field"), 22),
            (env._("Old"), 36),
            (env._("New"), 36),
        ]
        return (
            _Sheet(workbook.add_worksheet(env._("Records")), records, bold, text),
            _Sheet(workbook.add_worksheet(env._("Fields")), fields, bold, text),
        )

    def _write_line(self, line, records, fields):
        common = [
            self._get_label(line, "operation"),
            self._get_label(line, "direction"),
            self._get_label(line, "resource"),
            line.name,
        ]
        records.add([*common, line.changes, line.message, line.remedy, line.xero_id])
        for label, old, new in line.field_changes or []:
            fields.add([*common, label, old, new])

    def _get_label(self, line, name):
        return self._fields[name].convert_to_export(line[name], line)


class _Sheet:
    """Writes rows of text below a frozen header."""

    def __init__(self, sheet, columns, bold, text):
        self._sheet, self._text, self._row = sheet, text, 0
        for index, (label, width) in enumerate(columns):
            sheet.set_column(index, index, width)
            sheet.write_string(0, index, label, bold)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, sheet.xls_rowmax - 1, len(columns) - 1)

    def add(self, values):
        self._row += 1
        for index, value in enumerate(values):
            text = (value or "")[:CELL_LIMIT]
            self._sheet.write_string(self._row, index, text, self._text)
