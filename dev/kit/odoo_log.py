"""Reading Odoo's log: counts of tests, failures, and warnings that nobody expected."""

import datetime
import re

from .results import Result

_RECORD = re.compile(
    r"^(?P<time>\d{4}-\d\d-\d\d [\d:,]+) \d+ (?P<level>[A-Z]+) \S+ "
    r"(?P<logger>[\w.]+): (?P<text>.*)"
)
_SUMMARY = re.compile(r"^(\d+) failed, (\d+) error\(s\) of (\d+) tests when loading")
_FAILURE = re.compile(r"^(FAIL|ERROR): (?:Subtest )?(?P<test>\w+Class \(\S+\)|\S+)")
_SKIP = re.compile(r"^skipped (?P<test>\S+) : ")
_START = re.compile(r"^Starting (?P<test>\S+) \.\.\.")
_SERIOUS = ("WARNING", "ERROR", "CRITICAL")
# What the machine is blamed for, not an addon.
_OF_THE_MACHINE = (
    "Running as user 'root' is a security risk",
    "Killing chrome headless",
)


class Log:
    """What one run of Odoo's tests said, line by line.

    :param callable show: called with what a person should see, a record at a time
    """

    def __init__(self, show):
        self.show = show
        self.running = ""  # the test under way
        self.started = 0  # tests
        self.seconds = {}  # that each class took
        self.complaints = 0  # warnings and errors that are no test's failure
        self._count = None
        self._failed = set()
        self._skipped = set()
        self._record = []  # lines of a record that is shown when it is complete
        self._since = None  # when the test under way began

    def feed(self, line):
        """Take the next line of the log."""
        record = _RECORD.match(line)
        if not record:
            if self._record:
                self._record.append(line)
            return
        self._show_record()
        level, text = record["level"], record["text"]
        if started := _START.match(text):
            self._start(started["test"], record["time"])
        if self._notice(level, record["logger"], text):
            self._record.append(line)

    def end(self):
        """Take note that nothing more comes."""
        self._show_record()
        self.running = ""

    def _show_record(self):
        if self._record:
            self.show("".join(self._record))
            self._record.clear()

    def _start(self, test, time):
        now = datetime.datetime.strptime(time, "%Y-%m-%d %H:%M:%S,%f")
        if self.running:
            cls = self.running.partition(".")[0]
            took = (now - self._since).total_seconds()
            self.seconds[cls] = self.seconds.get(cls, 0) + took
        self.running, self._since = test, now
        self.started += 1

    def _notice(self, level, logger, text):
        """Note what a record says and tell whether it is to be shown."""
        if summary := _SUMMARY.match(text):
            self._count = int(summary[3])
            return False
        if skipped := _SKIP.match(text):
            self._skipped.add(skipped["test"])
            return True
        if level == "ERROR" and (failure := _FAILURE.match(text)):
            self._failed.add(failure["test"])
            return True
        if level not in _SERIOUS or logger == "odoo.tests.result":
            return False
        if text.startswith(_OF_THE_MACHINE):
            return False
        self.complaints += 1
        return True

    def result(self, exit_status):
        """Return the counts; a run that broke off is a failure too.

        :param int exit_status: of Odoo
        :rtype: Result
        """
        failed, skipped = len(self._failed), len(self._skipped)
        # Odoo does not count a class that could not be set up as a test.
        counted = [test for test in self._failed if "Class (" not in test]
        passed = max((self._count or 0) - len(counted) - skipped, 0)
        if self.complaints or (exit_status and not failed) or self._count is None:
            failed += 1
        return Result(passed, failed, skipped)
