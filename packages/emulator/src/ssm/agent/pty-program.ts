/**
 * A pseudo-terminal around a command, in Python's standard library: bytes through stdin and stdout, "COLS ROWS" lines
 * through file descriptor 3. It ends the command when its own stdin closes, so a crashed emulator leaves no shell behind.
 */
export const ptyProgram = `
import fcntl, os, pty, select, signal, struct, sys, termios
pid, master = pty.fork()
if pid == 0:
    try:
        os.execvp(sys.argv[1], sys.argv[1:])
    except OSError as error:
        os.write(2, str(error).encode())
    os._exit(127)
def stop(*_):
    for number in (signal.SIGHUP, signal.SIGKILL):
        try:
            os.killpg(pid, number)
        except OSError:
            pass
    os._exit(129)
signal.signal(signal.SIGTERM, stop)
os.set_blocking(master, False)
pending, control, sources, status = b"", b"", [0, 3, master], None
def emit():
    try:
        chunk = os.read(master, 65536)
    except BlockingIOError:
        return False
    except OSError:
        chunk = b""
    if not chunk:
        if master in sources:
            sources.remove(master)
        return False
    while chunk:
        chunk = chunk[os.write(1, chunk):]
    return True
while status is None:
    wanted = [source for source in sources if source != 0 or len(pending) < 65536]
    readable, writable, _ = select.select(wanted, [master] if pending else [], [], 0.05)
    if master in readable:
        emit()
    if 3 in readable:
        piece = os.read(3, 4096)
        if not piece:
            sources.remove(3)
        control += piece
        *lines, control = control.split(b"\\n")
        for line in lines:
            cols, rows = (int(word) for word in line.split())
            fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))
    if 0 in readable:
        piece = os.read(0, 65536)
        if not piece:
            stop()
        pending += piece
    if pending and (master in writable or not writable):
        try:
            pending = pending[os.write(master, pending):]
        except BlockingIOError:
            pass
        except OSError:
            pending = b""
    if not readable or master not in sources:
        done, code = os.waitpid(pid, os.WNOHANG)
        if done:
            status = code
while emit():
    pass
os._exit(os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))
`;
