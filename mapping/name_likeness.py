"""How alike are two names?"""

from functools import lru_cache

from .values import divide_rounded

# Words below this likeness (of 100) are other words, not typing errors.
_SAME_WORD = 75


@lru_cache(maxsize=50_000)
def name_likeness(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """Return how alike two names are, 0 to 100, as `core_words` gives them.

    Word by word, so that "North Shore" and "South Shore" are two places while "Shore"
    and "Shoer" are one; numbers must be the same.
    """
    if sorted(one) == sorted(other) or "".join(one) == "".join(other):
        return 100
    if _numbers(one) != _numbers(other):
        return 0
    left, total, alike = list(other), sum(map(len, one + other)), 0
    for word in one:
        best, found = max(
            ((_word_likeness(word, each), each) for each in left), default=(0, "")
        )
        if best:
            left.remove(found)
            alike += best * (len(word) + len(found))
    return divide_rounded(alike, total) if total else 0


@lru_cache(maxsize=50_000)
def _word_likeness(one: str, other: str) -> int:
    """Return 0 for two different words, else how alike they are, of 100."""
    if one == other:
        return 100
    if 1 in (len(one), len(other)) and one[0] == other[0]:
        return 85  # an initial
    if abs(len(one) - len(other)) > 2:
        return 0
    ratio = divide_rounded(200 * _common_letters(one, other), len(one) + len(other))
    return ratio if ratio >= _SAME_WORD else 0


def _common_letters(one: str, other: str) -> int:
    """Return how many letters two words have in common, in the same order."""
    row = [0] * (len(other) + 1)
    for letter in one:
        above = row
        row = [0]
        for place, each in enumerate(other):
            if letter == each:
                row.append(above[place] + 1)
            else:
                row.append(max(above[place + 1], row[place]))
    return row[-1]


def _numbers(words):
    return sorted(word for word in words if any(c.isdecimal() for c in word))
