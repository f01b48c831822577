"""The report that is committed is the one that the corpus and the notebooks give."""

from pathlib import Path

import pytest

from reflect import manifest
from reflect.report import verify_report

REPORT = Path(__file__).parents[1] / "reports" / "mentor-mentor-demo"


def test_the_committed_report_is_built_again_byte_by_byte():
    if manifest.read(REPORT)["versions"] != manifest.versions():
        pytest.skip("other versions than in requirements.lock: the bytes may differ")
    assert verify_report(REPORT) == []
