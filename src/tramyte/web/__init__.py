"""
Where does the register live, who may see it, and who changed it when? Django, one app.

In: requests, workbooks. Out: pages, files, events. Read `models/base.py` first, then `records.py`, `actions/`.
"""
