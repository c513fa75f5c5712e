"""Search in a store: one query language (``query.py``) for the command line, the page and Python; ``engine.py`` answers."""
