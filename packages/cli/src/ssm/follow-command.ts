import { finished } from "node:stream/promises";
import { StringDecoder } from "node:string_decoder";
import { ColloquyError } from "@colloquy/core/contract";
import type { Session } from "@colloquy/ssm";
import type { Context } from "../context.js";
import { type Banner, tellEnd } from "./banner.js";
import { endSession } from "./end-session.js";
import { listenForSignals } from "./signals.js";

export interface Followed {
  /** Undefined when the agent tells none. */
  readonly code: number | undefined;
  /** Only where output is not printed as it comes. */
  readonly stdout: string;
  readonly stderr: string;
}

type StreamName = "stdout" | "stderr";

/** Brings the output of a command as it comes, and answers with its status. Signals go to the command. */
export async function followCommand(
  context: Context,
  session: Session,
  banner: Banner,
  timeoutMs?: number,
): Promise<Followed> {
  const { output } = context;
  const shell = session.shell({ sendsEndOfInput: false });
  const collected: Record<StreamName, Buffer[]> = { stdout: [], stderr: [] };
  const decoders = { stdout: new StringDecoder("utf8"), stderr: new StringDecoder("utf8") };
  let stopHere: (error: Error) => void = () => {};
  const stopped = new Promise<never>((_resolve, reject) => {
    stopHere = reject;
  });
  const stopListening = listenForSignals(context, {
    onPassed: (signal) => shell.signal(signal),
    onEnd: () => stopHere(new DOMException("Cancelled.", "AbortError")),
  });
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => stopHere(outOfTime(timeoutMs)), timeoutMs);
  const streams = { stdout: shell, stderr: shell.stderr } as const;
  for (const name of ["stdout", "stderr"] as const) {
    const stream = streams[name].on("error", () => {});
    if (output.mode === "human") stream.pipe(process[name], { end: false });
    else
      stream.on("data", (chunk: Buffer) => {
        if (output.mode === "json") collected[name].push(chunk);
        else output.event("output", { stream: name, text: decoders[name].write(chunk) });
      });
  }
  process.stdout.once("error", () => stopHere(new Error("Nobody reads the output any more.")));
  const followed = async (): Promise<Followed> => {
    const both = [finished(shell, { writable: false }), finished(shell.stderr)];
    // A failure is the session's own, and told by its end.
    await Promise.allSettled(both);
    tellEnd(await session.ended, banner);
    const text = (name: StreamName): string => Buffer.concat(collected[name]).toString("utf8");
    return { code: await shell.exitCode, stdout: text("stdout"), stderr: text("stderr") };
  };
  try {
    return await Promise.race([followed(), stopped]);
  } catch (error) {
    await endSession(session, banner);
    throw error;
  } finally {
    clearTimeout(timer);
    stopListening();
  }
}

const outOfTime = (timeoutMs: number): ColloquyError =>
  new ColloquyError({
    code: "DEADLINE_EXCEEDED",
    message: `The command took longer than ${timeoutMs} ms.`,
    userAction: "Give it more time with --timeout. It was ended with its session.",
  });
