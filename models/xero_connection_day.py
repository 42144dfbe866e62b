import functools
import re

import pytz
from babel.core import get_global

from odoo import models

# Xero's names of time zones are those of Windows, written together.
LEFT_OUT = re.compile(r"[ .\-]")


@functools.cache
def get_zone_names():
    """Return the IANA name of a time zone by Xero's.

    :rtype: dict of str
    """
    known = get_global("windows_zone_mapping").items()
    return {LEFT_OUT.sub("", name).upper(): zone for name, zone in known}


class XeroConnection(models.Model):
    """Which day it is where the organisation is."""

    _inherit = "xero.connection"

    def _get_day(self, moment):
        """Return the day of a moment for the organisation: its own time zone decides,
        else that of the company.

        :param datetime moment: in UTC
        :rtype: date
        """
        self.ensure_one()
        zone = get_zone_names().get(self.timezone or "")
        zone = pytz.timezone(zone or self.company_id.partner_id.tz or "UTC")
        return pytz.utc.localize(moment).astimezone(zone).date()
