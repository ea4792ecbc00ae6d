"""
How does a province hand over its data, and get its documents? Workbooks, decisions and calendars, in and out.

In: bytes of a workbook, or a `Register`, a `PlanReport`, a `Decision`. Out: a `Register` with every finding, or bytes.
Read `columns.csv` first, the only truth of the workbook, then `workbook.py`; for papers `decision.py`.
"""
