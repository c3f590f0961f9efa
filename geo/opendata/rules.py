"""How a cell of a downloaded table is written: see ``lib.csv_tables``."""

from geo.lib.csv_tables import number_cell, table_text, text_cell, write_table

__all__ = ["number_cell", "table_text", "text_cell", "write_table"]
