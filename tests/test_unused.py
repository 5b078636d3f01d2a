"""What nothing in the product calls is deleted; callers in the tests do not count. Exceptions are listed with why."""

from __future__ import annotations

from pathlib import Path

from vulture import Vulture

PACKAGE = Path(__file__).parents[1] / "mlee_jupyter"

BY_PYTHON = "Python looks it up: a module's attribute that is not there yet"
BY_JUPYTER = "IPython, Jupyter or traitlets calls it by its name"
BY_A_LIBRARY = "another library reads it where it was set"
BY_HTTP = "the standard library's HTTP server calls or reads it"
BY_KIND = "called by the kind of a statement: scopes.py puts the name together"
FOR_PEOPLE = "a public name: who writes Python calls it"
CHARTER = "a key of the charter, read and shown under its name"
MIGRATION = "Alembic reads it"
OF_AN_ANSWER = "a part of an answer: the tests hold what it says, and a page may"
USED = {
    **dict.fromkeys(["__getattr__", "__signature__"], BY_PYTHON),
    "get_code": "runpy asks a loader for it",
    **dict.fromkeys(["_jupyter_labextension_paths", "load_ipython_extension", "unload_ipython_extension"], BY_JUPYTER),
    **dict.fromkeys(
        ["_kernel_spec_manager_default", "_repr_mimebundle_", "_repr_svg_", "mlee", "me", "getdoc", "has_arguments"],
        BY_JUPYTER,
    ),
    **dict.fromkeys(["enabled", "colors", "encoding", "f_trace", "f_trace_opcodes"], BY_A_LIBRARY),
    **dict.fromkeys(["connected", "isolation_level", "formatter_class"], BY_A_LIBRARY),
    **dict.fromkeys(["revision", "down_revision"], MIGRATION),
    **dict.fromkeys(["_augassign", "_annassign", "_while", "_if", "_match", "_classdef", "_delete"], BY_KIND),
    **dict.fromkeys(["to_dict", "rows_to_resolve", "exact_mcnemar", "check_notebook"], FOR_PEOPLE),
    **dict.fromkeys(["do_DELETE", "do_HEAD", "do_OPTIONS", "do_PATCH", "do_POST", "do_PUT"], BY_HTTP),
    **dict.fromkeys(["send_error", "log_message", "process_request", "protocol_version", "close_connection"], BY_HTTP),
    **dict.fromkeys(["request_queue_size", "address_family", "server_name"], BY_HTTP),
    **dict.fromkeys(["estimated", "heaviest_missing_weight", "seen_once", "seen_twice", "measure_folds"], OF_AN_ANSWER),
}


def test_what_nothing_calls_is_deleted() -> None:
    seen = Vulture()
    seen.scavenge([str(PACKAGE)], exclude=["*/convert/write/templates/*"])
    unused = {
        one.name: f"{Path(one.filename).relative_to(PACKAGE)}:{one.first_lineno}" for one in seen.get_unused_code()
    }
    assert {name: place for name, place in unused.items() if name not in USED} == {}
    assert set(USED) <= set(unused), "listed, and called by now"
