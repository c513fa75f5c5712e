"""The annotated corpus: statements composed for this project, in ``data/annotations``, with stand-off annotations beside them.

`files` reads and writes it, `checks` tests it, `stats` counts it, `agreement` compares readings, `tunisia` rebuilds the
real items that are kept as offsets only. Guidelines: docs/guidelines.md.
"""

from pipeline.corpus.files import Corpus, Statement, WriterSet, default_folder, load, save

__all__ = ["Corpus", "Statement", "WriterSet", "default_folder", "load", "save"]
