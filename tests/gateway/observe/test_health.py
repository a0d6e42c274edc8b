"""Readiness says which part is not ready, and a broken probe is an answer, not a crash."""

from gateway.observe.health import examine


def test_all_content_means_ready() -> None:
    assert examine({"database": lambda: None}).ready


def test_one_complaint_means_not_ready_and_is_kept() -> None:
    readiness = examine({"database": lambda: None, "core": lambda: "core does not answer"})
    assert not readiness.ready
    assert readiness.findings["core"] == "core does not answer"


def test_a_probe_that_raises_counts_as_a_complaint() -> None:
    def broken() -> str | None:
        message = "no such file"
        raise OSError(message)

    readiness = examine({"database": broken})
    assert readiness.findings["database"] == "OSError: no such file"
