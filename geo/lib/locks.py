"""What a process can do to itself so that hostile input gets nothing from it (Linux).

Each lock holds even where another cannot be closed, such as in a container without
namespaces: network and files are shut twice, by namespace or ``chroot`` and by a filter of
system calls. If the network cannot be shut at all, the process refuses to work.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import resource
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

CLONE_NEWUSER, CLONE_NEWNET, CLONE_NEWIPC = 0x10000000, 0x40000000, 0x08000000
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38
SIGKILL = 9
NOBODY = 65534
CAPABILITIES_V3 = 0x20080522

# Numbers of system calls, by machine. What is missing on one machine is None.
ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
CALLS_NEVER = {
    "socket": (41, 198),
    "socketpair": (53, 199),
    "connect": (42, 203),
    "bind": (49, 200),
    "listen": (50, 201),
    "sendto": (44, 206),
    "sendmsg": (46, 211),
    "sendmmsg": (307, 269),
    "execve": (59, 221),
    "execveat": (322, 281),
    "fork": (57, None),
    "vfork": (58, None),
    "clone": (56, 220),
    "clone3": (435, 435),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kill": (62, 129),
    "tkill": (200, 130),
    "tgkill": (234, 131),
    "rt_sigqueueinfo": (129, 138),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    "prlimit64": (302, 261),
    "setrlimit": (160, 164),
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "open_by_handle_at": (304, 265),
    "name_to_handle_at": (303, 264),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "kexec_load": (246, 104),
    "setuid": (105, 146),
    "setgid": (106, 144),
    "setresuid": (117, 147),
    "setresgid": (119, 149),
    "shmget": (29, 194),
    "msgget": (68, 186),
}
CALLS_ON_FILES = {
    "open": (2, None),
    "openat": (257, 56),
    "openat2": (437, 437),
    "creat": (85, None),
    "rename": (82, None),
    "renameat": (264, 38),
    "renameat2": (316, 276),
    "unlink": (87, None),
    "unlinkat": (263, 35),
    "mkdir": (83, None),
    "mkdirat": (258, 34),
    "rmdir": (84, None),
    "link": (86, None),
    "linkat": (265, 37),
    "symlink": (88, None),
    "symlinkat": (266, 36),
    "mknod": (133, None),
    "mknodat": (259, 33),
    "truncate": (76, 45),
    "chmod": (90, None),
    "fchmodat": (268, 53),
    "chown": (92, None),
    "lchown": (94, None),
    "fchownat": (260, 54),
    "readlink": (89, None),
    "readlinkat": (267, 78),
}
LOAD_WORD, JUMP_EQUAL, JUMP_AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06
ALLOW, KILL_PROCESS, FAIL_WITH = 0x7FFF0000, 0x80000000, 0x00050000
X32_CALLS = 0x40000000


class NoSandbox(RuntimeError):
    """The network cannot be shut on this machine: no file is opened."""


class _Instruction(ctypes.Structure):
    _fields_ = [
        ("code", ctypes.c_ushort),
        ("when_true", ctypes.c_ubyte),
        ("when_false", ctypes.c_ubyte),
        ("operand", ctypes.c_uint),
    ]


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.POINTER(_Instruction))]


libc = ctypes.CDLL(None, use_errno=True)


def lock_down(limits: dict[str, Any], folder: str) -> None:
    """Close everything; there is no way back.

    Parameters
    ----------
    limits
        Fields of ``lib.sandbox.Limits``.
    folder
        The only place for files, or "" when none may be opened at all.

    Raises
    ------
    NoSandbox
        Neither a network namespace nor a filter of system calls can be had.
    """
    was_root = os.geteuid() == 0
    offline = _leave_network(was_root)
    _leave_files(folder)
    _give_up_rights(was_root)
    _limit(limits)
    filtered = _filter_calls(files=bool(folder))
    if not (offline or filtered):
        raise NoSandbox(
            "Uploaded files are not opened: this machine allows neither network namespaces nor "
            "filters of system calls (seccomp), so the reader could not be kept off the network."
        )
    if os.geteuid() == 0:
        raise NoSandbox("Uploaded files are not opened: root's rights could not be given up.")


def _leave_network(was_root: bool) -> bool:
    if was_root and libc.unshare(CLONE_NEWNET | CLONE_NEWIPC) == 0:
        return True
    user, group = os.geteuid(), os.getegid()
    if libc.unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC) != 0:
        return False
    # In its own namespace the process keeps the name it has outside; nothing else exists.
    with suppress(OSError):
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    return True


def _leave_files(folder: str) -> None:
    # Without a folder a place that is empty for everybody: nothing can be opened there.
    os.chdir(folder or "/proc/self/fdinfo")
    with suppress(OSError):
        os.chroot(".")
        os.chdir("/")


def _give_up_rights(was_root: bool) -> None:
    if was_root:
        with suppress(PermissionError):
            os.setgroups([])
            os.setresgid(NOBODY, NOBODY, NOBODY)
            os.setresuid(NOBODY, NOBODY, NOBODY)
    nothing = (ctypes.c_uint32 * 6)()
    libc.capset((ctypes.c_uint32 * 2)(CAPABILITIES_V3, 0), nothing)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    # The parent may be killed at any moment; nobody would wait for us then.
    libc.prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)


def _limit(limits: dict[str, Any]) -> None:
    cpu_s = int(time.process_time()) + int(limits["cpu_s"])
    memory, file = int(limits["memory_mb"]) << 20, int(limits["file_mb"]) << 20
    for what, soft, hard in (
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_CPU, cpu_s, cpu_s + 1),
        (resource.RLIMIT_AS, memory, memory),
        (resource.RLIMIT_FSIZE, file, file),
        (resource.RLIMIT_NOFILE, 64, 64),
        (resource.RLIMIT_NPROC, 0, 0),
        (resource.RLIMIT_MEMLOCK, 0, 0),
    ):
        resource.setrlimit(what, (soft, hard))


def _filter_calls(*, files: bool) -> bool:
    """Let the kernel refuse what a reader never needs; whether it took the filter."""
    known = ARCHITECTURES.get(platform.machine())
    if known is None:
        return False
    audit, column = known
    denied = CALLS_NEVER if files else CALLS_NEVER | CALLS_ON_FILES
    numbers = [n for row in denied.values() if (n := row[column]) is not None]
    program = _program(audit, numbers)
    instructions = (_Instruction * len(program))(*(_Instruction(*each) for each in program))
    wanted = _Program(len(program), instructions)
    return libc.prctl(PR_SET_SECCOMP, 2, ctypes.byref(wanted), 0, 0) == 0


def _program(audit: int, numbers: list[int]) -> list[tuple[int, int, int, int]]:
    """Berkeley packet filter over ``struct seccomp_data``: number at 0, machine at 4."""
    refuse = FAIL_WITH | errno.EACCES
    program = [
        (LOAD_WORD, 0, 0, 4),
        (JUMP_EQUAL, 1, 0, audit),
        (RETURN, 0, 0, KILL_PROCESS),
        (LOAD_WORD, 0, 0, 0),
        (JUMP_AT_LEAST, 0, 1, X32_CALLS),
        (RETURN, 0, 0, refuse),
    ]
    for number in numbers:
        program += [(JUMP_EQUAL, 0, 1, number), (RETURN, 0, 0, refuse)]
    return [*program, (RETURN, 0, 0, ALLOW)]
