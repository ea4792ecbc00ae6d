"""
What does somebody see? Each view asks once, then renders; every figure is a link to the rows it counts.

In: a request with the whole state in its address. Out: a page. Read `scope.py` first, then `home.py`.
"""
