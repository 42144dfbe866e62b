from . import oauth
from . import payment
from . import portal
from . import preview_export
from . import webhook
