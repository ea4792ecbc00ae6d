"""
What does a province look like whose totals are the published ones? Made up from a seed, on the real communes.

In: a place and a seed. Out: a `Register`. Read `provinces.py` first, then `dien_bien.py`.
"""

from tramyte.sample.provinces import KNOWN, sample

__all__ = ["KNOWN", "sample"]
