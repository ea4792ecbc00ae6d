"""
Who goes where, in which weeks?

In: a Problem (a rotation/1 or /2 file, or built from a register). Out: a Plan with bound and gap. Read `rules` first.
"""
