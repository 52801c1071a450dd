"""Screening: many records of administrative penalties against every filing standard at once.

The same law, the same results as `xianjie.lawbook.standards.judging.judge`, by columns instead of by case.
Import the modules of this package only where it is used: they need polars, which takes time to load.
"""
