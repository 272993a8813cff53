"""The words that are no part of a title: quality, codecs, languages, editions.

Hard words never begin a title's end by chance ("1080p", "x264"); soft ones may be words of a title ("French",
"Extended") and count as tags only beside other tags. Keys are in lower case, one blank between their words; words
that are also written in one ("web-dl", "webdl") are found under both.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """What a word of the vocabulary stands for."""

    hard: bool
    tags: tuple[str, ...] = ()
    edition: str = ""


_HARD = {
    "480p": "480p sd|480i",
    "576p": "576i|540p|360p",
    "720p": "hd720p|720i",
    "1080p": "fhd|hd1080p|full hd|fullhd",
    "1080i": "",
    "1440p": "",
    "2160p": "4k uhd|4kuhd|ultrahd|ultra hd",
    "4320p": "8k",
    "x264": "h264|h 264|x 264|avc|hevc264",
    "x265": "h265|h 265|x 265|hevc|hevc10|hevc10bit",
    "av1": "",
    "xvid": "",
    "divx": "",
    "mpeg2": "mpeg 2",
    "vc1": "vc 1",
    "vp9": "",
    "10bit": "10 bit|10bits|hi10p|hi10",
    "8bit": "8 bit",
    "12bit": "12 bit",
    "hdr": "hdr10|hdr10+|hdr10plus|hdr1000",
    "dv": "dovi|dolby vision|dolbyvision",
    "sdr": "",
    "bluray": "blu ray|bdrip|bd rip|brrip|br rip|bdmux|brmux|bdripmux|brripmux|uhdbd|bluray rip|ultrahd bluray",
    "remux": "bd remux|bdremux",
    # A service is a source as well.
    "web": "web dl|web rip|webhd|webmux|web hd|web dlrip|webcap|dl web|"
    "ituneshd|hditunes|amazonhd|netflixuhd|amzn|dsnp|hmax|atvp|pcok|pmtp|hulu|netflix",
    "dvd": "dvdrip|dvd rip|dvd5|dvd9|dvd r|dvdr|dvdripmux|dual dvdrip|ntsc dvd|pal dvd",
    "dvdscr": "screener|scr|dvd scr",
    "hdtv": "hdtvrip|hdtv rip|hdtvmux|hdtvx264|ldtv|sdtv|uhdtv|ahdtv",
    "tv": "tvrip|pdtv|pdtvx264|dsr|dsrip|satrip|dthrip|dvb rip|dvbrip|tv rip|pdtvrip|vodrip",
    "hddvd": "hd dvd|hddvdrip",
    "hdrip": "hd rip",
    "hdlight": "hd light|mhd|m hd|4klight|microhd",
    "vhs": "vhsrip|vhs rip",
    "cam": "hdcam|camrip",
    "ts": "hdts|telesync|tsrip",
    "aac": "aac2|heaac|he aac|qaac|aac5|aac2 0|aac 2 0|aac5 1|aac 5 1",
    "ac3": "dd5|dd2|dd5 1|dd2 0|dd 5 1|dd 2 0|dolby digital|ac3 5 1|ac3 2 0|dd 1 0|dd1 0",
    "eac3": "e ac3|ddp|ddp5|ddp2|ddp5 1|ddp2 0|ddp7 1|dd+5 1|dd+2 0|ddp 5 1|ddp 2 0|dd+ 5 1",
    "dts": "dts hd|dtshd|dts hdma|dtsx|dts x|dts es|dts hd ma|dts hra|dts5 1|dts 5 1|dtshd 7 1|dts hd hra",
    "truehd": "truehd7 1|truehd 7 1|truehd5 1|truehd 5 1",
    "atmos": "atmos7 1|ddpa|ddpa5 1|atmos 7 1",
    "flac": "flac2 0|flac 2 0|flac5 1",
    "opus": "opus 5 1|opus5 1",
    "lpcm": "pcm",
    "mp3": "",
    "5.1": "5 1|6ch",
    "7.1": "7 1|8ch",
    "2.0": "2 0|2ch",
    "vostfr": "vost fr|subfrench|vostf|vosta|vosten",
    "vff": "truefrench|true french",
    "multi": "multi3|multi4|multisubs|multi audio",
}
_SOFT = {
    "bluray": "bd",
    "uhd": "",
    "hdr": "",
    "dv": "",
    "ts": "",
    "cam": "",
    "4k": "",
    "3d": "hsbs|half sbs|h sbs|ac3d",
    "web": "web",
    "dvd": "dvd",
    "multi": "multi|dual|dl",
    "vff": "vff|vf2",
    "vfq": "",
    "vfi": "",
    "vo": "vost",
    "french": "vf|fr|fra|fre|francais|français",
    "english": "en|eng|ang|anglais",
    "german": "de|deu|ger|deutsch",
    "spanish": "es|esp|spa|castellano|espanol|español",
    "latino": "",
    "italian": "it|ita",
    "japanese": "ja|jp|jpn|jap",
    "korean": "ko|kor",
    "chinese": "chi|zho",
    "russian": "ru|rus",
    "portuguese": "por|pt br|ptbr",
    "dutch": "nl|flemish",
    "polish": "pl",
    "swedish": "swe",
    "danish": "dan",
    "norwegian": "nor",
    "finnish": "fin",
    "nordic": "",
    "hindi": "",
    "hebrew": "",
    "arabic": "ara",
    "turkish": "tur",
    "telugu": "",
    "tamil": "",
    "catalan": "",
    "proper": "",
    "repack": "rerip",
    "internal": "",
    "limited": "",
    "subbed": "subs|sub|subforced|esubs|stfr",
    "dubbed": "dub|dubbed",
    "complete": "",
    "hq": "",
    "hybrid": "",
    "docu": "doku",
    "custom": "",
    "nf": "cr|vice|ma|hra",
    "real": "",
    "ws": "",
    "readnfo": "read nfo",
    "festival": "stv|nfofix|prooffix|dirfix",
}
_EDITIONS = {
    "Director's Cut": "directors cut|director cut|directors edition|dc|montage du realisateur",
    "Extended": "extended cut|extended edition|extended version|version longue",
    "Theatrical": "theatrical cut|theatrical edition|version cinema",
    "Unrated": "unrated cut|unrated edition",
    "Uncut": "uncut edition|uncensored",
    "Remastered": "remaster|4k remastered|4k remaster|remasterise|version restauree",
    "Special Edition": "se",
    "Ultimate Edition": "ultimate cut",
    "Collector's Edition": "collectors edition|collector edition|collector|edition collector",
    "Final Cut": "the final cut",
    "Criterion": "criterion collection|criterion edition",
    "IMAX": "imax edition",
    "Anniversary Edition": "",
    "Redux": "",
    "Open Matte": "",
    "Black and Chrome": "black chrome edition|black and chrome edition",
    "Colorized": "colorised|colorisee",
    "Alternate Cut": "alternative cut",
    "Despecialized": "",
}
# Tags whose one spelling is not the key: release words that say the same.
_RENAMED = {"nf": "web", "festival": "limited", "uhd": "uhd", "hq": "hq"}


def _build() -> dict[str, Word]:
    """The whole vocabulary by its keys."""
    words: dict[str, Word] = {}

    def add(key: str, word: Word) -> None:
        words.setdefault(key, word)
        joined = key.replace(" ", "")
        if not joined.isdigit():
            words.setdefault(joined, word)

    # Soft first: "web", "dvd" and "hdr" alone are words of titles, although their longer spellings are not.
    for hard, table in ((False, _SOFT), (True, _HARD)):
        for tag, spellings in table.items():
            word = Word(hard, (_RENAMED.get(tag, tag),))
            for key in (tag, *spellings.split("|")):
                if key and key != "tv" and "." not in key:
                    add(key, word)
    for edition, spellings in _EDITIONS.items():
        word = Word(False, (), edition)
        for key in (edition.lower().replace("'", ""), *spellings.split("|")):
            if key:
                add(key, word)
    words["bluray"] = Word(True, ("bluray",))  # only "bd" is soft
    words["bd remux"] = words["bdremux"] = Word(True, ("bluray", "remux"))
    words["uhd bluray"] = words["uhd blu ray"] = Word(True, ("bluray", "uhd"))
    words["4kuhd"] = words["4k uhd"] = Word(True, ("2160p", "uhd"))
    return words


WORDS = _build()
FIRST_WORDS = frozenset(key.partition(" ")[0] for key in WORDS if " " in key)
LONGEST = 3
"""How many words of a name one key may take."""
EDITION_WORDS = frozenset(key for key, word in WORDS.items() if word.edition and key not in ("se", "dc"))
EDITION_NAMES = {edition.lower().replace("'", ""): edition for edition in _EDITIONS}
LANGUAGES = frozenset(
    (
        "vff vfq vfi vo vostfr multi french english german spanish latino italian japanese korean chinese russian"
        " portuguese dutch polish swedish danish norwegian finnish nordic hindi hebrew arabic turkish telugu tamil"
        " catalan"
    ).split()
)
RESOLUTIONS = frozenset(("480p", "576p", "720p", "1080p", "1080i", "1440p", "2160p", "4320p"))
