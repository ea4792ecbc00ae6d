"""
Who changes what? Every write to the register: permission, one transaction, one event.

In: an account and plain values. Out: rows and an event. Read `writing.py` first; imperatives, by the thing they act on.
"""
