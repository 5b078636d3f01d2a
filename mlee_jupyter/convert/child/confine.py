"""What a process of the proof may touch: its own folder, and nothing else. Linux only; elsewhere it says so.

Namespaces show a read-only file system with a private /tmp, no other process and no network but their own loopback;
Landlock forbids writing to devices, pipes and, where there are no namespaces, every file outside; a filter of system
calls refuses sockets that have a place in the file system, and keyrings. All hold for what the process starts and
cannot be undone by it. This runs before anything else in the child, so it imports the standard library alone.
"""

from __future__ import annotations

import ctypes
import functools
import os
import platform
import signal
import socket
import stat
import struct
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

WHOLE, FILES, NONE = "whole", "files", "none"  # everything; writing to files only; nothing can be held back
_NEWNS, _NEWUSER, _NEWNET, _NEWIPC, _NEWPID = 0x20000, 0x10000000, 0x40000000, 0x08000000, 0x20000000
_BIND, _REC, _PRIVATE, _NOSUID, _NODEV = 4096, 16384, 1 << 18, 2, 4
_MOUNT_SETATTR, _CREATE_RULESET, _ADD_RULE, _RESTRICT = 442, 444, 445, 446
_RECURSIVE, _READ_ONLY = 0x8000, 1
_NO_NEW_PRIVILEGES, _SUBREAPER, _DROP_FROM_BOUND = 38, 36, 24
_KEPT_CAPABILITIES = {0, 1, 2, 3, 4, 6, 7, 8}  # of root: owners, modes and users of files; no devices, clocks, modules
_WRITE_FILE, _TRUNCATE = 1 << 1, 1 << 14
_FILE_RIGHTS = _WRITE_FILE | _TRUNCATE
_RIGHTS = {1: sum(1 << bit for bit in (1, *range(4, 13))), 2: 1 << 13, 3: _TRUNCATE}  # by version of Landlock
_NET_RIGHTS = 0b11  # binding and connecting by TCP
_DEVICES = ("null", "zero", "full", "random", "urandom", "tty", "ptmx", "pts", "fd", "nvidia*", "dri/*", "kfd")
# Machine: what the kernel calls it, socket(), and calls that reach what no namespace holds: keyrings, io_uring.
_CALLS = {
    "x86_64": (0xC000003E, 41, (248, 249, 250, 425)),
    "aarch64": (0xC00000B7, 198, (217, 218, 219, 425)),
}


class NotConfined(OSError):
    """The system did not let the process be confined."""


@functools.cache
def level() -> str:
    """How far this system can confine a process: WHOLE, FILES or NONE; tried once, in a process of its own."""
    if not sys.platform.startswith("linux"):
        return NONE
    code = (
        "import sys, tempfile; sys.path.insert(0, sys.argv[1]); import confine\n"
        "with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as outside:\n"
        "    print(confine.tried(folder, outside), flush=True)"
    )
    command = [sys.executable, "-P", "-c", code, str(Path(__file__).resolve().parent)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.SubprocessError):
        return NONE
    said = done.stdout.strip()
    return said if said in (WHOLE, FILES) else NONE


def tried(folder: str, outside: str) -> str:
    """Confine a child of this process to a folder, and let it try to write outside; the level that it reached."""
    for wanted in (WHOLE, FILES):
        child = os.fork()
        if child == 0:
            try:
                enter(Path(folder), wanted)
                Path(folder, "probe").write_text("x")
                try:
                    Path(outside, "probe").write_text("x")
                except OSError:
                    os._exit(0)
            except BaseException:
                os._exit(1)
            os._exit(1)
        if os.waitpid(child, 0)[1] == 0:
            return wanted
    return NONE


def enter(root: Path, wanted: str, *, network: bool = False) -> None:
    """Confine this process, and all that it will start, to writing below `root`.

    Args:
        root: the only folder that may be written to.
        wanted: WHOLE or FILES.
        network: leave the network, and the sockets of services, within reach.

    Raises:
        NotConfined: the system does not let it.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    _check(libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0), "no new privileges")
    writable = [root]
    if wanted == WHOLE:
        _namespaces(libc, network)
        writable += _read_only_but(libc, root, network)
    _landlock(libc, writable, network or wanted == WHOLE)
    if wanted == WHOLE:
        _drop_capabilities(libc)
        _refuse_calls(libc, network)


def _check(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise NotConfined(number, f"{what}: {os.strerror(number)}")
    return result


def _namespaces(libc: ctypes.CDLL, network: bool) -> None:
    wanted = _NEWNS | _NEWIPC | _NEWPID | (0 if network else _NEWNET)
    user, group = os.getuid(), os.getgid()
    if libc.unshare(wanted) < 0:
        _check(libc.unshare(wanted | _NEWUSER), "namespaces")
        for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
            Path("/proc/self", name).write_text(text)
    if not network:
        _loopback_up()
    child = os.fork()  # the first process that sees no other: when it ends, all that it started ends
    if child:
        os._exit(_code_of(child))
    _check(libc.mount(b"proc", b"/proc", b"proc", ctypes.c_ulong(_NOSUID | _NODEV), None), "its own /proc")


def _code_of(child: int) -> int:
    """The exit code of a child that is waited for; 128 and more for a signal."""
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return code if code >= 0 else 128 - code


def _loopback_up() -> None:
    import fcntl

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        fcntl.ioctl(one, 0x8914, struct.pack("16sH14s", b"lo", 1, b""))  # SIOCSIFFLAGS, IFF_UP


def _mount(libc: ctypes.CDLL, source: str, target: Path, kind: str | None, flags: int) -> None:
    done = libc.mount(source.encode(), bytes(target), kind.encode() if kind else None, ctypes.c_ulong(flags), None)
    _check(done, f"mount {target}")


def _set_read_only(libc: ctypes.CDLL, target: Path, flags: int, *, on: bool) -> None:
    attributes = struct.pack("QQQQ", _READ_ONLY if on else 0, 0 if on else _READ_ONLY, 0, 0)
    done = libc.syscall(_MOUNT_SETATTR, -100, bytes(target), flags, attributes, len(attributes))
    _check(done, f"read-only {target}")


def _read_only_but(libc: ctypes.CDLL, root: Path, network: bool) -> list[Path]:
    """Mount everything read-only but `root`, a private /tmp and a private shared memory; what may be written beside."""
    _mount(libc, "none", Path("/"), None, _REC | _PRIVATE)
    private, tmp, memory = root / "tmp", Path("/tmp"), Path("/dev/shm")
    private.mkdir(exist_ok=True)
    open_to_us = [root]
    if tmp.is_dir() and not tmp.is_symlink():
        _show_in(libc, tmp, private)
        _mount(libc, str(private), tmp, None, _BIND | _REC)
        open_to_us.append(tmp)
    if memory.is_dir():
        _mount(libc, "tmpfs", memory, "tmpfs", _NOSUID | _NODEV)
        open_to_us.append(memory)
    run = Path("/run")  # the sockets of services: Docker's, a database's, the session bus
    if not network and run.is_dir() and not any(Path(p).is_relative_to(run) for p in (sys.prefix, sys.executable)):
        _mount(libc, "tmpfs", run, "tmpfs", _NOSUID | _NODEV)
    _mount(libc, str(root), root, None, _BIND | _REC)
    _set_read_only(libc, Path("/"), _RECURSIVE, on=True)
    for one in open_to_us:
        _set_read_only(libc, one, 0, on=False)
    return open_to_us[1:]


def _show_in(libc: ctypes.CDLL, tmp: Path, private: Path) -> None:
    """What this process needs of /tmp is shown in the private one: an environment or a library may lie there."""
    names = {str(p)[len("/tmp/") :].partition("/")[0] for p in _needed(private) if p.is_relative_to(tmp) and p != tmp}
    for name in sorted(names):
        source, target = tmp / name, private / name
        if source.is_dir():
            target.mkdir(exist_ok=True)
            _mount(libc, str(source), target, None, _BIND | _REC)


def _needed(private: Path) -> Iterator[Path]:
    """Where this process reads its code from, ours too, and where its own folder lies."""
    yield private
    yield Path(__file__).resolve()
    yield from (Path(p) for p in (sys.prefix, sys.base_prefix, sys.executable, *sys.path) if p)


def _landlock(libc: ctypes.CDLL, writable: Sequence[Path], network: bool) -> None:
    version = _check(libc.syscall(_CREATE_RULESET, None, 0, 1), "Landlock")
    rights = sum(more for since, more in _RIGHTS.items() if version >= since)
    net = 0 if network or version < 4 else _NET_RIGHTS
    scoped = 0b11 if version >= 6 else 0  # signals and abstract sockets stay inside
    attributes = struct.pack("QQQ", rights, net, scoped)[: 8 if version < 4 else 16 if version < 6 else 24]
    rules = _check(libc.syscall(_CREATE_RULESET, attributes, len(attributes), 0), "Landlock's rules")
    devices = [p for pattern in _DEVICES for p in Path("/dev").glob(pattern)]
    for path in (*writable, *devices):
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
        allowed = rights if stat.S_ISDIR(os.fstat(opened).st_mode) else rights & _FILE_RIGHTS
        rule = struct.pack("=Qi", allowed, opened)
        _check(libc.syscall(_ADD_RULE, rules, 1, rule, 0), f"Landlock's rule for {path}")
        os.close(opened)
    _check(libc.syscall(_RESTRICT, rules, 0), "Landlock")
    os.close(rules)


def _refuse_calls(libc: ctypes.CDLL, network: bool) -> None:
    """Refuse sockets that are reached by a path, which no namespace hides, and calls that leave something behind."""
    if platform.machine() not in _CALLS:
        raise NotConfined(0, f"the system calls of {platform.machine()} are not known")
    machine, make_socket, others = _CALLS[platform.machine()]
    refuse, allow, load, equal, above = 0x00050001, 0x7FFF0000, 0x20, 0x15, 0x35
    steps: list[tuple[int, int, int, int]] = [(load, 0, 0, 4), (equal, 1, 0, machine), (0x06, 0, 0, refuse)]
    steps += [(load, 0, 0, 0), (above, 0, 1, 0x40000000), (0x06, 0, 0, refuse)]  # numbers of another kind of process
    for call in others:
        steps += [(equal, 0, 1, call), (0x06, 0, 0, refuse)]
    if not network:
        steps += [(equal, 0, 3, make_socket), (load, 0, 0, 16), (equal, 0, 1, socket.AF_UNIX), (0x06, 0, 0, refuse)]
    steps.append((0x06, 0, 0, allow))
    program = b"".join(struct.pack("=HBBI", *step) for step in steps)
    held = ctypes.create_string_buffer(program)
    filtered = struct.pack("HxxxxxxP", len(steps), ctypes.addressof(held))
    _check(libc.prctl(22, 2, filtered, 0, 0), "a filter of system calls")


def _drop_capabilities(libc: ctypes.CDLL) -> None:
    """Root inside is a root that can read and write its own files, and nothing more."""
    kept = sum(1 << bit for bit in _KEPT_CAPABILITIES)
    for bit in range(64):
        if bit not in _KEPT_CAPABILITIES and libc.prctl(_DROP_FROM_BOUND, bit, 0, 0, 0) < 0:
            break
    header = struct.pack("=Ii", 0x20080522, 0)
    held = ctypes.create_string_buffer(24)
    if libc.capget(header, held) < 0:
        return
    low = [value & kept & 0xFFFFFFFF for value in struct.unpack("=IIIIII", held.raw)[:3]]
    libc.capset(header, struct.pack("=IIIIII", *low, 0, 0, 0))


def reaped(work: object) -> int:
    """Run `work()` in a child; when it ends, or SIGTERM comes, end everything that it left running.

    Returns:
        The child's exit code; 128 and more for a signal.
    """
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    child = os.fork()
    if child == 0:
        work()  # type: ignore[operator]
        os._exit(0)

    def ended(*_: object) -> None:
        os.kill(child, signal.SIGKILL)

    signal.signal(signal.SIGTERM, ended)
    code = _code_of(child)
    _end_children()
    return code


def _end_children() -> None:
    """Kill what was left to us; its own children are ours then."""
    own = Path("/proc/self/task")
    while own.is_dir():
        children = [pid for task in own.iterdir() for pid in (task / "children").read_text().split()]
        if not children:
            return
        for pid in children:
            os.kill(int(pid), signal.SIGKILL)
            os.waitpid(int(pid), 0)
