"""Calendar expressions: found by rules over word classes, resolved to ISO 8601 values and days."""

from pipeline.times.stage import TimesStage, find_times

__all__ = ["TimesStage", "find_times"]
