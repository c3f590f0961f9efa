"""Submissions as forms on a page: grids, problems at their cells, and what was typed."""
