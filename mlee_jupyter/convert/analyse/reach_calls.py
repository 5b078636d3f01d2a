"""The table of plain calls that reach outside: which arguments are the places that they write to, delete or open.

A place is an argument's position or its name; SELF is the path that a method is called on. A call is listed when such
a place lies outside; deletions also when the place is not known; what acts on others, always.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

COMMAND, NETWORK, MAIL, DATABASE = "runs a command", "reaches the network", "sends or reads mail", "reaches a database"
WRITES, DELETES, MAY_WRITE = "writes outside its folder", "deletes files", "may write outside its folder"
WHOLE_PATH = "writes to its own folder by a whole path"  # no copy of the folder is meant by that
MOVES, SIGNALS = "goes to a folder outside its own", "acts on another process"
LIBRARY, LISTENS = "calls a C library", "listens for connections"
BY_LEAVE = frozenset({NETWORK, MAIL, DATABASE, LISTENS})  # what --allow-effects lets a proof do
SELF = -1  # the object that a method is called on
Place = int | str


@dataclass(frozen=True)
class Deed:
    """What a call does, and to which of its arguments."""

    kind: str
    places: tuple[Place, ...] = ()
    mode: tuple[int, str, str] | None = None  # it writes if its mode says so: position, name, what it is otherwise
    always: bool = False  # whatever it is given
    if_unknown: bool = False  # also where the place cannot be told


def _table(kind: str, calls: str, *places: Place, always: bool = False, if_unknown: bool = False) -> dict[str, Deed]:
    return dict.fromkeys(calls.split(), Deed(kind, places, always=always, if_unknown=if_unknown))


def _opening(calls: str, mode: tuple[int, str, str], *places: Place) -> dict[str, Deed]:
    return dict.fromkeys(calls.split(), Deed(WRITES, places, mode))


_FILES = {
    **_table(
        WRITES,
        "os.truncate os.mkdir os.makedirs os.mkfifo os.mknod os.chmod os.lchmod os.chown os.lchown os.utime os.chflags "
        "os.lchflags os.setxattr os.removexattr os.chroot shutil.chown",
        *(0, "path", "name"),
    ),
    **_table(WRITES, "os.rename os.renames os.replace os.link shutil.move", *(0, 1, "src", "dst", "old", "new")),
    **_table(
        WRITES,
        "os.symlink shutil.copy shutil.copy2 shutil.copyfile shutil.copytree shutil.copymode shutil.copystat",
        *(1, "dst"),
    ),
    **_table(WRITES, "shutil.unpack_archive", 1, "extract_dir"),
    **_table(WRITES, "shutil.make_archive", 0, "base_name"),
    **_table(
        DELETES,
        "os.remove os.unlink os.rmdir os.removedirs shutil.rmtree send2trash.send2trash",
        *(0, "path", "name"),
        if_unknown=True,
    ),
    **_table(MOVES, "os.chdir contextlib.chdir", 0, "path"),
    **_table(
        WRITES,
        "tempfile.NamedTemporaryFile tempfile.TemporaryFile tempfile.mkstemp tempfile.mkdtemp tempfile.mktemp "
        "tempfile.TemporaryDirectory tempfile.SpooledTemporaryFile",
        "dir",
    ),
    **_table(
        WRITES,
        "logging.FileHandler logging.basicConfig logging.handlers.RotatingFileHandler "
        "logging.handlers.TimedRotatingFileHandler logging.handlers.WatchedFileHandler",
        *(0, "filename"),
    ),
    **_table(
        WRITES,
        "numpy.save numpy.savez numpy.savez_compressed numpy.savetxt pandas.ExcelWriter matplotlib.pyplot.imsave "
        "cv2.imwrite imageio.imwrite",
        *(0, "file", "fname", "path", "filename", "uri"),
    ),
    **_table(WRITES, "joblib.dump torch.save", 1, "filename", "f"),
    **_table(WRITES, "urllib.request.urlretrieve wget.download", 1, "filename", "out"),
}  # fmt: skip
_OPENED = {
    **_opening("open io.open gzip.open bz2.open lzma.open codecs.open aiofiles.open tarfile.open wave.open "
               "zipfile.ZipFile tarfile.TarFile gzip.GzipFile bz2.BZ2File lzma.LZMAFile io.FileIO h5py.File "
               "netCDF4.Dataset",
               (1, "mode", "r"), 0, "file", "filename", "name"),
    **_opening("dbm.open dbm.dumb.open dbm.gnu.open dbm.ndbm.open", (1, "flag", "r"), 0, "file"),
    **_opening("shelve.open", (1, "flag", "c"), 0, "filename"),
    **_opening("pandas.HDFStore", (1, "mode", "a"), 0, "path"),
    **_opening("numpy.memmap", (2, "mode", "r+"), 0, "filename"),
    **_opening("numpy.lib.format.open_memmap", (1, "mode", "r+"), 0, "filename"),
    **_opening("os.open", (1, "flags", "?"), 0, "path"),
}  # fmt: skip
_DATABASES = _table(
    DATABASE,
    "sqlite3.connect sqlite3.dbapi2.connect aiosqlite.connect duckdb.connect apsw.Connection peewee.SqliteDatabase "
    "lmdb.open lmdb.Environment plyvel.DB diskcache.Cache tinydb.TinyDB",
    *(0, "database", "path", "filename", "directory"),
)
_OTHERS = {
    **_table(
        COMMAND,
        "subprocess.run subprocess.call subprocess.check_call subprocess.check_output subprocess.Popen "
        "subprocess.getoutput subprocess.getstatusoutput os.system os.popen os.execl os.execle os.execlp os.execlpe "
        "os.execv os.execve os.execvp os.execvpe os.spawnl os.spawnle os.spawnlp os.spawnlpe os.spawnv os.spawnve "
        "os.spawnvp os.spawnvpe os.posix_spawn os.posix_spawnp os.startfile pty.spawn webbrowser.open "
        "asyncio.create_subprocess_exec asyncio.create_subprocess_shell pexpect.spawn pexpect.run",
        always=True,
    ),
    **_table(
        SIGNALS,
        "os.kill os.killpg os.setpriority os.sched_setaffinity os.sched_setscheduler os.sched_setparam "
        "resource.prlimit signal.pidfd_send_signal psutil.Process().kill psutil.Process().terminate "
        "psutil.Process().suspend psutil.Process().resume psutil.Process().send_signal",
        always=True,
    ),
    **_table(
        LIBRARY,
        "ctypes.CDLL ctypes.PyDLL ctypes.WinDLL ctypes.OleDLL ctypes.cdll.LoadLibrary ctypes.windll.LoadLibrary "
        "ctypes.pydll.LoadLibrary ctypes.oledll.LoadLibrary cffi.FFI().dlopen numpy.ctypeslib.load_library",
        always=True,
    ),
    **_table(
        LISTENS,
        "socket.create_server socket.socket().bind socket.socket().listen socketserver.TCPServer "
        "socketserver.UDPServer socketserver.ThreadingTCPServer socketserver.ThreadingUDPServer "
        "socketserver.ForkingTCPServer socketserver.ForkingUDPServer socketserver.UnixStreamServer "
        "socketserver.UnixDatagramServer socketserver.ThreadingUnixStreamServer "
        "socketserver.ThreadingUnixDatagramServer http.server.HTTPServer http.server.ThreadingHTTPServer "
        "wsgiref.simple_server.make_server wsgiref.simple_server.WSGIServer xmlrpc.server.SimpleXMLRPCServer "
        "asyncio.start_server asyncio.start_unix_server multiprocessing.Manager multiprocessing.get_context().Manager "
        "multiprocessing.managers.BaseManager multiprocessing.managers.SyncManager "
        "multiprocessing.managers.SharedMemoryManager multiprocessing.connection.Listener "
        "multiprocessing.connection.Client aiohttp.web.run_app uvicorn.run flask.Flask().run dash.Dash().run "
        "dash.Dash().run_server gradio.Interface().launch gradio.Blocks().launch",
        always=True,
    ),
}
CALLS: Mapping[str, Deed] = {**_FILES, **_OPENED, **_DATABASES, **_OTHERS}

# Methods of paths; those of ONLY_PATHS no other common object has, so the path itself need not be known.
PATH_METHODS: Mapping[str, Deed] = {
    **_table(WRITES, "write_text write_bytes touch mkdir symlink_to chmod lchmod", SELF),
    **_table(WRITES, "hardlink_to rename replace move", SELF, 0, "target"),
    **_table(WRITES, "move_into", SELF, 0, "target_dir"),
    **_table(WRITES, "copy", 0, "target"),
    **_table(WRITES, "copy_into", 0, "target_dir"),
    **_table(DELETES, "unlink rmdir", SELF, if_unknown=True),
    **_opening("open", (0, "mode", "r"), SELF),
}
ONLY_PATHS = frozenset({"write_text", "write_bytes", "touch", "symlink_to", "hardlink_to", "unlink", "rmdir"})

# Methods that write to their first argument, whatever object they are of.
METHODS: Mapping[str, Deed] = {
    **_table(
        WRITES,
        "to_csv to_excel to_parquet to_pickle to_json to_hdf to_feather to_html to_latex to_stata to_orc to_xml "
        "to_markdown to_string to_netcdf to_zarr to_file to_dot write_csv write_parquet write_json write_ndjson "
        "write_ipc write_excel write_avro write_delta sink_csv sink_parquet sink_ipc savefig save_model "
        "save_pretrained save_weights write_image write_html tofile extractall",
        *(0, "path", "path_or_buf", "path_or_buffer", "filename", "fname", "file", "excel_writer", "buf", "target"),
        *("fp", "filepath", "save_directory"),
    ),
    **_table(WRITES, "extract", 1, "path"),
    **_table(WRITES, "save", 0, "fp", "file", "filename", "filepath", "path"),
}
