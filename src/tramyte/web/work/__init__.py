"""
What happens in the background? One module a kind of run, called by the worker.

In: a run. Out: its result, for a page to show. Read `../worker.py` first, then `reading.py`.
"""
