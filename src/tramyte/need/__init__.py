"""
How many are needed, and where is the gap? Four lenses side by side: norm, target, workload, population.

In: a `Register` and a day. Out: a `NeedReport` whose every figure opens to people and norms. Read `gap.py` first.
"""

from tramyte.need.density import densities
from tramyte.need.doctors import DoctorCount, doctors
from tramyte.need.establishment import establishments
from tramyte.need.gap import NeedReport, needs
from tramyte.need.target import targets

__all__ = ["DoctorCount", "NeedReport", "densities", "doctors", "establishments", "needs", "targets"]
