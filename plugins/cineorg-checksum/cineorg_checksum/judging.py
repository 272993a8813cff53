"""From what is recorded of a file and what a reading found to what is recorded from then on. Pure.

In doubt a file was changed on purpose: a replaced film that is called damaged would be the end of all trust. So only
two things are damage: other content under the same size and time, and nothing left but the beginning.
"""

from __future__ import annotations

from dataclasses import replace

from .model import ROT, TRUNCATED, Reading, Record, is_same

RECORDED, VERIFIED, CHANGED, DAMAGED = "recorded", "verified", "changed", "damaged"


def judge(path: str, record: Record | None, reading: Reading) -> tuple[Record, str]:
    """Return the record after a reading, and in one word what came of it."""
    fresh = Record(path, reading, reading.read_at)
    if record is None:
        return fresh, RECORDED
    if reading.digest == record.first.digest:
        # With a new time too: it was touched, or brought back from a backup. What was recorded first still holds.
        first = _dated_as(record.first, reading)
        return Record(path, first, reading.read_at), VERIFIED
    fault = _fault(record, reading)
    if not fault:
        return fresh, CHANGED
    known = record.found if record.fault == fault else None
    found = reading if known is None else _dated_as(known, reading)
    return replace(record, path=path, read_at=reading.read_at, fault=fault, found=found), DAMAGED


def _dated_as(known: Reading, reading: Reading) -> Reading:
    """Return a reading that found nothing new, with the time at which that was first found."""
    return reading._replace(read_at=known.read_at)


def _fault(record: Record, reading: Reading) -> str:
    first, stat = record.first, reading.stat
    if record.found and (reading.digest == record.found.digest or is_same(stat, record.found.stat)):
        return record.fault  # the damaged content under a new time (touched, copied) is damaged all the same
    if is_same(stat, first.stat):
        return ROT
    if stat.size_bytes >= first.stat.size_bytes:
        return ""
    if stat.size_bytes == 0 or (reading.marks and first.marks.startswith(reading.marks)):
        return TRUNCATED
    return ""


def accept(record: Record, now: str) -> Record:
    """Return the record of a damaged file whose owner is content with it: as if it had been read so at first."""
    if record.found is None:
        return record
    return Record(record.path, record.found._replace(read_at=now), record.read_at)
