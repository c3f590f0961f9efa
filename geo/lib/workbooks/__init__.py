"""Workbooks: writing forms, recognising what comes back, and returning it with its problems.

Plain Python; the words come in from outside. ``docs/workbooks.md`` describes the layouts.
"""
