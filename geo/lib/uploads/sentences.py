"""One sentence for every code that reading an upload can give: where, what, what to do.

The texts are msgids: ``_`` only marks them for xgettext, and the room that shows them
translates. ``%(row)s``, ``%(column)s``, ``%(cell)s`` and ``%(sheet)s`` are the place of the
fault; every other name is one of its facts.
"""

from __future__ import annotations

from geo.lib.uploads.map_sentences import OF_MAPS, REASONS
from geo.lib.uploads.wording import Sentence, _, notice

# --- the file as a whole ------------------------------------------------------------

OF_FILES = {
    "not_a_file": Sentence(_("This is not a file that can be read. Choose one file and send it.")),
    "empty_file": Sentence(
        _("The file is empty (0 bytes). Open it on your computer; if it is complete there, send"
          " it again.")
    ),
    "too_large": Sentence(
        _("The file has %(found_mb)s MB; at most %(most_mb)s MB can be read. Take out pictures "
          "and unused sheets, or send it in parts.")
    ),
    "unknown_format": Sentence(
        _("This file is of a kind that is not read here (found: %(found)s). Send a workbook "
          "(XLSX), a CSV, or for maps GeoJSON, KML, GPX, a zipped shapefile or a GeoPackage.")
    ),
    "linked_file": Sentence(
        _("This file only points to other files (found: %(found)s). Save the map itself as "
          "GeoJSON or GeoPackage and send that.")
    ),
    "not_a_table": Sentence(
        _("A table is expected here; this file is a map (%(found)s). Send a workbook (XLSX) or "
          "a CSV.")
    ),
    "not_a_map": Sentence(
        _("A map is expected here; this file is a table (%(found)s). Send GeoJSON, KML, GPX, a "
          "zipped shapefile or a GeoPackage.")
    ),
    "too_slow": Sentence(
        _("Reading this file took longer than %(most_s)s seconds and was stopped. Send it in "
          "parts, or take out what is not needed.")
    ),
    "too_much_memory": Sentence(
        _("Reading this file needed more memory than %(most_mb)s MB and was stopped. Send it in"
          " parts, or take out what is not needed.")
    ),
    "crashed": Sentence(
        _("The program that reads files stopped at this one: the file is damaged. Open it on "
          "your computer, save it under a new name and send that.")
    ),
    "failed": Sentence(
        _("This file is put together in an unexpected way and could not be read. Open it on "
          "your computer, save it under a new name and send that.")
    ),
    "answer_too_long": Sentence(
        _("This file holds more than can be checked at once. Send it in parts.")
    ),
    "answer_garbled": Sentence(
        _("The program that reads files gave no sensible answer about this one: the file is "
          "damaged. Open it on your computer, save it under a new name and send that.")
    ),
    "no_sandbox": Sentence(
        _("Files cannot be opened safely on this server, so none is opened. Your file is kept; "
          "tell those who run this site.")
    ),
    "many_faults": notice(
        _("Only the first %(most)s problems are listed; there are %(left)s more. Mend these "
          "first and send the file again.")
    ),
}  # fmt: skip

# --- archives, XML, JSON ------------------------------------------------------------

OF_STRUCTURES = {
    "zip_broken": Sentence(
        _("The archive is damaged or was cut off on its way (%(reason)s). Send it again.")
    ),
    "zip_too_many": Sentence(
        _("The archive holds %(found)s files; at most %(most)s are read. Pack only what belongs"
          " to one map.")
    ),
    "zip_too_large": Sentence(
        _("Unpacked, the file would have %(found_mb)s MB; at most %(most_mb)s MB are read. Send"
          " it in parts.")
    ),
    "zip_ratio": Sentence(
        _("“%(member)s” in this file is packed %(found)s times smaller than it is; honest files"
          " reach at most %(most)s. Save it again from your program.")
    ),
    "zip_overlap": Sentence(
        _("Two parts of this file lie on top of each other (“%(member)s”). No program writes "
          "this; save it again from yours.")
    ),
    "zip_encrypted": Sentence(
        _("“%(member)s” in this file is protected by a password. Save it without one and send "
          "that.")
    ),
    "zip_link": Sentence(
        _("“%(member)s” in this archive is a link, not a file. Pack the file itself.")
    ),
    "zip_name": Sentence(
        _("A name in this archive leads outside of it: “%(member)s”. Pack the files without "
          "their folders.")
    ),
    "zip_twice": Sentence(
        _("“%(member)s” stands twice in this archive. Pack it anew.")
    ),
    "zip_method": Sentence(
        _("“%(member)s” is packed in a way that is not read here. Pack the files as an ordinary"
          " ZIP.")
    ),
    "zip_no_map": Sentence(
        _("There is no map in this archive: a .shp with its .dbf, .shx and .prj is expected, "
          "found are %(found)s.")
    ),
    "zip_several": Sentence(
        _("There are %(found)s maps in this archive: %(names)s. Pack one at a time.")
    ),
    "xml_doctype": Sentence(
        _("The file declares a document type or entities of its own (line %(line)s in "
          "%(part)s). Such files are not opened; export it again from your map or table "
          "program.")
    ),
    "xml_broken": Sentence(
        _("The file breaks off or is damaged at line %(line)s, column %(at)s of %(part)s. "
          "Export it again.")
    ),
    "xml_too_deep": Sentence(
        _("The file is nested more than %(most)s levels deep (%(part)s). Export it again, "
          "without folders in folders.")
    ),
    "json_broken": Sentence(
        _("The file breaks off or is damaged at line %(line)s, column %(at)s. Export it again.")
    ),
    "json_number": Sentence(
        _("The file holds %(found)s where a number must stand. Export it again, without empty "
          "coordinates.")
    ),
    "json_too_deep": Sentence(
        _("The file is nested %(found)s levels deep; a map needs at most %(most)s. Export it "
          "again.")
    ),
    "json_not_features": Sentence(
        _("This is JSON but no map: a GeoJSON “FeatureCollection” is expected, found is "
          "%(found)s.")
    ),
}  # fmt: skip

# --- tables -------------------------------------------------------------------------

OF_TABLES = {
    "old_workbook": Sentence(
        _("This is a workbook of the old kind (.xls), whatever its name says. Open it, choose "
          "“Save as”, take “Excel workbook (.xlsx)” and send that.")
    ),
    "html_workbook": Sentence(
        _("This is a web page that only looks like a workbook. Open it in your table program, "
          "choose “Save as”, take “Excel workbook (.xlsx)” and send that.")
    ),
    "macro_workbook": Sentence(
        _("This workbook holds macros (“%(member)s”). Choose “Save as”, take “Excel workbook "
          "(.xlsx)”, which has none, and send that.")
    ),
    "binary_workbook": Sentence(
        _("This is a binary workbook (.xlsb). Choose “Save as”, take “Excel workbook (.xlsx)” "
          "and send that.")
    ),
    "open_document": Sentence(
        _("This is an OpenDocument file (.ods). Choose “Save as”, take “Excel workbook (.xlsx)”"
          " and send that.")
    ),
    "locked_workbook": Sentence(
        _("The workbook is protected by a password and cannot be opened. Take the password out "
          "and send it again.")
    ),
    "workbook_broken": Sentence(
        _("The workbook is damaged: %(part)s is missing or cannot be read. Open it, save it "
          "under a new name and send that.")
    ),
    "no_sheet": Sentence(
        _("The workbook has no sheet “%(found)s”. It has: %(known)s.")
    ),
    "far_cell": Sentence(
        _("Sheet “%(sheet)s” has something in cell %(cell)s, far outside of any table (at most "
          "%(most_rows)s rows and %(most_columns)s columns are read). Delete what stands there.")
    ),
    "too_many_rows": Sentence(
        _("There are more than %(most)s rows in “%(sheet)s”. Send it in parts.")
    ),
    "too_many_columns": Sentence(
        _("Row %(row)s has %(found)s columns; at most %(most)s are read. Delete the columns "
          "that are not needed.")
    ),
    "too_many_cells": Sentence(
        _("There are more than %(most)s filled cells in “%(sheet)s”. Send it in parts.")
    ),
    "too_much_text": Sentence(
        _("The texts in this workbook are longer than %(most_mb)s MB together. Delete what is "
          "not needed.")
    ),
    "cell_too_long": Sentence(
        _("Cell %(cell)s holds %(found)s characters; at most %(most)s are read. Shorten it.")
    ),
    "cell_error": Sentence(
        _("Cell %(cell)s shows the error %(found)s instead of a value. Mend the formula, or "
          "write the value.")
    ),
    "cell_broken": Sentence(
        _("Cell %(cell)s cannot be read (found: “%(found)s”). Write its value again.")
    ),
    "formula_without_value": Sentence(
        _("Cell %(cell)s holds a formula that was never calculated. Open the workbook, let it "
          "calculate, save it and send it again; or write the value.")
    ),
    "formulas": notice(
        _("%(n)s cells of “%(sheet)s” hold formulas, the first is %(cell)s. Their last "
          "calculated values were read.")
    ),
    "merged_cells": notice(
        _("Cells of “%(sheet)s” are merged: %(found)s. The value counts for the first of them "
          "only.")
    ),
    "hidden_sheet": notice(
        _("Sheet “%(sheet)s” is hidden. It was read like the others.")
    ),
    "hidden_rows": notice(
        _("%(n)s rows of “%(sheet)s” are hidden, the first is row %(row)s. They were read like "
          "the others.")
    ),
    "external_links": notice(
        _("The workbook takes values from other workbooks. These were not opened; the last "
          "saved values were read.")
    ),
    "not_text": Sentence(
        _("This is neither a workbook nor a text table: there are bytes in it that no text has "
          "(at byte %(at)s). Save it as XLSX or CSV and send that.")
    ),
    "quote_open": Sentence(
        _("A quotation mark opens in row %(row)s and is never closed. Close it, or take it out.")
    ),
    "encoding_guessed": notice(
        _("The file does not say in which encoding it is written; it was read as %(found)s. "
          "Look whether names with special letters are right.")
    ),
    "letters_lost": notice(
        _("%(n)s letters could not be read in the encoding %(found)s and show as �, the first "
          "in row %(row)s.")
    ),
    "controls_removed": notice(
        _("Invisible characters were taken out of %(n)s cells, the first is %(cell)s.")
    ),
    "no_rows": Sentence(
        _("There is nothing in this table. Fill it in and send it again.")
    ),
}  # fmt: skip

PERSONAL = {
    "personal_number": Sentence(
        _("Cell %(cell)s looks like the NIK or KK number of a person (%(found)s). Data of "
          "persons must not be sent here: delete it, and send only totals.")
    ),
    "personal_column": Sentence(
        _("Column %(column)s is headed “%(found)s” and holds data of persons. Delete the "
          "column; only totals are collected here.")
    ),
    "personal_names": Sentence(
        _("Column %(column)s (“%(found)s”) seems to list %(n)s persons by name. Delete the "
          "names; only totals are collected here.")
    ),
}  # fmt: skip

SENTENCES: dict[str, Sentence] = OF_FILES | OF_STRUCTURES | OF_TABLES | PERSONAL | OF_MAPS
WORDS: dict[str, str] = REASONS
