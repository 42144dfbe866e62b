"""The one error of this package."""


class MappingError(ValueError):
    """A payload or value that can't be read; the element fails alone.

    :ivar field: our name of the field, with a path for nested ones ('lines.1.quantity')
    """

    def __init__(self, message: str, field: str = ""):
        super().__init__(message)
        self.field = field
