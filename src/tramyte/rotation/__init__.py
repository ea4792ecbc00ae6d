"""
Who goes where, in which weeks?

In: a Problem (a rotation/1 file, or built from a register). Out: a Plan with bound and gap. Read `rules.py` first.
"""
