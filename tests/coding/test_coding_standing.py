"""What a marker is worth, said beside its numbers; nothing where nobody coded."""

from __future__ import annotations

import pandas as pd
import pytest

from reflect import findings, plain, prose
from reflect.coding import standing
from reflect.coding.assessment import Assessment
from reflect.corpus import Corpus

SIDES = {"leader": "leader", "talent": "newcomer"}
EMPTY = pd.DataFrame()


def valid(marker: str, side: str = "", *, precision: float = 0.82, hits: int = 20) -> dict:
    low, high = precision - 0.1, precision + 0.1
    row = {"marker": marker, "side": side, "language": "", "sentences": 100, "hits": hits}
    row |= {"positives": 20, "precision": precision, "precision_low": low, "precision_high": high}
    row |= {"recall": 0.5, "recall_low": 0.4, "recall_high": 0.6, "f1": 0.6, "f1_low": 0.5}
    row |= {"f1_high": 0.7, "prevalence": 0.015, "verdict": "good"}
    row |= {"corrected_prevalence": 0.019, "corrected_low": 0.012, "corrected_high": 0.028}
    return row


def agreed(marker: str, alpha: float, verdict: str) -> dict:
    row = {"marker": marker, "alpha": alpha, "low": alpha - 0.1, "high": alpha + 0.1}
    return row | {"verdict": verdict}


@pytest.fixture
def judged() -> Assessment:
    """Insight carries, on leaders better than on talents; learning is disputed; advice errs."""
    validity = [
        valid("insight"),
        valid("insight", "leader", precision=0.9),
        valid("insight", "talent", precision=0.6),
        valid("learning"),
        valid("advice", precision=0.3),
        valid("commitment"),
        valid("difference", precision=float("nan"), hits=0),
        valid("shift", precision=0.75),
    ]
    agreement = [
        agreed("insight", 0.85, "reliable"),
        agreed("learning", 0.52, "unreliable"),
        agreed("advice", 0.7, "tentative"),
        agreed("learning:direction", 0.1, "unreliable"),
        agreed("difference", float("nan"), "too_few"),
    ]
    uneven = {"marker": "insight", "measure": "precision", "by": "side", "better": "leader"}
    uneven |= {"worse": "talent", "better_value": 0.9, "worse_value": 0.6}
    tables = dict.fromkeys(["pairwise", "confusion", "disputed", "consensus", "open"], EMPTY)
    return Assessment(
        sampled=True,
        sentences=400,
        coders=["anna", "ben"],
        agreement=pd.DataFrame(agreement),
        validity=pd.DataFrame(validity),
        uneven=pd.DataFrame([uneven]),
        **tables,
    )


def test_the_figures_of_the_row_s_own_side_stand_beside_it(judged):
    rates = pd.DataFrame({"marker": ["insight", "insight"], "side": ["leader", "talent"]})
    found = standing.beside(rates, judged, "en", shares=True)
    assert found["precision_here"].tolist() == ["0.90 [0.80, 1.00]", "0.60 [0.50, 0.70]"]
    assert found["recall_here"].tolist() == ["0.50 [0.40, 0.60]"] * 2
    assert found["share_here"].tolist() == ["1.9% [1.2, 2.8]"] * 2
    assert list(rates) == ["marker", "side"]


def test_without_a_side_they_are_those_of_the_corpus_and_unknown_ones_a_dash(judged):
    flow = pd.DataFrame({"marker": ["insight", "difference", "own_code"]})
    found = standing.beside(flow, judged, "de")
    assert found["precision_here"].tolist() == ["0,82 [0,72; 0,92]", "–", "–"]
    assert "share_here" not in found


def test_validity_is_written_out_for_the_whole_corpus(judged):
    table = standing.shown(judged, "de").set_index("marker")
    assert len(table) == 6
    assert table.loc["insight", "precision_here"] == "0,82 [0,72; 0,92]"
    assert table.loc["insight", "per_thousand"] == "15,0"
    assert table.loc["insight", "per_thousand_here"] == "19,0 [12,0; 28,0]"
    assert standing.shown(None, "de").empty


def test_figures_get_a_line_for_each_marker_and_grey_those_without_claims(judged):
    lines = standing.beneath(judged, "en")
    assert lines["commitment"] == ("precision 0.82 [0.72, 0.92]", False)
    assert lines["difference"] == ("precision not known", False)
    assert lines["learning"] == ("alpha 0.52: no claim", True)
    assert lines["advice"] == ("precision 0.30 [0.20, 0.40]: no claim", True)
    assert standing.beneath(None, "en") == {}


def test_figures_write_it_beneath_the_names(judged):
    figures = pytest.importorskip("reflect.figures")
    rates = pd.DataFrame(
        [
            {"side": side, "marker": marker, "hits": 3, "rate": 1.0, "low": 0.5, "high": 1.5}
            for side in SIDES
            for marker in ("learning", "commitment")
        ]
    )
    lines = standing.beneath(judged, "en")
    (axes,) = figures.marker_rates(rates, SIDES, "en", lines).axes
    names = {tick.get_text(): tick.get_color() for tick in axes.get_yticklabels()}
    assert list(names) == [
        "learning\nalpha 0.52: no claim", "resolution\nprecision 0.82 [0.72, 0.92]"
    ]  # fmt: skip
    first, second = names.values()
    assert first != second
    (plain,) = figures.marker_rates(rates, SIDES, "en").axes
    assert [tick.get_text() for tick in plain.get_yticklabels()] == ["learning", "resolution"]
    changes = rates.assign(contrast=rates["side"], ratio=2.0, verdict="more")
    assert "2 of 4 are" in figures.change_ratios(changes, SIDES, "en", lines).get_label()
    assert "4 of 4 are" in figures.change_ratios(changes, SIDES, "en").get_label()


def test_the_first_page_says_it_in_plain_words(judged):
    said = standing.in_plain_words(judged, "en")
    assert "they see 75% of the sentences so counted" in said
    assert "50% of those they find themselves are counted (40% to 60%)" in said
    assert standing.in_plain_words(None, "en") == ""


def test_where_nobody_coded_nothing_is_added():
    table = pd.DataFrame({"marker": ["insight"]})
    assert standing.beside(table, None, "en") is table
    assert standing.worth(None, "insight", "en") == ""
    assert standing.note(None, ["insight"], "en") == ""
    assert standing.doubt(None, "insight", "en") == ""
    assert standing.told(None, SIDES, "de").startswith("*Das Korpus enthält keine menschlichen")


@pytest.mark.parametrize(
    ("marker", "between_sides", "why"),
    [
        ("insight", False, ""),
        ("insight", True, "works better on one side"),
        ("learning", False, "alpha 0.52, below .67"),
        ("advice", False, "wrong here more often than right (precision 0.30 [0.20, 0.40])"),
        ("difference", False, ""),
        ("commitment", True, ""),
    ],
)
def test_what_speaks_against_a_claim(judged, marker, between_sides, why):
    found = standing.doubt(judged, marker, "en", between_sides=between_sides)
    assert why in found
    assert bool(found) == bool(why)


def test_families_are_told_by_how_far_they_carry(judged):
    said = standing.told(judged, SIDES, "en")
    assert "2 people coded a sample of 400 sentences" in said
    assert "agree reliably on insight (alpha 0.85 [0.75, 0.95])" in said
    assert "too low, below 0.67, on learning (alpha 0.52" in said
    assert "direction" not in said
    assert "wrong than right here, as far as the codes show, is the marker advice" in said
    assert "insight works unevenly: Precision for leader 0.90, for newcomer 0.60" in said


def test_one_coder_agrees_with_nobody(judged):
    alone = Assessment(**{**vars(judged), "coders": ["anna"], "sampled": False})
    said = standing.told(alone, SIDES, "de")
    assert "1 Person hat ganze Einträge" in said
    assert "Nur eine Person hat codiert" in said
    assert "Alpha" not in said


def contrast(*markers: str) -> pd.DataFrame:
    row = {"verdict": "leader", "ratio": 2.0, "low": 1.2, "high": 3.1}
    return pd.DataFrame([{"marker": marker, **row} for marker in markers])


@pytest.fixture
def diary() -> pd.DataFrame:
    tandems = [f"T{number}" for number in range(12)]
    return pd.DataFrame({"entry_id": tandems, "tandem_id": tandems, "side": "leader"})


def test_no_difference_is_claimed_of_a_marker_that_does_not_carry(judged, diary):
    spans = pd.DataFrame({"entry_id": ["T0"], "marker": ["commitment"], "start": [0]})
    found = contrast("commitment", "insight", "learning")
    plain = prose.what_moved(spans, diary, found, SIDES, "en")
    assert plain.count("more often") == 3
    assert "precision" not in plain
    said = prose.what_moved(spans, diary, found, SIDES, "en", judged=judged)
    assert said.count("times as often") == 1
    assert "Of learning the report claims nothing: coders agree too little" in said
    assert "Of insight the report claims nothing: the marker works better on one side" in said
    assert "(1 sentence, precision here not known)" in said  # no codes of leaders' resolutions
    assert "any shift (precision 0.75 [0.65, 0.85], recall 0.50 [0.40, 0.60])" in said


def test_change_is_claimed_with_the_precision_and_withheld_where_coders_disagree(judged):
    row = {"contrast": "leader", "verdict": "more", "ratio": 2.0, "low": 1.1, "high": 4.0}
    row |= {"family": "exploratory", "p_adjusted": 0.01, "early_hits": 3, "late_hits": 6}
    changes = pd.DataFrame([{"marker": marker, **row} for marker in ("insight", "learning")])
    said = findings.changed(changes, SIDES, "en", judged)
    assert "p = 0.010, precision here 0.90 [0.80, 1.00])" in said
    assert said.count("times as often") == 1
    assert "Of learning the report claims nothing" in said
    assert "no change" not in said


def test_a_coded_corpus_says_that_its_count_was_measured(corpus, programme):
    assert "some sentences are counted wrongly" in plain.limits(corpus, "en")
    (programme / "codes.csv").write_text(
        "coder_id,entry_id,start,end,marker\nben,T01-L-0,0,3,insight\n", "utf-8"
    )
    said = plain.limits(Corpus.load(programme), "en")
    assert "counted wrongly" not in said
    assert "measured on human codes" in said
