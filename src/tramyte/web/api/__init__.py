"""
How does a program ask? The same rows, figures and actions as the pages, as JSON, under the same grants.

In: a request with a session or a token. Out: JSON, rows by pages that stay in place. Read `entry.py` first.
"""
