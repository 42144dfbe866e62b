"""The words of a text, to compare it by."""

import itertools
import re
import unicodedata
from functools import lru_cache

from .values import clean_text, normalise_name

# Says what a company is, not who: "Kauri Ltd" and "Kauri Limited" are one name.
_LEGAL_FORMS = frozenset(
    "ab ag aps as asa bhd bv co company corp corporation doo eurl gbr gmbh inc "
    "incorporated kg kgaa kk lda limited limitada llc llp lp ltd ltda mbh nl nv ohg ou "
    "oy oyj plc pte pty pvt sa sarl sas sdn se sl spa srl sro ug "
    "the and und et y e".split()
)
WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """Return a text without case and accents ('Söhne': 'sohne', 'ß': 'ss')."""
    plain = clean_text(text).casefold()
    if plain.isascii():
        return plain
    parts = unicodedata.normalize("NFKD", plain)
    return "".join(c for c in parts if not unicodedata.combining(c))


@lru_cache(maxsize=50_000)
def core_words(name: str) -> tuple[str, ...]:
    """Return the words of a name that tell who it is: no accents, no case, no
    punctuation, no legal form. All words, where nothing else is left."""
    plain = fold(normalise_name(name)).replace("'", "").replace("’", "")
    words = list(_join_letters(WORD.findall(plain)))
    core = [word for word in words if word not in _LEGAL_FORMS]
    return tuple(core or words)


def _join_letters(words):
    """Yield the words, "S. à r. l." and "A.C.M.E." as one each; initials stay."""
    for single, run in itertools.groupby(words, lambda word: len(word) == 1):
        run = list(run)
        joined = "".join(run)
        if single and (len(run) > 2 or joined in _LEGAL_FORMS):
            yield joined
        else:
            yield from run
