"""
What does a province look like whose totals are the published ones? Made up from a seed, on the real communes.

In: a place and a seed. Out: a `Register`. Read `provinces.py` first, then `dien_bien.py`.
"""

from tramyte.sample.places import province_names
from tramyte.sample.provinces import KNOWN, province_of, sample

__all__ = ["KNOWN", "province_names", "province_of", "sample"]
