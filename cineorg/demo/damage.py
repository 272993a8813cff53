"""What goes wrong after the scan: files moved, renamed, copied, deleted; links tied to the wrong file."""

from __future__ import annotations

import os

from .building import Builder, dotted
from .titles import STORED_SERIES, TWINS, TWINS_NOT_TOLD_APART

_LATER_MINUTES = 1_000_000  # an mtime of its own for each file that was copied: no scan can know those again


def damage(builder: Builder) -> None:
    """Do all of it, and remember it as faults."""
    _move_files(builder)
    _copy_files(builder)
    _delete_files(builder)
    _rename_folder(builder)
    _tie_to_wrong_files(builder)
    _change_prefix(builder)
    for parts in (
        ("Films", "Le.Chien.de.minuit.1915.1080p.BluRay.x264-OMBRE.mkv"),
        ("Films", "Vues nouvelles", "Une partie d'écarté (1896).mp4"),
        (STORED_SERIES, "La Bande à Lulu", "Saison 03", "La.Bande.a.Lulu.3x21.mkv"),
    ):
        builder.fault("orphan_file", builder.store(*parts), "came after the scan; no row and no link names it")


def _move(builder: Builder, title: str, *parts: str, how: str) -> str:
    """Rename a stored file and remember its links as broken; return the new path."""
    old, new = builder.stored[title], os.path.join(builder.storage, *parts)
    os.makedirs(os.path.dirname(new), exist_ok=True)
    os.rename(old, new)
    for link, target in sorted(builder.targets.items()):
        if target == old:
            builder.fault("broken_symlink", link, f"its file {how} {builder.shown(new)}")
    builder.stored[title] = new
    return new


def _move_files(builder: Builder) -> None:
    """Move and rename files as they are: the catalogue knows them by size and mtime."""
    for title in ("Le Kid (1921)", "Le Cirque (1928)", "Monte là-dessus (1923)", "La Ruée vers l'or (1925)"):
        name = os.path.basename(builder.stored[title])
        _move(builder, title, "Films", "Burlesques", name, how="was moved to")
    for title, name in (
        ("Le Chat et le Canari (1927)", "the.cat.and.the.canary.1927.multi.1080p.bluray.x264-grp.mkv"),
        ("Aelita (1924)", "a7f3-09.mkv"),
        ("L'Étrange\nbobine (1924).mkv", "L'Étrange\nbobine\t(1924) [2].mkv"),
    ):
        _move(builder, title, "Films", name, how="was renamed to")
    for episode, name in ((3, "x9-1.mkv"), (7, "x9-2.mkv")):
        title = f"Hôtel Terminus Nord (2009) S02E{episode:02}"
        _move(builder, title, STORED_SERIES, "HTN", name, how="was renamed to")


def _copy_files(builder: Builder) -> None:
    """Move files so that nothing but the name says what they are, as a copy to another disk does."""
    twins, year = TWINS
    copies = [
        ("Robin des Bois (1922)", ("Films", "Robin.des.Bois.1922.MULTi.1080p.BluRay.x265-NUIT.mkv")),
        ("Le Pirate noir (1926)", ("Films", "Nouveau disque", "Le Pirate noir (1926).mkv")),
        (f"{twins} ({year}) 1080p", ("Films", "Nouveau disque", f"{twins}.{year}.1080p.BluRay.x264-NUIT.mkv")),
        (f"{twins} ({year}) 2160p", ("Films", "Nouveau disque", f"{twins}.{year}.2160p.BluRay.x264-NUIT.mkv")),
    ]
    for episode in (5, 6):
        name = f"Kitsune.Express.S01E{episode:02}.MULTi.1080p.WEB.x265-NUIT.mkv"
        copies.append((f"Kitsune Express (2016) S01E{episode:02}", (STORED_SERIES, "Kitsune.Express.S01.REPACK", name)))
    for number, (title, parts) in enumerate(copies):
        builder.touch(_move(builder, title, *parts, how="was copied to"), _LATER_MINUTES + number)


def _delete_files(builder: Builder) -> None:
    """Delete files for good, some of which leave a tempting neighbour behind."""
    for title, details in (
        ("Londres après minuit (1927)", "its file is gone for good"),
        ("Le Golem (1915)", "its file is gone; the film of 1920 is another one"),
        ("La Lanterne d'argent III (1926)", "its file is gone; I and II are other films"),
        ("La Bande à Lulu (1998) S03E07", "its file is gone; seasons 1 and 2 have an episode 7, too"),
    ):
        path = builder.stored.pop(title)
        os.unlink(path)
        builder.fault("broken_symlink", builder.links[title], details)
        builder.fault("ghost_entry", path, "the file was deleted")
    title, year = TWINS_NOT_TOLD_APART
    old = builder.stored.pop(f"{title} ({year})")
    os.unlink(old)
    builder.fault("ghost_entry", old, "the file was replaced by two others")
    for size in ("720p", "1080p"):
        new = builder.store("Films", "Nouveau disque", f"{dotted(title)}.{year}.{size}.x265-NUIT.mkv")
        builder.fault("orphan_file", new, "with its twin, two files fit the same link")
    builder.fault("broken_symlink", builder.links[f"{title} ({year})"], "two files fit, and nothing tells them apart")


def _rename_folder(builder: Builder) -> None:
    old = os.path.dirname(builder.stored["Les Veilleurs du phare (2011) S02E01"])
    new = os.path.join(os.path.dirname(old), "Les Veilleurs du phare (2011) S02 REPACK")
    os.rename(old, new)
    for title, path in builder.stored.items():
        if path.startswith(old + "/"):
            builder.stored[title] = new + path[len(old) :]
            builder.fault("broken_symlink", builder.links[title], f"its folder was renamed to {builder.shown(new)}")


def _tie_to_wrong_files(builder: Builder) -> None:
    comptoir, lulu, lighthouse = "Le Comptoir des brumes (2005)", "La Bande à Lulu (1998)", "Les Veilleurs du phare"
    wrong = [
        (f"{comptoir} S04E{episode:02}", f"{comptoir} S04E02", f"E{episode:03} has the file of E02")
        for episode in range(20, 25)
    ]
    wrong += [
        (f"{lulu} S02E03", f"{lulu} S01E03", "the file is of another season"),
        (f"{lighthouse} (2011) S01E02", f"{lighthouse} (1974) S01E02", "the file is of another series"),
    ]
    for title, other, details in wrong:
        link = builder.links[title]
        builder.link(builder.stored[other], link)
        builder.fault("wrong_target", link, details)


def _change_prefix(builder: Builder) -> None:
    """Point links at where the storage was before it was mounted elsewhere."""
    before = os.path.join(os.path.dirname(builder.storage), "ancien-disque")
    for title in ("Nanouk l'Esquimau (1922)", "L'Homme à la caméra (1929)", "Chang (1927)", "La Pluie (1929)"):
        target = before + builder.stored[title][len(builder.storage) :]
        link = builder.link(target, builder.links[title])
        builder.fault("broken_symlink", link, f"its target still says {builder.shown(before)}, which is storage now")
