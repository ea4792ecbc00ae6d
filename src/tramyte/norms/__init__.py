"""
What does the law say, on a given day? Dated, cited YAML, one value a file, and one reader.

In: a name and a day. Out: a `Norm` with value, unit, source, article, confidence. Read `reader.py` first.
"""

from tramyte.norms.reader import Norm, every, names, norm

__all__ = ["Norm", "every", "names", "norm"]
