"""How long each test class took the last time, to share out the work evenly."""

import json

from .paths import CACHE, folder, locked

_FILE = CACHE / "test-durations.json"  # of all checkouts
_UNKNOWN = 0.4  # seconds a test takes, as a rule
_IN_BROWSER = 4


def remember(*runs):
    """Keep what classes took.

    :param dict runs: of each run, the seconds by the class's name
    """
    with locked("test-durations"):
        known = _recall()
        for seconds in runs:
            known.update({cls: round(took, 1) for cls, took in seconds.items()})
        draft = folder(CACHE) / "test-durations.part"
        draft.write_text(json.dumps(known, indent=1, sort_keys=True))
        draft.replace(_FILE)  # at once: another run may just be reading it


def expected(tests):
    """Return the seconds that each class will take, the longest first.

    :param list tests: of `kit.selection.TestMethod`
    :rtype: dict
    """
    guess = {}
    for test in tests:
        took = _IN_BROWSER if test.browser else _UNKNOWN
        guess[test.cls] = guess.get(test.cls, 0) + took
    known = _recall()
    guess = {cls: known.get(cls, took) for cls, took in guess.items()}
    return dict(sorted(guess.items(), key=lambda item: -item[1]))


def _recall():
    return json.loads(_FILE.read_text()) if _FILE.exists() else {}
