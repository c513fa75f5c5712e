"""The tables of words against their source, and what the loader says of a broken file."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import LexiconError
from pipeline.normalize import fold
from pipeline.resources import model_file
from pipeline.times import find_times, lexicon
from pipeline.times.lexicon import KINDS
from pipeline.times.resolve import Resolver

LOCALES = [
    "ar_DZ",
    "ar_TN",
    "ar_MA",
    "ar_MR",
    "ar_LY",
    "ar_EG",
    "ar_SD",
    "ar_SA",
    "ar_AE",
    "ar_YE",
    "ar_SY",
    "ar_IQ",
    "ar_LB",
    "ar_JO",
    "ar_PS",
]


@pytest.mark.parametrize("locale", LOCALES)
def test_every_month_of_cldr_is_read(locale: str) -> None:
    babel = pytest.importorskip("babel")
    names = babel.Locale.parse(locale).months["format"]["wide"]
    for number, name in names.items():
        (time,) = find_times(f"اجتمعت اللجنة في 7 {name} 2025.")
        assert time.value == f"2025-{number:02}-07", f"{locale}: {name}"


def test_every_weekday_of_cldr_is_read() -> None:
    babel = pytest.importorskip("babel")
    names = babel.Locale.parse("ar_DZ").days["format"]["wide"]
    for number, name in names.items():  # 0 is Monday
        (time,) = find_times(f"ستنعقد الجلسة يوم {name} بمقر الولاية.")
        assert time.value == f"XXXX-WXX-{number + 1}"


def test_no_month_name_is_ours_alone() -> None:
    """Names that CLDR lacks are spelling variants, listed here on purpose."""
    babel = pytest.importorskip("babel")
    known = {fold(name) for locale in LOCALES for name in babel.Locale.parse(locale).months["format"]["wide"].values()}
    entries, symbols = lexicon.default().entries, lexicon.default().symbols
    ours = {w for w, e in entries.items() if e.symbols in (symbols["month"], symbols["amonth"])}
    assert ours - known == {"جويليا", "اغشت", "شتنبر", "يونيه", "يوليه"} - known


def test_each_kind_of_rule_has_its_method() -> None:
    assert {rule.name for rule in lexicon.default().rules} == KINDS
    assert all(callable(getattr(Resolver, f"_{kind}")) for kind in KINDS)


def test_the_loader_reports_all_faults_at_once(tmp_path: Path) -> None:
    words = model_file("lexicon/times.toml").read_text(encoding="utf-8")
    rules = model_file("lexicon/times_rules.toml").read_text(encoding="utf-8")
    (tmp_path / "words.toml").write_text(
        words + '\n[classes.twice]\nclitics = ["ز"]\nwords = ["أمس"]\n', encoding="utf-8"
    )
    (tmp_path / "rules.toml").write_text(
        rules + '\n[[rule]]\nname = "nonsense"\npattern = "month unheard"\n', encoding="utf-8"
    )
    with pytest.raises(LexiconError) as error:
        lexicon.read(tmp_path / "words.toml", tmp_path / "rules.toml")
    message = str(error.value)
    assert "«امس» stands in the classes 'yesterday' and 'twice'" in message
    assert "clitic 'ز'; valid: و ف ب ل ك" in message
    assert "is named 'nonsense'; valid: bare_season" in message
    assert "speaks of 'unheard'" in message


def test_a_broken_pattern_is_a_fault_of_the_file(tmp_path: Path) -> None:
    rules = model_file("lexicon/times_rules.toml").read_text(encoding="utf-8")
    (tmp_path / "rules.toml").write_text(rules + '\n[[rule]]\nname = "month"\npattern = "(month"\n', encoding="utf-8")
    with pytest.raises(LexiconError, match=r"rule \d+ \(month\)"):
        lexicon.read(model_file("lexicon/times.toml"), tmp_path / "rules.toml")
