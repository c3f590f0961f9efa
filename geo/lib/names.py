"""Names of places, written so that two spellings of one name compare equal."""

import re
import unicodedata

TITLES = {"desa", "ds", "kelurahan", "kel", "kecamatan", "kec", "kabupaten", "kab"}
# Spelled out wherever the word stands …
SHORT = {
    "tj": "tanjung",
    "tjg": "tanjung",
    "tg": "tanjung",
    "sei": "sungai",
    "sg": "sungai",
    "tlg": "talang",
    "pkl": "pangkalan",
}
# … and only at the beginning, because elsewhere it may be a syllable of its own.
SHORT_AT_START = {"ma": "muara", "mra": "muara", "pl": "pulau"}
TENS = ["", "x"]
ONES = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"]
ROMAN = {TENS[n // 10] + ONES[n % 10]: str(n) for n in range(1, 20)} | {"xx": "20"}
TO_ROMAN = {number: numeral for numeral, number in ROMAN.items()}


def name_key(name: str) -> str:
    """A key under which spellings of the same name meet.

    Parameters
    ----------
    name : str
        As somebody wrote it: ``"Desa Tj. Lago"``, ``"SUNGSANG  II"``.

    Returns
    -------
    str
        Lower-case letters and digits without blanks: ``"tanjunglago"``,
        ``"sungsang2"``. Empty when nothing else is in the name. It equates
        case, blanks, punctuation, accents, titles, usual abbreviations and
        Roman with Arabic numerals; it never equates different letters
        (“Sukamoro” is not “Sukomoro”: that is for a person to decide).
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z]+|[0-9]+", plain)
    while len(words) > 1 and words[0] in TITLES:
        words = words[1:]
    if len(words) > 1:
        words[0] = SHORT_AT_START.get(words[0], words[0])
        words = [SHORT.get(word, word) for word in words]
    numbered = [ROMAN.get(word, word) for word in words[1:]]
    return "".join(words[:1] + [word.lstrip("0") if word.isdigit() else word for word in numbered])


def name_variants(text: str) -> list[str]:
    """What a name may look like with blanks and punctuation taken out.

    Parameters
    ----------
    text : str
        What somebody typed, perhaps only the beginning of a name.

    Returns
    -------
    list of str
        The letters as typed, its key, and its key with Roman numerals:
        ``"Sg. 2"`` → ``["sg2", "sungai2", "sungaiii"]``. Without repetitions.
    """
    key = name_key(text)
    typed = re.sub(r"[^a-z0-9]", "", text.lower())
    digits_as_roman = re.sub(r"[0-9]+", lambda m: TO_ROMAN.get(m[0], m[0]), key)
    return list(dict.fromkeys([typed, key, digits_as_roman]))


def without_title(name: str) -> str:
    """A name without the kind of area before it: ``"Kabupaten Kotak"`` → ``"Kotak"``.

    Parameters
    ----------
    name : str

    Returns
    -------
    str
        In the case it was written in. “Kota” stays, since many villages are
        called “Kota Baru”; who knows that the area is a city drops it.
    """
    words = name.split()
    while len(words) > 1 and words[0].rstrip(".").lower() in TITLES:
        words = words[1:]
    return " ".join(words)
