import { type BucketView, isColloquyError, type Session } from "@colloquy/core";
import type { Context, Report } from "../context.js";
import { sessionJson, stateInWords } from "../describe-session.js";
import { inWords } from "../durations.js";
import { type ExitCode, exitCodeOf, exitCodes } from "../exit-codes.js";
import { findSession } from "../find-session.js";
import { type Opened, withColloquy } from "../open-colloquy.js";
import type { Fields } from "../output/output.js";
import { fieldList } from "../output/table.js";
import { adapterOf } from "../providers/registry.js";
import { outboxInWords } from "./show.js";

interface Asked {
  readonly word?: string;
  readonly isConnected?: boolean;
  readonly tookMs: number;
  readonly error?: { readonly code: string; readonly userAction?: string };
  readonly exitCode: ExitCode;
}

/** `colloquy status`. Asks each provider once and takes nothing over, so it is safe beside a running application. */
export function statusCommand(context: Context, reference: string | undefined): Promise<Report> {
  return withColloquy(context, async (opened) => {
    const sessions: Session[] = [];
    if (reference === undefined) for await (const session of opened.colloquy.sessions.list()) sessions.push(session);
    else sessions.push(await findSession(opened.colloquy, reference));
    if (sessions.length === 0) context.output.line("There are no sessions. Make one: colloquy pair wasender");
    const told: Fields[] = [];
    let exitCode: ExitCode = exitCodes.done;
    for (const session of sessions) {
      const asked = await askProvider(context, session);
      told.push(await tell(context, opened, session, asked));
      if (exitCode === exitCodes.done) exitCode = asked.exitCode;
    }
    return { fields: { sessions: told }, exitCode };
  });
}

async function askProvider({ signal }: Context, session: Session): Promise<Asked> {
  const startedAtMs = Date.now();
  try {
    const adapter = await adapterOf(session.providerId);
    const { word, isConnected } = await adapter.askState(session, signal);
    return { word, isConnected, tookMs: Date.now() - startedAtMs, exitCode: exitCodes.done };
  } catch (error) {
    if (!isColloquyError(error)) throw error;
    const { code, userAction } = error;
    return {
      tookMs: Date.now() - startedAtMs,
      error: { code, ...(userAction === undefined ? {} : { userAction }) },
      exitCode: exitCodeOf(error),
    };
  }
}

async function tell({ output }: Context, { store }: Opened, session: Session, asked: Asked): Promise<Fields> {
  const { word, isConnected, tookMs, error } = asked;
  const { snapshot } = session;
  const nowMs = Date.now();
  const outbox = await store.outbox.count(session.id);
  const limits = session.rateLimits();
  const answer = error
    ? `no answer (${error.code}): ${error.userAction ?? ""}`
    : `"${word}", asked just now, in ${inWords(tookMs)}`;
  const proof = isConnected
    ? "now"
    : snapshot.provenAtMs === undefined
      ? "never"
      : `${inWords(nowMs - snapshot.provenAtMs)} ago`;
  output.line(session.name ?? session.id);
  output.line(
    fieldList([
      ["id", session.id],
      ["here", stateInWords(session, nowMs)],
      ["provider", answer],
      ["proven", proof],
      ["account", output.address(snapshot.identity?.id)],
      ["health", [snapshot.health.status, ...snapshot.health.signals].join(", ")],
      ["limits", limits.length === 0 ? undefined : limits.map((limit) => limitInWords(limit, nowMs)).join("; ")],
      ["outbox", outboxInWords(outbox)],
    ]),
  );
  const provider = error ? { error } : { word, isConnected };
  return { ...sessionJson(session, output), provider: { ...provider, tookMs }, limits, outbox };
}

function limitInWords({ bucket, limit, windowMs, remaining, freeAtMs }: BucketView, nowMs: number): string {
  const rule = limit === undefined || windowMs === undefined ? "unknown" : `${limit} per ${inWords(windowMs)}`;
  const left = remaining === undefined ? "" : `, ${remaining} left`;
  return `${bucket} ${rule}${left}, ${freeAtMs === undefined || freeAtMs <= nowMs ? "free" : `free in ${inWords(freeAtMs - nowMs)}`}`;
}
