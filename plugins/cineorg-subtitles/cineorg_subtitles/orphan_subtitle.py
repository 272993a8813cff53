"""Orphan subtitles: subtitles that have no video of their name beside them.

Everything is answered from the census that `integrity` takes anyway: nothing is read here. A name counts as a
video's when it is that name (without its extension) and, after it, nothing but languages, flags and track numbers.
In doubt a subtitle is no orphan.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, ClassVar

from cineorg.plugin import Finding, hookimpl, nfc

if TYPE_CHECKING:
    from cineorg.plugin import Check, CheckContext, Library, Track

SUBTITLES = frozenset((".srt", ".ass", ".ssa", ".sub", ".vtt", ".sup"))
INDEX = ".idx"  # half of a VobSub pair: it counts only beside the .sub of its name
FOLDERS = frozenset(("subs", "sub", "subtitles", "subtitle", "vobsub", "vobsubs", "sous-titres", "untertitel"))
FLAGS = frozenset(
    (
        "forced foreign sdh cc hi hearing impaired default full complete normal signs songs commentary dialogue dub"
        " dubtitle caption captions closed sub subs subtitle subtitles track stfr vo vf vff vfq vost vostfr"
        " forcé forcés complet malentendants forces forzado forzados erzwungen"
    ).split()
)
LANGUAGES = frozenset(
    (
        # ISO 639-1
        "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee"
        " el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is"
        " it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms"
        " mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk"
        " sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi"
        " yo za zh zu"
        # ISO 639-2, both of its forms
        " afr alb amh ara arm asm aze baq bel ben bos bre bul bur cat ces chi cmn cor cos cym cze dan deu dut ell eng"
        " epo est eus fao fas fil fin fra fre fry geo ger gla gle glg gre guj hat hau heb hin hrv hun hye ibo ice ind"
        " isl ita jav jpn kan kat kaz khm kin kir kor kur lao lat lav lit ltz mac mal mao mar may mkd mlg mlt mon mri"
        " msa mul mya nep nld nno nob nor oci pan per pol por pus roh ron rum run rus san sin slk slo slv sme smo som"
        " spa sqi srp swa swe tam tat tel tgk tgl tha tib tir tuk tur uig ukr und urd uzb vie wel xho yid yor yue zho"
        " zul"
        # in words, and as releases abbreviate
        " english french german spanish castilian latino latin italian portuguese brazilian dutch flemish swedish"
        " danish norwegian finnish icelandic polish czech slovak slovenian croatian serbian bosnian hungarian romanian"
        " bulgarian greek turkish russian ukrainian hebrew arabic persian farsi hindi japanese korean chinese"
        " simplified traditional cantonese mandarin thai vietnamese indonesian malay estonian latvian lithuanian"
        " anglais français francais allemand espagnol italien portugais néerlandais japonais russe arabe"
        " deutsch englisch französisch español castellano inglés italiano português nederlands svenska dansk norsk"
        " suomi polski ptbr vf multi"
    ).split()
)
_ENDS = frozenset(" ._-[({+,&")  # what may stand between a video's name and what follows it
_WORD = re.compile(r"([ ._\-\[\](){}+,&]*)([^ ._\-\[\](){}+,&]+)")
_REGION = re.compile(r"[a-z]{2}|[a-z]{4}|[0-9]{3}")  # BR, Hant, 419
_NUMBER = re.compile(r"[0-9]{1,2}")


class OrphanSubtitle:
    """A subtitle of either tree is an orphan when none of the places where its video could lie holds that."""

    type: ClassVar[str] = "orphan_subtitle"
    label: ClassVar[str] = "Orphan subtitles"
    summary_key: ClassVar[str] = "orphan_subtitles"
    suggestion: ClassVar[str] = ""
    columns: ClassVar[tuple[str, ...]] = ("wanted",)
    needs_catalogue: ClassVar[bool] = False

    def find(self, context: CheckContext, track: Track) -> Iterable[Finding]:
        """Yield a finding for every orphan; `wanted` is the name, without extension, that its video would have."""
        library = context.library
        unread = _half_read_folders(library)
        folders = library.census.folders
        for path, folder in track(folders.items(), len(folders)):
            names = list(_subtitles((*folder.files, *folder.links)))
            if not names:
                continue
            above = _above_subs(path)
            homes = [path, above] if above else [path]
            # What was not walked, or not wholly, or is not believed, may hold the video.
            if any(home not in folders or home in unread or library.offline_reason(home) for home in homes):
                continue
            beside, higher = _videos(library, path), _videos(library, above) if above else set()
            for name in names:
                stem = name[:-4]
                if not _has_video(_key(stem), path, beside, higher):
                    fields = {"wanted": _wanted(stem)}
                    yield Finding(self.type, f"{path}/{name}", "no video of its name beside it", fields)


def _subtitles(names: Iterable[str]) -> Iterator[str]:
    """Yield those of a folder's names that are subtitles; `.idx` is one beside a `.sub`."""
    indexes, pairs = [], set()
    for name in names:
        ending = name[-4:].lower()
        if ending in SUBTITLES:
            if ending == ".sub":
                pairs.add(_key(name[:-4]))
            yield name
        elif ending == INDEX:
            indexes.append(name)
    yield from (name for name in indexes if _key(name[:-4]) in pairs)


def _half_read_folders(library: Library) -> set[str]:
    """Return the folders in which something could not be looked at, and those that could not be listed to the end."""
    unread = {item.path for item in library.census.unreadable}
    return unread | {path.rpartition("/")[0] for path in unread}


def _above_subs(path: str) -> str:
    """Return the folder whose videos the subtitles of `path` may belong to although it is another; "" if none.

    Two shapes are known: `Film/Subs/Film.fr.srt`, and `Season/Subs/Episode/2_English.srt`.
    """
    above, _, name = path.rpartition("/")
    if name.lower() in FOLDERS:
        return above
    higher, _, name = above.rpartition("/")
    return higher if name.lower() in FOLDERS else ""


def _videos(library: Library, path: str) -> set[str]:
    """Return the names of a folder's videos, links among them, without extension, to be compared."""
    folder = library.census.folders[path]
    return {_key(name.rpartition(".")[0]) for name in (*folder.files, *folder.links) if library.is_video(name)}


def _has_video(stem: str, path: str, beside: set[str], higher: set[str]) -> bool:
    """Whether a subtitle of the folder `path` has its video: `beside` it, or in the folder above `Subs`."""
    if is_named_after(stem, beside | higher):
        return True
    folder = _key(path.rpartition("/")[2])
    if folder in FOLDERS:
        return bool(higher) and is_suffix(stem)  # "Subs/English.srt" is of any of those above
    if higher:
        return is_suffix(folder) or is_named_after(folder, higher)  # the folder below Subs says whose it is
    return len(beside) == 1 and is_suffix(stem)  # "English.srt" is of the only one


def is_named_after(stem: str, stems: set[str]) -> bool:
    """Return whether a subtitle's name is one of `stems`, followed at most by languages, flags and track numbers.

    All are lower-case names without extension.
    """
    return stem in stems or any(stem[:end] in stems and is_suffix(stem[end:]) for end in _cuts(stem))


def is_suffix(text: str) -> bool:
    """Return whether lower-case text holds a language or a flag and, but for track numbers, nothing else."""
    is_meaningful, is_language = False, False
    for separator, word in _WORD.findall(text):
        if word in LANGUAGES or word in FLAGS:
            is_meaningful = True
            is_language = is_language or word in LANGUAGES
        elif is_language and separator in ("-", "_") and _REGION.fullmatch(word):
            continue
        elif " " in separator or not _NUMBER.fullmatch(word):
            return False  # after a blank a number belongs to a title: "Rocky 2.srt" is not Rocky's
    return is_meaningful


def _wanted(stem: str) -> str:
    """Return the name without the languages and flags at its end."""
    return next((stem[:end] for end in _cuts(stem) if end and is_suffix(stem[end:].lower())), stem)


def _cuts(stem: str) -> Iterator[int]:
    return (place for place, char in enumerate(stem) if char in _ENDS)


def _key(name: str) -> str:
    return nfc(name).lower()


@hookimpl
def register_checks(register: Callable[[Check], None]) -> None:
    """Register the check."""
    register(OrphanSubtitle())
