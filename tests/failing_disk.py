"""A disk that fails as broken ones do: while it is told to, what a program asks of some files comes back as EIO."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

SOURCE = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

/* Whether a file descriptor is one of FAILING_FILE's while the file FAILING_WHILE exists. */
static int fails(int fd) {
    const char *name = getenv("FAILING_FILE"), *flag = getenv("FAILING_WHILE");
    char link[64], path[4096];
    if (!name || !flag || access(flag, F_OK)) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return strstr(path, name) != NULL;
}

#define FAILING(type, name, args, given) \
    type name args { \
        static type (*real) args; \
        if (!real) real = (type (*) args) dlsym(RTLD_NEXT, #name); \
        if (fails(fd)) { errno = EIO; return -1; } \
        return real given; \
    }

FAILING(ssize_t, read, (int fd, void *to, size_t size), (fd, to, size))
FAILING(ssize_t, write, (int fd, const void *from, size_t size), (fd, from, size))
FAILING(ssize_t, pread, (int fd, void *to, size_t size, off_t at), (fd, to, size, at))
FAILING(ssize_t, pread64, (int fd, void *to, size_t size, off64_t at), (fd, to, size, at))
FAILING(ssize_t, pwrite, (int fd, const void *from, size_t size, off_t at), (fd, from, size, at))
FAILING(ssize_t, pwrite64, (int fd, const void *from, size_t size, off64_t at), (fd, from, size, at))
FAILING(int, fsync, (int fd), (fd))
FAILING(int, fdatasync, (int fd), (fd))
FAILING(int, ftruncate, (int fd, off_t size), (fd, size))
FAILING(int, ftruncate64, (int fd, off64_t size), (fd, size))
"""


class FailingDisk:
    """
    Compiles what stands between a program and the disk; skips the test where that can't be done.

    Attributes:
        environ: what a process is to be started with.

    """

    def __init__(self, folder, file):
        compiler = shutil.which("gcc") or shutil.which("cc")
        if sys.platform != "linux" or compiler is None:
            pytest.skip("no C compiler, or not Linux")
        library, self._flag = folder / "failing_disk.so", folder / "failing"
        command = [compiler, "-shared", "-fPIC", "-O1", "-x", "c", "-", "-o", str(library), "-ldl"]
        subprocess.run(command, input=SOURCE.encode(), check=True)
        self.environ = {"LD_PRELOAD": str(library), "FAILING_FILE": file, "FAILING_WHILE": str(self._flag)}

    def break_down(self):
        self._flag.touch()

    def recover(self):
        self._flag.unlink()
