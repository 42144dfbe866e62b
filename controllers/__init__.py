from . import oauth
from . import preview_export
from . import webhook
