import { finished } from "node:stream/promises";
import type { Session, Shell, TerminalSize } from "@colloquy/ssm";
import type { Context } from "../context.js";
import { exitCodes } from "../exit-codes.js";
import { type Banner, tellEnd } from "./banner.js";
import { endSession } from "./end-session.js";
import { EscapeReader } from "./escape.js";
import { makeRaw } from "./raw-terminal.js";
import { listenForSignals } from "./signals.js";

const escapeHelp = [
  "~.  ends the session",
  "~~  sends one ~",
  "~?  this list",
  "Only at the beginning of a line.",
] as const;

/** Joins the process's streams with the machine's terminal, to the end of the session. Answers the exit code. */
export async function attachShell(
  context: Context,
  session: Session,
  banner: Banner,
  escape: string | undefined,
): Promise<number> {
  const { stdin, stdout, stderr } = process;
  const shell = session.shell(sizeOf(stdout) ?? {});
  let endHere: (code: number) => void = () => {};
  const endedHere = new Promise<number>((resolve) => {
    endHere = resolve;
  });
  const stopListening = listenForSignals(context, {
    onPassed: (signal) => shell.signal(signal),
    onEnd: () => endHere(exitCodes.cancelled),
  });
  const resize = (): void => shell.resize(sizeOf(stdout) ?? shell.size);
  const terminal = stdin.isTTY ? makeRaw(stdin) : undefined;
  banner.isRaw = terminal !== undefined;
  stdout.on("resize", resize);
  // Whoever read the output is gone.
  stdout.once("error", () => endHere(exitCodes.failed));
  shell.on("error", () => {});
  shell.stderr.on("error", () => {}).pipe(stderr, { end: false });
  shell.pipe(stdout, { end: false });
  if (terminal) typeInto(shell, escape, banner, () => endHere(exitCodes.cancelled));
  else stdin.pipe(shell);
  try {
    const code = await Promise.race([endOf(session, shell, banner), endedHere]);
    return code;
  } finally {
    terminal?.restore();
    banner.isRaw = false;
    stopListening();
    stdout.off("resize", resize);
    stdin.unpipe(shell);
    stdin.removeAllListeners("data");
    stdin.pause();
    // A pipe that nobody ends would hold the process.
    if (!stdin.isTTY) stdin.destroy();
    if (session.status !== "terminated" && session.status !== "failed") {
      banner.say(`Session ${session.id} is ended from here.`);
      await endSession(session, banner);
    }
  }
}

async function endOf(session: Session, shell: Shell, banner: Banner): Promise<number> {
  // A failure is the session's own, and told by its end.
  await finished(shell, { writable: false }).catch(() => {});
  const code = tellEnd(await session.ended, banner);
  return (await shell.exitCode) ?? code;
}

function typeInto(shell: Shell, escape: string | undefined, banner: Banner, onEnd: () => void): void {
  const { stdin } = process;
  const reader = escape === undefined ? undefined : new EscapeReader(escape);
  stdin.on("data", (chunk: Buffer) => {
    const { bytes, wants } = reader?.read(chunk) ?? { bytes: chunk, wants: "nothing" };
    if (wants === "help") banner.say(["", ...escapeHelp].join("\n"));
    if (wants === "end") return onEnd();
    if (bytes.length === 0 || shell.write(bytes)) return;
    // Not for the escape sequence: that must be heard also when nothing is taken any more.
    if (!reader) {
      stdin.pause();
      shell.once("drain", () => stdin.resume());
    }
  });
}

function sizeOf({ columns, rows }: { readonly columns?: number; readonly rows?: number }): TerminalSize | undefined {
  return columns && rows ? { columns, rows } : undefined;
}
