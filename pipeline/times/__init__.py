"""Calendar expressions: found by rules over word classes, resolved to ISO 8601 values and days."""

from pipeline.times.due import due_of, issued_on
from pipeline.times.published import publication_date
from pipeline.times.stage import TimesStage, find_times

__all__ = ["TimesStage", "due_of", "find_times", "issued_on", "publication_date"]
