"""All that a plugin's author imports: `from cineorg.plugin import Finding, hookimpl`.

Each name is loaded from its room on first use, so that a plugin costs `--help` only what it needs. What is not listed
here may change from one release to the next.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from . import __version__ as __version__
    from . import hookimpl as hookimpl
    from .catalogue import open_catalogue as open_catalogue
    from .catalogue import transaction as transaction
    from .catalogue.check_queries import Catalogue as Catalogue
    from .catalogue.file_moves import KnownRow as KnownRow
    from .catalogue.journal import list_batches as list_batches
    from .catalogue.kept_reports import kept_reports as kept_reports
    from .catalogue.kept_reports import kept_rows as kept_rows
    from .catalogue.kept_reports import kept_shape as kept_shape
    from .catalogue.kept_reports import reports_path as reports_path
    from .catalogue.migrations import table_names as table_names
    from .catalogue.registration import TitleRow as TitleRow
    from .catalogue.scan_record import file_stats as file_stats
    from .changes import Candidate as Candidate
    from .changes import Unresolved as Unresolved
    from .clock import now_iso as now_iso
    from .clock import now_text as now_text
    from .clock import read_age as read_age
    from .commands.shared.help_examples import Command as Command
    from .commands.shared.library_access import check_storage as check_storage
    from .commands.shared.library_access import reading as reading
    from .commands.shared.options import Request as Request
    from .commands.shared.options import existing_paths as existing_paths
    from .commands.shared.options import request_options as request_options
    from .commands.shared.options import spelled_as_root as spelled_as_root
    from .commands.shared.own_name import shell_word as shell_word
    from .commands.shared.plan_execution import require_consent as require_consent
    from .commands.shared.remedies import Remedies as Remedies
    from .errors import EXIT_FINDINGS as EXIT_FINDINGS
    from .errors import EXIT_INCOMPLETE as EXIT_INCOMPLETE
    from .errors import EXIT_INTERRUPTED as EXIT_INTERRUPTED
    from .errors import EXIT_OK as EXIT_OK
    from .errors import EXIT_REFUSED as EXIT_REFUSED
    from .errors import CatalogueError as CatalogueError
    from .errors import CineorgError as CineorgError
    from .errors import ConfigError as ConfigError
    from .errors import InputError as InputError
    from .errors import RefusedError as RefusedError
    from .findings import COMMON_KINDS as COMMON_KINDS
    from .findings import Coverage as Coverage
    from .findings import Finding as Finding
    from .findings import Note as Note
    from .findings import offline_finding as offline_finding
    from .findings import unreadable_finding as unreadable_finding
    from .names import NameInfo as NameInfo
    from .names import NameReader as NameReader
    from .names import is_extra as is_extra
    from .names import read_numbers as read_numbers
    from .names import read_strict as read_strict
    from .names.comparison import OTHER as OTHER
    from .names.comparison import Difference as Difference
    from .names.comparison import Witness as Witness
    from .names.comparison import compare as compare
    from .names.comparison import other_ids as other_ids
    from .names.comparison import verdict as verdict
    from .names.release import release_of as release_of
    from .names.title import LOOSE as LOOSE
    from .names.title import SAME_TITLE as SAME_TITLE
    from .names.title import closest as closest
    from .names.work import Work as Work
    from .names.work import numbers_text as numbers_text
    from .names.work import work_of as work_of
    from .names.work_index import WorkIndex as WorkIndex
    from .output.json_document import JsonFormat as JsonFormat
    from .output.json_document import encode as encode
    from .output.report import Report as Report
    from .output.report_shape import Format as Format
    from .output.report_shape import ReportShape as ReportShape
    from .output.report_shape import Writer as Writer
    from .output.report_shape import category as category
    from .output.tsv import TsvFormat as TsvFormat
    from .paths import decode_b64 as decode_b64
    from .paths import is_inside as is_inside
    from .paths import json_fields as json_fields
    from .paths import nfc as nfc
    from .paths import readable as readable
    from .paths import relative_to as relative_to
    from .paths import terminal_text as terminal_text
    from .paths import to_bytes as to_bytes
    from .paths import to_text as to_text
    from .plugin_host.check_context import CheckContext as CheckContext
    from .plugin_host.check_context import Track as Track
    from .plugin_host.hookspecs import Check as Check
    from .plugin_host.hookspecs import check as check
    from .repair.expectation import Expectation as Expectation
    from .repair.expectation import KnownWorks as KnownWorks
    from .repair.expectation import expect as expect
    from .repair.wrong_links import WrongLink as WrongLink
    from .repair.wrong_links import find_wrong_links as find_wrong_links
    from .settings.configuration import Settings as Settings
    from .settings.sources import load_settings as load_settings
    from .settings.state_files import state_path as state_path
    from .settings.values import MAX_JOBS as MAX_JOBS
    from .trees.census import FileStat as FileStat
    from .trees.census import Folder as Folder
    from .trees.census import Tree as Tree
    from .trees.census import explain as explain
    from .trees.census import signed_64 as signed_64
    from .trees.library import Library as Library
    from .trees.library import load_library as load_library
    from .trees.mounts import identify as identify
    from .trees.tree_walk import take_census as take_census

_HOMES = {
    "": "__version__ hookimpl",
    "catalogue": "open_catalogue transaction",
    "catalogue.check_queries": "Catalogue",
    "catalogue.file_moves": "KnownRow",
    "catalogue.journal": "list_batches",
    "catalogue.kept_reports": "kept_reports kept_rows kept_shape reports_path",
    "catalogue.migrations": "table_names",
    "catalogue.registration": "TitleRow",
    "catalogue.scan_record": "file_stats",
    "changes": "Candidate Unresolved",
    "clock": "now_iso now_text read_age",
    "commands.shared.help_examples": "Command",
    "commands.shared.library_access": "check_storage reading",
    "commands.shared.options": "Request existing_paths request_options spelled_as_root",
    "commands.shared.own_name": "shell_word",
    "commands.shared.plan_execution": "require_consent",
    "commands.shared.remedies": "Remedies",
    "errors": (
        "CatalogueError CineorgError ConfigError EXIT_FINDINGS EXIT_INCOMPLETE EXIT_INTERRUPTED EXIT_OK "
        "EXIT_REFUSED InputError RefusedError"
    ),
    "findings": "COMMON_KINDS Coverage Finding Note offline_finding unreadable_finding",
    "names": "NameInfo NameReader is_extra read_numbers read_strict",
    "names.comparison": "Difference OTHER Witness compare other_ids verdict",
    "names.release": "release_of",
    "names.title": "LOOSE SAME_TITLE closest",
    "names.work": "Work numbers_text work_of",
    "names.work_index": "WorkIndex",
    "output.json_document": "JsonFormat encode",
    "output.report": "Report",
    "output.report_shape": "Format ReportShape Writer category",
    "output.tsv": "TsvFormat",
    "paths": "decode_b64 is_inside json_fields nfc readable relative_to terminal_text to_bytes to_text",
    "plugin_host.check_context": "CheckContext Track",
    "plugin_host.hookspecs": "Check check",
    "repair.expectation": "Expectation KnownWorks expect",
    "repair.wrong_links": "WrongLink find_wrong_links",
    "settings.configuration": "Settings",
    "settings.sources": "load_settings",
    "settings.values": "MAX_JOBS",
    "settings.state_files": "state_path",
    "trees.census": "FileStat Folder Tree explain signed_64",
    "trees.library": "Library load_library",
    "trees.mounts": "identify",
    "trees.tree_walk": "take_census",
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"cineorg.plugin has no {name!r}; it has {', '.join(sorted(_HOME_OF))}")
    value = getattr(importlib.import_module(f"cineorg.{_HOME_OF[name]}".rstrip(".")), name)
    globals()[name] = value
    return value
