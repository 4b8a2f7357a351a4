"""Runs a command on a terminal of its own and plays the person at it: argv[1] is JSON, the answer is JSON on stdout."""
import fcntl, json, os, pty, re, select, signal, struct, subprocess, sys, termios, time

plan = json.loads(sys.argv[1])
master, slave = pty.openpty()


def size(columns, rows):
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def modes():
    return termios.tcgetattr(slave)[:4]


size(*plan["size"])
before = modes()
child = subprocess.Popen(
    plan["command"],
    stdin=slave,
    stdout=slave,
    stderr=slave,
    cwd=plan["cwd"],
    start_new_session=True,
    preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
)
output = b""
seen = 0
during = None
problem = None


def read(wait_s):
    global output
    ready, _, _ = select.select([master], [], [], wait_s)
    if ready:
        output += os.read(master, 65536)
    return bool(ready)


def wait_for(pattern):
    """Looks only at what came since the last match."""
    global seen
    until = time.monotonic() + plan["limitS"]
    while time.monotonic() < until:
        found = re.search(pattern.encode(), output[seen:])
        if found:
            seen += found.end()
            return
        if not read(0.05) and child.poll() is not None:
            raise TimeoutError(f"it ended before {pattern}")
    raise TimeoutError(f"nothing like {pattern} came")


try:
    for step in plan["steps"]:
        if "waitFor" in step:
            wait_for(step["waitFor"])
        while "untilFile" in step and not os.path.exists(step["untilFile"]):
            time.sleep(0.02)
        if "type" in step:
            during = modes()
            os.write(master, step["type"].encode())
        if "size" in step:
            size(*step["size"])
        if "signal" in step:
            during = modes()
            child.send_signal(getattr(signal, step["signal"]))
    until = time.monotonic() + plan["limitS"]
    while child.poll() is None and time.monotonic() < until:
        read(0.05)
    if child.poll() is None:
        problem = "it did not end"
except TimeoutError as error:
    problem = str(error)
if child.poll() is None:
    child.kill()
    child.wait()
while read(0):
    pass
print(
    json.dumps(
        {
            "output": output.decode(errors="replace"),
            "status": child.returncode,
            "isRestored": modes() == before,
            "wasChanged": during is not None and during != before,
            "problem": problem,
        }
    )
)
