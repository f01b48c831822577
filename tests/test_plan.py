"""The analysis plan: read, refused with one exact line a fault, and held to."""

import numpy as np
import pandas as pd
import pytest

from reflect.errors import ReflectError
from reflect.plan import Plan, adjusted, answers, change_estimands, load_plan


@pytest.fixture
def write(tmp_path):
    def written(text: str | bytes):
        data = text if isinstance(text, bytes) else text.encode("utf-8")
        (tmp_path / "analysis.yml").write_bytes(data)
        return tmp_path

    return written


def test_a_corpus_without_a_plan_is_all_exploratory(tmp_path):
    plan = load_plan(tmp_path)
    assert plan == Plan() and not plan.exists and plan.primary == ()
    assert not plan.is_primary("insight", "change")
    assert not plan.written_before(pd.Timestamp("2025-03-03"))


def test_a_plan_is_read(write):
    text = (
        "written: 2025-02-20\nprimary:\n  - insight\n"
        "  - {marker: perspective_taking, estimand: reciprocity}\nalpha: 0.01\nnote: Größe\n"
    )
    plan = load_plan(write(text))
    assert plan.primary == (("insight", "change"), ("perspective_taking", "reciprocity"))
    assert (plan.alpha, plan.note, plan.text) == (0.01, "Größe", text)
    assert plan.written_before(pd.Timestamp("2025-03-03"))
    assert not plan.written_before(pd.Timestamp("2025-02-20"))
    assert plan.is_primary("insight", "change") and not plan.is_primary("insight", "rate")


def test_a_plan_may_name_nothing_and_have_no_date(write):
    plan = load_plan(write("primary: []\n"))
    assert plan.exists and plan.primary == () and pd.isna(plan.written)
    assert load_plan(write("primary: [shift]\n")).primary == (("shift", "change"),)


FAMILIES = (
    "insight, revision, expectation_violation, perspective_taking, self_questioning, learning, "
    "advice, commonality, difference, generalization, commitment, self_efficacy, difficulty, "
    "key_moment"
)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "primary: [insight, learning, advice, revision]",
            "primary names 4 questions; at most 3 are allowed. Keep those that matter most; the "
            "others are reported as exploratory.",
        ),
        (
            "primary: [joy]",
            f"primary, item 1: unknown marker 'joy'. Use one of {FAMILIES}.",
        ),
        (
            "primary: [{marker: insight, estimand: cause}]",
            "primary, item 1: unknown estimand 'cause'. Use one of rate, change, difference, "
            "reciprocity.",
        ),
        (
            "primary: [insight, {marker: learning, side: a}]",
            "primary, item 2: unknown key 'side'. Use marker and estimand.",
        ),
        ("primary: [insight, insight]", "primary names a question twice. Remove one."),
        (
            "primary: [7]",
            "primary, item 1 is neither a marker nor a setting. Write {marker: insight}.",
        ),
        (
            "alpha: 0.05",
            "primary is no list. Write for instance `primary: [{marker: insight, estimand: "
            "change}]`, or `primary: []`.",
        ),
        ("primary: []\nalpha: 2", "alpha is no number above 0 and up to 0.1. Write `alpha: 0.05`."),
        (
            "primary: []\nalpha: true",
            "alpha is no number above 0 and up to 0.1. Write `alpha: 0.05`.",
        ),
        ("primary: []\nwritten: early", "written is no date. Write it as 2025-02-20."),
        (
            "primary: []\nhope: much",
            "unknown key 'hope'. Use written, primary, alpha, note.",
        ),
        (
            "- insight",
            "holds no settings. Write for instance `primary: [{marker: insight, estimand: "
            "change}]`.",
        ),
        (
            "primary: [insight",
            "no valid YAML in line 1. Compare with `primary: [{marker: insight, estimand: "
            "change}]`.",
        ),
        (b"primary: [\xff]", "not in UTF-8. Save it as UTF-8 in a text editor."),
    ],
)
def test_each_fault_is_one_line_with_its_remedy(write, text, line):
    with pytest.raises(ReflectError) as refused:
        load_plan(write(text))
    assert str(refused.value) == f"analysis.yml: {line}"


def test_all_faults_are_told_at_once(write):
    with pytest.raises(ReflectError, match=r"unknown marker 'joy'.*\nanalysis\.yml: alpha is no"):
        load_plan(write("primary: [joy]\nalpha: 3"))


def results() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "marker": ["insight", "insight", "learning", "advice", "revision"],
            "contrast": ["a", "difference", "a", "a", "a"],
            "p": [0.03, 0.02, 0.03, 0.04, np.nan],
            "verdict": ["more", "less", "more", "less", "described"],
        }
    )


def test_planned_results_are_corrected_by_holm_and_the_others_by_bh():
    table = results()
    plan = Plan(primary=(("insight", "change"), ("insight", "difference")))
    found = adjusted(table, plan, change_estimands(table))
    assert found["family"].tolist() == ["primary"] * 2 + ["exploratory"] * 3
    # Holm: .02 * 2, then max(.04, .03). BH of .03 and .04: .04 * 2 / 2, then min(.04, .06).
    assert found["p_adjusted"].tolist() == pytest.approx(
        [0.04, 0.04, 0.04, 0.04, np.nan], nan_ok=True
    )
    assert found["verdict"].tolist() == table["verdict"].tolist()
    assert "family" not in table


def test_claims_that_do_not_survive_are_taken_back():
    found = adjusted(results(), Plan(primary=(("insight", "change"),), alpha=0.035), "change")
    # Two planned rows (.03, .02) become .04 by Holm; both exceed alpha.
    assert found["verdict"].tolist() == ["none", "none", "none", "none", "described"]


def test_without_a_plan_all_is_exploratory():
    found = adjusted(results(), Plan(), "change")
    assert set(found["family"]) == {"exploratory"}
    assert found["p_adjusted"].tolist()[:4] == pytest.approx([0.04] * 4)


def planned_tables() -> tuple[pd.DataFrame, pd.DataFrame]:
    changes = pd.DataFrame(
        [
            ("insight", "a", 0.02, "more"),
            ("insight", "b", 0.5, "none"),
            ("advice", "a", 0.04, "more"),
        ],
        columns=["marker", "contrast", "p", "verdict"],
    )
    cohort = pd.DataFrame(
        [("learning_reciprocity", 0.02, "above"), ("we_gap", 0.9, "none")],
        columns=["measure", "p", "verdict"],
    )
    return changes, cohort


def test_changes_and_reciprocities_are_one_family():
    plan = Plan(primary=(("insight", "change"), ("learning", "reciprocity")), text="x")
    changes, cohort = answers(plan, *planned_tables())
    # Holm over three planned results: the two of .02 become .06, and nothing is claimed.
    assert changes["p_adjusted"].tolist() == pytest.approx([0.06, 0.5, 0.08])
    assert cohort["p_adjusted"].tolist() == pytest.approx([0.06, 0.9])
    assert cohort["family"].tolist() == ["primary", "exploratory"]
    assert changes["verdict"].tolist() == ["none", "none", "none"]
    assert cohort["verdict"].tolist() == ["none", "none"]


def test_without_a_plan_all_are_exploratory_and_an_empty_table_is_no_fault():
    changes, cohort = planned_tables()
    _, alone = answers(Plan(), changes.head(0), cohort)
    assert alone["p_adjusted"].tolist() == pytest.approx([0.04, 0.9])
    assert alone["verdict"].tolist() == ["above", "none"]


def test_a_plan_of_after_the_first_entry_is_not_in_force():
    asked = (("insight", "change"),)
    late = Plan(primary=asked, written=pd.Timestamp("2025-03-04"), text="x")
    first = pd.Timestamp("2025-03-04")
    assert late.in_force(first).primary == ()
    assert late.in_force(first + pd.Timedelta(days=1)).primary == asked
    assert Plan(primary=asked, text="x").in_force(first).primary == asked
