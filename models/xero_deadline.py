import time

# So long scheduled work goes on at a time: Odoo stops it after two minutes by default.
SECONDS_IN_CRON = 80


class Deadline:
    """Stands for a run in a fetch that nobody watches: it has an end all the same.

    :param float seconds: after which the fetch stops, at the end of a page
    """

    def __init__(self, seconds):
        self._until = time.monotonic() + seconds

    def _count(self, *_told):
        """Nobody asks how far it is."""

    def _is_out_of_time(self):
        return time.monotonic() > self._until
