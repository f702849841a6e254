#!/usr/bin/env python3
# service.py - the daemon as a service: systemd's socket, READY, watchdog and STOPPING; protoc writes and reads its messages
# SPDX-License-Identifier: Apache-2.0
#
# usage: service.py UPTUN PROTO-FILE      exit 77 without protoc
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

uptun, proto = sys.argv[1:3]
if shutil.which("protoc") is None:
    print("skipped: protoc is not here")
    sys.exit(77)


def protoc(how, kind, octets):
    return subprocess.run(
        ["protoc", f"--{how}=uptun.{kind}", "-I", os.path.dirname(proto), proto],
        input=octets, stdout=subprocess.PIPE, check=True).stdout


def varint(n):
    out = b""
    while n > 127:
        out += bytes([n & 127 | 128])
        n >>= 7
    return out + bytes([n])


def read_varint(s):
    n = shift = 0
    while True:
        octet = s.recv(1)[0]
        n |= (octet & 127) << shift
        shift += 7
        if octet < 128:
            return n


def ask(path, text):
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as s:
        s.settimeout(10)
        s.connect(path)
        request = protoc("encode", "Request", text.encode())
        s.sendall(varint(len(request)) + request)
        return protoc("decode", "ToClient", s.recv(read_varint(s), socket.MSG_WAITALL)).decode()


def expect(what, holds):
    if not holds:
        sys.stderr.write(open(log).read())
        sys.exit(f"service.py: {what}")
    print(f"ok: {what}")


def hear(notices, word, seconds=10):
    """The next notice that says `word`; those before it are dropped."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        notices.settimeout(max(0.01, end - time.monotonic()))
        try:
            notice = notices.recv(4096).decode()
        except socket.timeout:
            break
        if word in notice.split("\n"):
            return notice
    return None


def begin(path, notices_path, passed):
    env = dict(os.environ, NOTIFY_SOCKET=notices_path, WATCHDOG_USEC="400000")
    command = f'exec "{uptun}" daemon --no-launcher'
    if passed is not None:
        command = "export LISTEN_FDS=1 LISTEN_PID=$$; " + command
    else:
        command += f" --socket {path}"
    return subprocess.Popen(["sh", "-c", command], env=env, pass_fds=[3] if passed is not None else [],
                            preexec_fn=(lambda: os.dup2(passed.fileno(), 3)) if passed is not None else None,
                            stderr=open(log, "w"))


def try_service(folder, is_passed):
    path, notices_path = os.path.join(folder, "sock"), os.path.join(folder, "notify")
    passed = None
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notices:
        notices.bind(notices_path)
        if is_passed:
            passed = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            passed.bind(path)
            passed.listen(5)
        daemon = begin(path, notices_path, passed)
        daemons.append(daemon)
        expect("it says that it is ready", hear(notices, "READY=1") is not None)
        reply = ask(path, 'id: 300 version { }')
        expect("protoc reads its reply", "id: 300" in reply and 'version: "' in reply)
        reply = ask(path, 'id: 1 up { profile { server: "x" l2tp { secret_file: "/etc/shadow" } } }')
        expect("an error names the field", "BAD_PROFILE" in reply and 'field: "l2tp.secret_file"' in reply)
        notice = hear(notices, "WATCHDOG=1")
        expect("it says that it is alive, and what it does", notice is not None and "STATUS=0 tunnels" in notice)
        daemon.send_signal(signal.SIGTERM)
        expect("it says that it is stopping", hear(notices, "STOPPING=1") is not None)
        expect("it ends in good order", daemon.wait(10) == 0)
        expect("its own socket is gone, a passed one not", os.path.exists(path) == is_passed)
    if passed is not None:
        passed.close()
        os.unlink(path)
    os.unlink(notices_path)


daemons = []
with tempfile.TemporaryDirectory() as directory:
    log = os.path.join(directory, "log")
    try:
        try_service(directory, False)
        try_service(directory, True)
    finally:
        for daemon in daemons:
            if daemon.poll() is None:
                daemon.kill()
