def get_comparison(operator, value):
    """Return what a search for a computed sum or date compares with.

    :param str operator: of a domain
    :param value: number, date, or a collection of them for `in` and `not in`
    :return: function of what is found, telling whether it is wanted; None for an
        operator that there is no such comparison for
    """

    def ordered(compare):
        # Nothing (no date) is neither before nor after.
        return lambda found: found is not False and compare(found)

    return {
        ">": ordered(lambda found: found > value),
        ">=": ordered(lambda found: found >= value),
        "<": ordered(lambda found: found < value),
        "<=": ordered(lambda found: found <= value),
        "in": lambda found: found in value,
        "not in": lambda found: found not in value,
    }.get(operator)
