"""
Who goes where, in which weeks: the best plan that time allows, and a proof of how good it is.

In: a Problem, a limit, a seed. Out: a Plan with bound and gap. Read `run.py` first, then arrays, dual, improve, mip.
"""

from tramyte.rotation.solve.run import Progress, solve

__all__ = ["Progress", "solve"]
