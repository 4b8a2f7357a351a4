import type { OutboxRow, Session } from "@colloquy/core";
import type { Context, Report } from "../context.js";
import type { Opened } from "../open-colloquy.js";
import { openProgress } from "../output/progress.js";
import { letGoOn } from "./let-go.js";
import { sendsPerSecond } from "./pace.js";
import { exitCodeOfCounts, tellCounts } from "./send-many.js";
import { countFates, createTally, type Fate } from "./tally.js";

/** Goes on with what an earlier process accepted and did not send. What was on the wire when it died is told as unknown. */
export async function resume(context: Context, opened: Opened, session: Session, timeoutMs?: number): Promise<Report> {
  const { output, signal } = context;
  const { store } = opened;
  const left = await unsettled(session);
  if (left.length === 0) {
    output.line("Nothing is left to send.");
    return { fields: { resumed: 0, ...countFates([]), outbox: await store.outbox.count(session.id), messages: [] } };
  }
  output.line(`${left.length} messages were left by an earlier process.`);
  const startedAtMs = Date.now();
  const progress = await openProgress(context, left.length, () => sendsPerSecond(session));
  const tally = createTally();
  const stop = new AbortController();
  const followed = follow(session, stop.signal, (fate) => {
    output.event("message", { ...fate });
    progress.tick(tally.add(fate));
  });
  const lettingGo = letGoOn(signal, opened);
  try {
    await session.waitFor("connected", { signal, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
    await drained(session, stop.signal);
  } finally {
    await lettingGo.finished();
    stop.abort();
    await followed;
    progress.close();
  }
  // The store tells what became of them; letting go has closed it.
  if (signal.aborted) await store.open();
  const settled = await Promise.all(
    left.map(async ({ id }) => fateInStore(await store.outbox.get(session.id, id), id)),
  );
  const counts = countFates(settled);
  tellCounts(context, session, counts);
  const outbox = await store.outbox.count(session.id);
  if (signal.aborted) await store.close();
  const tookMs = Date.now() - startedAtMs;
  return {
    fields: { resumed: left.length, ...counts, tookMs, outbox, messages: settled },
    exitCode: exitCodeOfCounts(counts, signal),
  };
}

/** Ends also when the session can send no more, which `drain` alone would wait out. */
async function drained(session: Session, signal: AbortSignal): Promise<void> {
  const dead = session.waitFor(["unlinked", "suspended", "failed", "terminated", "expired"], { signal });
  const isOver = dead.then(
    () => undefined,
    () => new Promise<never>(() => {}),
  );
  await Promise.race([session.drain(), isOver]);
}

async function unsettled(session: Session): Promise<readonly OutboxRow[]> {
  const found: OutboxRow[] = [];
  for (;;) {
    const afterSeq = found.at(-1)?.seq ?? 0;
    const rows = await session.outbox({ states: ["queued", "sending"], afterSeq });
    if (rows.length === 0) return found;
    found.push(...rows);
  }
}

async function follow(session: Session, signal: AbortSignal, tell: (fate: Fate) => void): Promise<void> {
  for await (const event of session.events({ types: ["send"], signal }))
    if (event.type === "send") tell({ id: event.messageId, state: event.state });
}

export function fateInStore(row: OutboxRow | undefined, id: string): Fate {
  if (row === undefined) return { id, state: "unknown", error: "SESSION_NOT_FOUND" };
  const state = row.state === "sending" ? "unknown" : row.state;
  const { receipt, error } = row;
  return {
    id,
    state,
    ...(receipt ? { providerMessageId: receipt.providerMessageId } : {}),
    ...(error && state !== "sent" ? { error: error.code } : {}),
  };
}
