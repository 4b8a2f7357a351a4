import { once } from "node:events";
import { pipeline } from "node:stream/promises";
import { type ForwardOptions, type PortForward, portPlugin, type Session } from "@colloquy/ssm";
import type { Context } from "../context.js";
import { exitCodes } from "../exit-codes.js";
import { type Banner, tellEnd } from "./banner.js";
import { endSession } from "./end-session.js";

export interface CarryOptions {
  readonly listen: ForwardOptions;
  /** It listens now. */
  readonly onListening: (forward: PortForward) => void;
}

export interface Carried {
  readonly exitCode: number;
  readonly connections: number;
}

/** Carries connections to the session's port until it ends, or Ctrl-C. */
export async function carryPort(
  context: Context,
  session: Session,
  banner: Banner,
  options: CarryOptions,
): Promise<Carried> {
  if (session.as(portPlugin).mode === "stdio")
    return { exitCode: await carryStdio(context, session, banner), connections: 1 };
  const counts = { open: 0, total: 0 };
  const forward = await listen(context, session, banner, options, counts);
  try {
    options.onListening(forward);
    const isInterrupted = await Promise.race([session.ended.then(() => false), aborted(context.signal)]);
    if (!isInterrupted) return { exitCode: tellEnd(await session.ended, banner), connections: counts.total };
    if (counts.open > 0) banner.say(`No new connections; waiting for ${counts.open} open. Ctrl-C again ends at once.`);
    await Promise.race([forward.drain(), session.ended]);
    await endSession(session, banner);
    return { exitCode: exitCodes.done, connections: counts.total };
  } finally {
    await forward.close();
  }
}

async function listen(
  { output }: Context,
  session: Session,
  banner: Banner,
  options: CarryOptions,
  counts: { open: number; total: number },
): Promise<PortForward> {
  try {
    return await session.forwardPort({
      ...options.listen,
      onConnectionCount(open) {
        if (open > counts.open) counts.total += 1;
        counts.open = open;
        output.event("connections", { ...counts });
        banner.say(`Connections: ${open} open, ${counts.total} so far.`);
      },
      onConnectionError: (error) => banner.say(`A connection broke: ${error.message}`),
    });
  } catch (error) {
    await endSession(session, banner);
    throw error;
  }
}

/** For documents such as the one for SSH: one connection, which is the standard input and output. */
async function carryStdio({ signal }: Context, session: Session, banner: Banner): Promise<number> {
  const connection = session.connectPort();
  const { stdin, stdout } = process;
  const both = Promise.all([
    pipeline(connection, stdout, { end: false }),
    pipeline(stdin, connection, { end: false, signal }),
  ]);
  // The end of the input is the end of the session, as with the genuine plugin: there is no other way to say it.
  const isOver = await Promise.race([
    both.then(() => false),
    session.ended.then(() => true),
    once(stdin, "end").then(() => false),
  ]).catch(() => false);
  both.catch(() => {});
  stdin.destroy();
  if (isOver) return tellEnd(await session.ended, banner);
  await endSession(session, banner);
  return signal.aborted ? exitCodes.cancelled : exitCodes.done;
}

async function aborted(signal: AbortSignal): Promise<true> {
  if (!signal.aborted) await once(signal, "abort");
  return true;
}
