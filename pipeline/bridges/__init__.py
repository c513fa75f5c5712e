"""Analyses in the forms of other tools, and back: spaCy, W3C Web Annotation, Label Studio, JSON."""
