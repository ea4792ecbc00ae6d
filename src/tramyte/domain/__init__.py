"""
What are we talking about? The nouns, frozen, with no law, no file format and no solver in them.

In: nothing. Out: records, plans, findings, errors, sentences. Read `register.py` first, then `plan.py`.
"""
