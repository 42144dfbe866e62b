"""What a part of the test run says: counts, and the text of what went wrong."""

import dataclasses


@dataclasses.dataclass
class Result:
    """Counts of tests; they add up."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other):
        return Result(
            self.passed + other.passed,
            self.failed + other.failed,
            self.skipped + other.skipped,
        )

    def __str__(self):
        text = f"{self.passed} passed, {self.failed} failed"
        return f"{text}, {self.skipped} skipped" if self.skipped else text

    @property
    def total(self):
        """How many tests there were."""
        return self.passed + self.failed + self.skipped
