from . import oauth
from . import portal
from . import preview_export
from . import webhook
