"""Lists of people that other systems take, by declared profiles.

A profile is data: one YAML file that says what a system takes (columns, encoding, limits,
hashing) and what its own exports look like. The shipped ones stand under ``reports/audiences``; a
study may add its own in a folder ``audiences`` beside the study file.
"""
