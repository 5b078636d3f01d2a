"""What a notebook reaches outside its folder is listed from a table of calls; what stays inside is not."""

from __future__ import annotations

import os
import pathlib
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlee_jupyter.convert.analyse.reach_calls import (
    CALLS,
    COMMAND,
    DATABASE,
    DELETES,
    LIBRARY,
    LISTENS,
    MAY_WRITE,
    METHODS,
    MOVES,
    NETWORK,
    ONLY_PATHS,
    PATH_METHODS,
    SELF,
    SIGNALS,
    WHOLE_PATH,
    WRITES,
)  # fmt: skip
from mlee_jupyter.convert.analyse.reaches import reaches
from mlee_jupyter.convert.plan.planning import plan_notebook
from mlee_jupyter.convert.read.file_facts import read_facts
from mlee_jupyter.convert.write.conversion_report import plan_text

from .makers import write_notebook

OUT = "/srv/other"
LISTED = {  # a call that reaches outside, what it is told as, and its harmless twin
    "truncate": ("os.truncate('/srv/a', 0)", WRITES, "os.truncate('a', 0)"),
    "open for writing": ("os.open('/srv/a', os.O_WRONLY | os.O_CREAT)", WRITES, "os.open('/srv/a', os.O_RDONLY)"),
    "open, who knows how": ("os.open('/srv/a', n)", MAY_WRITE, "os.open('a', n)"),
    "open with a mode": ("open('/srv/a', 'r+')", WRITES, "open('/srv/a', 'rb')"),
    "open with a mode that is not known": ("open('/srv/a', n)", MAY_WRITE, "open('a', n)"),
    "open by name": ("open(mode='x', file='../a')", WRITES, "open(mode='x', file='a/../b')"),
    "an archive": ("tarfile.open('/srv/a', 'w:xz')", WRITES, "tarfile.open('/srv/a', 'r:xz')"),
    "a zip": ("zipfile.ZipFile('/srv/a', 'w')", WRITES, "zipfile.ZipFile('/srv/a')"),
    "a shelf": ("shelve.open('/srv/a')", WRITES, "shelve.open('/srv/a', 'r')"),
    "kill": ("os.kill(n, 9)", SIGNALS, "os.kill(os.getpid(), 9)"),
    "kill, asked for": ("os.kill(1, 15)", SIGNALS, "os.kill(n, 0)"),
    "another's turn": ("os.setpriority(os.PRIO_PROCESS, n, 9)", SIGNALS, "os.setpriority(os.PRIO_PROCESS, 0, 9)"),
    "sqlite": ("sqlite3.connect('/srv/a.db')", DATABASE, "sqlite3.connect('a.db')"),
    "sqlite above": ("sqlite3.connect('../a.db')", DATABASE, "sqlite3.connect(':memory:')"),
    "sqlite by address": ("sqlite3.connect('file:/srv/a')", DATABASE, "sqlite3.connect('file:/srv/a?mode=ro')"),
    "sqlalchemy": (
        "sqlalchemy.create_engine('sqlite:////srv/a.db')", DATABASE, "sqlalchemy.create_engine('sqlite:///a.db')",
    ),
    "a C library": ("ctypes.CDLL(None).kill(1, 9)", LIBRARY, "ctypes.c_int(3)"),
    "a C library loaded": ("ctypes.cdll.LoadLibrary('libc.so.6')", LIBRARY, "ctypes.sizeof(ctypes.c_long)"),
    "chmod": ("os.chmod('/srv/a', 0o600)", WRITES, "os.chmod('a', 0o600)"),
    "chown": ("os.chown('/srv/a', 0, 0)", WRITES, "os.chown('a', 0, 0)"),
    "utime": ("os.utime('~/a')", WRITES, "os.utime('a')"),
    "symlink": ("os.symlink('a', '/srv/a')", WRITES, "os.symlink('/srv/a', 'a')"),
    "link": ("os.link('/srv/a', 'a')", WRITES, "os.link('a', 'b')"),
    "rename": ("os.rename('a', '../b')", WRITES, "os.rename('a', 'b')"),
    "remove": ("os.remove('/srv/a')", DELETES, "os.remove('a')"),
    "remove, who knows what": ("os.remove(n)", DELETES, "[1].remove(n)"),
    "copy": ("shutil.copy('a', '/srv/a')", WRITES, "shutil.copy('/srv/a', 'a')"),
    "copytree": ("shutil.copytree(dst='/srv/a', src='a')", WRITES, "shutil.copytree(dst='a', src='/srv/a')"),
    "move": ("shutil.move('/srv/a', 'a')", WRITES, "shutil.move('a', 'b')"),
    "rmtree": ("shutil.rmtree('/srv/a')", DELETES, "shutil.rmtree('a')"),
    "archive": ("shutil.make_archive('/srv/a', 'zip', '.')", WRITES, "shutil.make_archive('a', 'zip', '/srv')"),
    "unpack": ("shutil.unpack_archive('a.zip', '/srv')", WRITES, "shutil.unpack_archive('/srv/a.zip', 'a')"),
    "write_text": ("Path('/srv/a').write_text('x')", WRITES, "Path('/srv/a').read_text()"),
    "write_bytes": ("Path('..', 'a').write_bytes(b'x')", WRITES, "Path('a', 'b').write_bytes(b'x')"),
    "unlink": ("Path('/srv/a').unlink()", DELETES, "Path('a').unlink()"),
    "touch": ("(Path.home() / 'a').touch()", WRITES, "(Path.cwd() / 'a').touch()"),
    "mkdir": ("Path('/srv').joinpath('a').mkdir()", WRITES, "Path('srv').joinpath('a').mkdir()"),
    "rename a path": ("Path('/srv/a').rename('b')", WRITES, "'/srv/a'.replace('/', '_')"),
    "open a path": ("Path('/srv/a').open('w')", WRITES, "Path('/srv/a').open()"),
    "a folder's files": ("[f.unlink() for f in Path('/srv').glob('*')]", DELETES, "list(Path('/srv').glob('*'))"),
    "Path.unlink of paths": ("map(Path.unlink, [Path('/srv/a')])", DELETES, "map(Path.exists, [Path('/srv')])"),
    "remove of paths": ("list(map(os.remove, ['/srv/a']))", DELETES, "list(map(os.remove, ['a']))"),
    "a server": ("socketserver.TCPServer(('', 80), None)", LISTENS, "socketserver.BaseRequestHandler"),
    "a web server": ("http.server.HTTPServer(('', 80), None)", LISTENS, "http.HTTPStatus(200)"),
    "a socket that listens": ("socket.create_server(('', 80))", LISTENS, "socket.gethostname()"),
    "a manager": ("multiprocessing.Manager()", LISTENS, "multiprocessing.cpu_count()"),
    "a manager of its own": ("multiprocessing.managers.BaseManager()", LISTENS, "multiprocessing.Pool(2)"),
    "the network": ("urllib.request.urlopen(n)", NETWORK, "urllib.parse.quote('https://a')"),
    "a program": ("os.execv('/bin/ls', ['ls'])", COMMAND, "os.environ.get('ls')"),
    "a folder elsewhere": ("os.chdir('..')", MOVES, "os.chdir('a')"),
    "a table": ("n.to_csv('/srv/a')", WRITES, "n.to_csv('a', sep='/')"),
    "a log": ("logging.FileHandler('/srv/a')", WRITES, "logging.FileHandler('a')"),
    "nothing": ("open('/srv/a', 'w')", WRITES, "open('/dev/null', 'w')"),
}  # fmt: skip
MODULES = sorted({"http.server", "logging.handlers", "multiprocessing.managers", "urllib.request", "urllib.parse"} | {
    "os", "shutil", "sqlite3", "ctypes", "socket", "socketserver", "tarfile", "zipfile", "shelve", "multiprocessing",
    "logging", "sqlalchemy", "http",
})  # fmt: skip
IMPORTS = "\n".join(f"import {m}" for m in MODULES) + "\nfrom pathlib import Path\n"


def told(folder: Path, *cells: str) -> list[str]:
    return [one.kind for one in reaches(read_facts(write_notebook(folder, *cells)))]


@pytest.mark.parametrize(("call", "kind", "_twin"), LISTED.values(), ids=LISTED)
def test_a_call_that_reaches_outside_is_listed(call: str, kind: str, _twin: str, tmp_path: Path) -> None:
    assert told(tmp_path, IMPORTS, call)[:1] == [kind]
    assert f"cell 2: {kind}: " in plan_text(plan_notebook(write_notebook(tmp_path, IMPORTS + "n = 3", call)))


@pytest.mark.parametrize(("_call", "_kind", "twin"), LISTED.values(), ids=LISTED)
def test_its_harmless_twin_is_not(_call: str, _kind: str, twin: str, tmp_path: Path) -> None:
    assert told(tmp_path, IMPORTS, twin) == []


# ---------------------------------------------------------------------- every call of the table, in every form

PLACES = (  # how a place is written
    "'PLACE/a'", "b'PLACE/a'", "f'PLACE/{n}'", "'PLACE/' + n", "'PLACE/%s' % n", "'PLACE/{}'.format(n)",
    "os.path.join('PLACE', n)", "str(Path('PLACE'))", "Path('PLACE')", "Path('PLACE') / n",
    "Path('PLACE', n).resolve()",
    "place", "os.path.abspath('PLACE/a')", "(Path('PLACE') / 'a').with_suffix('.b')", "Path('PLACE/a').parent / n",
    "'PLACE/a' if n else 'c'", "folder / 'a'", "args[0]", "os.path.dirname('PLACE/a/b')",
)  # fmt: skip
SELVES = (*(p for p in PLACES if "Path(" in p and "str(" not in p), "folder / 'a'")
AROUND = (
    "CALL", "if n:\n    CALL", "def f():\n    CALL\nf()", "x = lambda: CALL", "x = [CALL for i in range(2)]",
    "try:\n    CALL\nexcept OSError:\n    pass", "class A:\n    def g(self):\n        return CALL", "print(CALL)",
)  # fmt: skip
CALLED = (  # how a function of a module is named
    "import MODULE\nNAME", "import MODULE as m\nm.LAST", "from MODULE import LAST\nLAST",
    "from MODULE import LAST as do\ndo", "import MODULE\ndo = NAME\ndo", "import MODULE\ngetattr(MODULE, 'LAST')",
    "import importlib\nimportlib.import_module('MODULE').LAST",
)  # fmt: skip
FUNCTIONS = sorted(n for n, deed in CALLS.items() if "." in n and "()" not in n)


def written(name: str, form: str) -> tuple[str, str]:
    """The import and the name of a function in one of its forms."""
    module, _, last = name.rpartition(".")
    above, _, function = form.replace("MODULE", module).replace("NAME", name).replace("LAST", last).rpartition("\n")
    return above, function


MADE = settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.slow
@MADE
@given(data=st.data())
def test_every_call_of_the_table_is_listed_in_every_form(data: st.DataObject, tmp_path: Path) -> None:
    name = data.draw(st.sampled_from(FUNCTIONS))
    deed = CALLS[name]
    above, function = written(name, data.draw(st.sampled_from(CALLED)))
    outside = data.draw(st.sampled_from((OUT, "~", "..", "../../b", "~me", "C:/b", "b/../../c")))
    place = data.draw(st.sampled_from(PLACES))
    position = data.draw(st.sampled_from(deed.places or (0,)))
    around = data.draw(st.sampled_from(AROUND))
    mode = (
        "" if deed.mode is None or name == "os.open" else f", {deed.mode[1]}='{'w' if deed.mode[1] == 'mode' else 'c'}'"
    )

    def kinds(where: str) -> list[str]:
        if isinstance(position, str):
            arguments = f"{position}={place}{mode}"
        else:
            arguments = ", ".join(["n"] * position + [place]) + mode
        call = f"{function}({arguments})".replace("PLACE", where)
        setting = (
            f"import os\nfrom pathlib import Path\nfolder = Path('{where}')\nplace = '{where}/a'\nargs = ['{where}']"
        )
        return told(tmp_path, f"{setting}\n{above}", around.replace("CALL", call))

    listed = kinds(outside)
    unsure = name == "os.open" or " if " in place
    assert deed.kind in listed or (unsure and MAY_WRITE in listed), listed
    assert (deed.kind in kinds("data")) == deed.always, "the no-op twin, inside the folder"


@pytest.mark.slow
@MADE
@given(data=st.data())
def test_every_method_of_a_path_is_listed_in_every_form(data: st.DataObject, tmp_path: Path) -> None:
    method, deed = data.draw(st.sampled_from(sorted(PATH_METHODS.items(), key=lambda pair: pair[0])))
    outside = data.draw(st.sampled_from((OUT, "~", "..", "../../b")))
    of_itself = SELF in deed.places and data.draw(st.booleans() if len(deed.places) > 1 else st.just(True))
    own = data.draw(st.sampled_from(SELVES))
    given_place = "'PLACE/a'" if not of_itself else {"open": "'a'"}.get(method, "'b'")
    around = data.draw(st.sampled_from(AROUND))

    def kinds(where: str) -> list[str]:
        call = (
            f"({own.replace('PLACE', where if of_itself else 'data')}).{method}({given_place.replace('PLACE', where)})"
        )
        folder = where if of_itself else "data"
        setting = f"import os\nfrom pathlib import Path\nfolder = Path('{folder}')\nn = 'x'"
        return told(tmp_path, setting, around.replace("CALL", call))

    assert deed.kind in kinds(outside)
    assert kinds("data/b") == [], "the no-op twin, inside the folder"


@pytest.mark.parametrize("method", sorted(METHODS))
def test_a_method_that_writes_is_listed_whatever_its_object(method: str, tmp_path: Path) -> None:
    place = METHODS[method].places[0]
    before = "n, " * int(place)
    assert told(tmp_path, f"n.{method}({before}'{OUT}/a')") == [WRITES]
    assert told(tmp_path, f"n.{method}({before}'a')") == []
    assert told(tmp_path, f"n.{method}({before}n)") == []


# ---------------------------------------------------------------------- nothing that writes is missing

HARMLESS = {  # of these modules, what reads, computes or stays within this process
    "os": """DirEntry PathLike WCOREDUMP WEXITSTATUS WIFCONTINUED WIFEXITED WIFSIGNALED WIFSTOPPED WSTOPSIG WTERMSIG
    GenericAlias abc abort access close closerange confstr copy_file_range cpu_count ctermid device_encoding dup dup2
    error
    eventfd eventfd_read eventfd_write fchdir fchmod fchown fdatasync fdopen fork forkpty fpathconf fsdecode fsencode
    fspath fstat fstatvfs fsync ftruncate fwalk get_blocking get_exec_path get_inheritable get_terminal_size getcwd
    getcwdb getegid getenv getenvb geteuid getgid getgrouplist getgroups getloadavg getlogin getpgid getpgrp getpid
    getppid getpriority getrandom getresgid getresuid getsid getuid getxattr initgroups isatty listdir listxattr lockf
    login_tty lseek lstat major makedev memfd_create minor nice openpty pathconf pidfd_open pipe pipe2
    posix_fadvise posix_fallocate posix_openpt pread preadv process_cpu_count ptsname putenv pwrite pwritev read
    readlink readv register_at_fork scandir sched_get_priority_max sched_get_priority_min sched_getaffinity
    sched_getparam sched_getscheduler sched_param sched_rr_get_interval sched_yield sendfile set_blocking
    setpgrp set_inheritable
    setegid seteuid setgid setgroups setns setpgid setregid setresgid setresuid setreuid setsid setuid
    splice stat stat_result statvfs statvfs_result strerror sync sysconf tcgetpgrp tcsetpgrp terminal_size times
    times_result ttyname umask uname uname_result unlockpt unsetenv unshare urandom wait wait3 wait4 waitid
    waitid_result waitpid waitstatus_to_exitcode walk write writev grantpt timerfd_create timerfd_gettime
    timerfd_gettime_ns timerfd_settime timerfd_settime_ns add_dll_directory get_handle_inheritable
    set_handle_inheritable listdrives listmounts listvolumes lchdir plock posix_spawn_file_actions""",
    "shutil": """COPY_BUFSIZE Error ExecError ReadError RegistryError SameFileError SpecialFileError copyfileobj
    disk_usage get_archive_formats get_terminal_size get_unpack_formats ignore_patterns register_archive_format
    register_unpack_format unregister_archive_format unregister_unpack_format which""",
    "Path": """absolute as_posix as_uri cwd exists expanduser from_uri full_match glob group home is_absolute
    is_block_device is_char_device is_dir is_fifo is_file is_junction is_mount is_relative_to is_reserved is_socket
    is_symlink iterdir joinpath lstat match owner read_bytes read_text readlink relative_to resolve rglob samefile
    stat walk with_name with_segments with_stem with_suffix link_to""",
}


@pytest.mark.parametrize("module", [os, shutil, pathlib.Path], ids=lambda m: m.__name__)
def test_everything_of_the_modules_of_files_is_in_the_table_or_known_to_be_harmless(module: object) -> None:
    name = str(getattr(module, "__name__", ""))
    there = {n for n in dir(module) if n[0] != "_" and callable(getattr(module, n))}
    there = {n for n in there if getattr(getattr(module, n), "__module__", "") not in ("abc", "collections.abc")}
    listed = set(PATH_METHODS) if name == "Path" else {n.partition(".")[2] for n in CALLS if n.startswith(f"{name}.")}
    listed |= {"open"} if name == "os" else set()
    assert there - listed - set(HARMLESS[name].split()) == set()
    assert not listed & set(HARMLESS[name].split())
    assert set(PATH_METHODS) >= ONLY_PATHS


# ---------------------------------------------------------------------- what is followed, and what is not

FOLLOWED = {
    "a variable": "target = '/srv/a'\nos.remove(target)",
    "of another cell's name": "a = '/srv'\nb = a\nc = os.path.join(b, 'x')\nopen(c, 'w')",
    "a loop": "for p in ['/srv/a', '/srv/b']:\n    open(p, 'a')",
    "an argument": "def save(p):\n    Path(p).write_text('x')\nsave('/srv/a')",
    "a default": "def save(p='/srv/a'):\n    Path(p).write_text('x')\nsave()",
    "home": "open(os.environ['HOME'] + '/a', 'w')",
    "home asked for": "open(os.path.join(os.getenv('HOME'), 'a'), 'w')",
    "a partial": "import functools\nfunctools.partial(os.remove, '/srv/a')()",
    "a thread": "import threading\nthreading.Thread(target=os.remove, args=('/srv/a',)).start()",
    "%%writefile": "%%writefile /srv/a.py\nx = 1",
    "%save": "%save /srv/a 1-2",
    "with": "with open('/srv/a', 'w') as f:\n    f.write('x')",
    "a table of places": "places = {'out': '/srv/a', 'in': 'b'}\nopen(places['out'], 'w')",
    "a list of places": "places = ['a', '/srv/b']\nopen(places[-1], 'w')",
    "one of several": "p = 'a'\np = '/srv/a'\nopen(p, 'w')",
    "parents": "(Path('a').parent.parent / 'b').touch()",
}
NOT_FOLLOWED = {
    "unknown": "open(folder_of(n), 'w')",
    "an own function of that name": "def remove(x):\n    return x\nremove('/srv/a')",
    "a list's": "names = ['/srv/a']\nnames.remove('/srv/a')\nnames.copy()",
    "a frame's": "df.rename(columns={'/srv/a': 'b'}).replace('/srv', '')",
    "read by its whole path": "open('HERE/a')",
    "%%writefile": "%%writefile a.py\nx = '/srv/a'",
    "another of a table": "places = {'out': '/srv/a', 'in': 'b'}\nopen(places['in'], 'w')",
    "another of a list": "places = ['a', '/srv/b']\nopen(places[0], 'w')",
    "read": "open('/srv/a').read()\nPath('/srv').exists()\nos.listdir('/srv')",
    "a name that stands for itself": "p = p + '/x'\nopen(p, 'w')",
}


@pytest.mark.parametrize("code", FOLLOWED.values(), ids=FOLLOWED)
def test_what_a_text_says_is_followed(code: str, tmp_path: Path) -> None:
    assert len(told(tmp_path, "import os\nfrom pathlib import Path", code)) == 1


def test_what_may_be_one_or_the_other_is_told_so(tmp_path: Path) -> None:
    assert told(tmp_path, "p = '/srv/in'\nread(p)\np = 'a'\nopen(p, 'w')") == [MAY_WRITE]
    assert told(tmp_path, "p = '/srv/in'\nread(p)\np = '../a'\nopen(p, 'w')") == [WRITES]


def test_its_own_folder_by_its_whole_path_is_not_outside_and_held_back_all_the_same(tmp_path: Path) -> None:
    cells = (f"import os\nopen('{tmp_path}/a', 'w')", f"os.remove('{tmp_path}/a')", f"df.to_csv('{tmp_path}/b')")
    assert told(tmp_path, *cells) == [WHOLE_PATH] * 3
    assert told(tmp_path, "import shutil", f"shutil.copy('{tmp_path}/a', 'b')", f"open('{tmp_path}b', 'w')") == [WRITES]


@pytest.mark.parametrize("code", NOT_FOLLOWED.values(), ids=NOT_FOLLOWED)
def test_nothing_is_made_up(code: str, tmp_path: Path) -> None:
    assert told(tmp_path, "import os\nfrom pathlib import Path", code.replace("HERE", str(tmp_path))) == []


KNOTS = {
    "names of names": "\n".join(f"p{i} = p{(i * 7 + 1) % 50} + p{(i * 3 + 2) % 50}" for i in range(50)),
    "many values": "\n".join(f"p0 = p0 + '{i}' + p0" for i in range(300)),
    "a chain": "p0 = '/srv'\n" + "\n".join(f"p{i + 1} = p{i} / p{i}" for i in range(300)),
}


@pytest.mark.parametrize("code", KNOTS.values(), ids=KNOTS)
def test_knots_are_given_up(code: str, tmp_path: Path) -> None:
    assert len(told(tmp_path, code, "\n".join(f"open(p{i}, 'w')" for i in range(50)))) <= 50


@pytest.mark.parametrize("line", ["!ls", "files = !ls", "!!ls", "for i in range(2):\n    !ls"])
def test_a_shell_line_hides_no_other_command_of_its_cell(line: str, tmp_path: Path) -> None:
    cell = f"import os\n{line}\nos.system('chmod 777 /srv/x')"
    facts = read_facts(write_notebook(tmp_path, cell, name="it.ipynb"))
    told = [reach.text for reach in reaches(facts)]
    assert any("chmod 777" in text for text in told)
    assert sum("ls" in text for text in told) == 1, "a line is told once, as it was written"
