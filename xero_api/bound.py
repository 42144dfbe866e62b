"""A bound on what one address may do in vain, in this process's memory alone."""

import time
from collections import OrderedDict

_ADDRESSES = 1000  # so many are remembered; of more, the oldest are forgotten


class FailureBound:
    """Counts failures per address in windows of time.

    :param int limit: so many failures are let pass in a window
    :param float seconds: how long a window is
    """

    def __init__(self, limit, seconds):
        self.limit = limit
        self.seconds = seconds
        self._windows = OrderedDict()  # address: [end of the window, failures in it]

    def note(self, address):
        """Count a failure.

        :return: how many there were in this window, with this one
        :rtype: int
        """
        window = self._windows.get(address)
        if not window or window[0] <= time.monotonic():
            window = [time.monotonic() + self.seconds, 0]
            self._windows[address] = window
            self._windows.move_to_end(address)
            while len(self._windows) > _ADDRESSES:
                self._windows.popitem(last=False)
        window[1] += 1
        return window[1]

    def is_reached(self, address):
        """Whether an address has failed so often that it is not listened to.

        :rtype: bool
        """
        window = self._windows.get(address)
        return bool(window and window[0] > time.monotonic() and window[1] >= self.limit)

    def forget(self):
        """Begin anew."""
        self._windows.clear()
