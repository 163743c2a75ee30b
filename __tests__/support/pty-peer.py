"""The far end of a serial port: argv[1] becomes a link to a pty, stdin goes into it, what it gets goes to stdout."""

import os
import pty
import select
import sys
import tty

master, slave = pty.openpty()
tty.setraw(slave)
link = sys.argv[1]
if os.path.lexists(link):
    os.unlink(link)
os.symlink(os.ttyname(slave), link)
sys.stderr.write("ready\n")
sys.stderr.flush()

while True:
    readable, _, _ = select.select([0, master], [], [])
    if 0 in readable:
        data = os.read(0, 65536)
        if not data:
            break
        while data:
            data = data[os.write(master, data) :]
    if master in readable:
        os.write(1, os.read(master, 65536))
