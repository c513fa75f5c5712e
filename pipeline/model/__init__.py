"""What a trained network adds to the rules. Nothing here is imported with ``--rules-only``."""
