import type { AskQuestion, InboxRow, NewAskRow, NewLogEntry, OutboxRow, SessionRecord, Store } from "@colloquy/core";
import type { SessionState } from "@colloquy/core/contract";

/** A fixed instant, so that nothing here depends on the day. */
export const startAtMs = 1_700_000_000_000;

export type NewRecord = Omit<SessionRecord, "revision">;
export type NewOutboxRow = Omit<OutboxRow, "seq">;
export type NewInboxRow = Omit<InboxRow, "seq" | "handled">;

/** A record with something in every corner: nested values, an empty list, an absent field. */
export function newRecord(id: string, changes: Partial<NewRecord> = {}, state: SessionState = "created"): NewRecord {
  return {
    id,
    providerId: "example",
    remoteId: "42",
    name: "Shop",
    settings: {
      webhookUrl: "https://example.test/hook",
      flags: { retries: 3, quiet: false },
      tags: ["a", "b"],
      empty: [],
      nothing: null,
    },
    lifecycle: {
      version: 1,
      state,
      since: startAtMs,
      intent: "none",
      incarnation: 1,
      generation: 0,
      attempt: 0,
      boundedDrops: 0,
      pairingConsumer: false,
      health: { status: "degraded", signals: ["device_offline"] },
      restrictions: [{ kind: "muted", scope: "groups", untilMs: startAtMs + 1 }],
      timers: { ttlDue: startAtMs + 1_000 },
    },
    epoch: 1,
    createdAtMs: startAtMs,
    updatedAtMs: startAtMs,
    ...changes,
  };
}

export function logEntry(sessionId: string, event = "open"): NewLogEntry {
  return {
    sessionId,
    atMs: startAtMs,
    epoch: 1,
    incarnation: 1,
    event,
    from: "created",
    to: "connecting",
    disposition: "applied",
    evidence: { status: 200, said: ["ok"] },
  };
}

export function outboxRow(sessionId: string, id: string, changes: Partial<NewOutboxRow> = {}): NewOutboxRow {
  return {
    sessionId,
    id,
    state: "queued",
    message: { id, to: "+15550100", text: "Hello", mentions: ["+15550101"] },
    priority: "normal",
    acceptedAtMs: startAtMs,
    ...changes,
  };
}

export function inboxRow(
  sessionId: string,
  occurrenceId: string,
  raw: unknown = { nested: { list: [1, "two", null] } },
): NewInboxRow {
  return {
    sessionId,
    occurrenceId,
    event: { type: "provider", occurrenceId, name: "example.thing", raw },
    receivedAtMs: startAtMs,
  };
}

export function askRow(
  sessionId: string,
  id: string,
  changes: Partial<NewAskRow> = {},
  question: Partial<AskQuestion> = {},
): NewAskRow {
  return {
    id,
    sessionId,
    state: "queued",
    question: {
      id,
      text: "Approve?",
      to: "+15550100",
      answerSchema: { type: "object", properties: { approved: { type: "boolean" } } },
      deadlineAtMs: startAtMs + 60_000,
      details: { urgent: true, tags: [] },
      ...question,
    },
    route: { sessionId: "ses_other", to: "+15550101" },
    keys: ["chat"],
    acceptedAtMs: startAtMs,
    result: null,
    isDelivered: false,
    remind: { afterMs: 1_000, times: 2 },
    reminderCount: 0,
    escalate: { to: "+15550102", afterMs: 5_000 },
    ...changes,
  };
}

/** `first_1`, `first_2`, … */
export function ids(first: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${first}_${index + 1}`);
}

/** Stores sessions with nothing under them. */
export async function sessionsIn(store: Store, ...sessionIds: readonly string[]): Promise<void> {
  for (const id of sessionIds) await store.records.create(newRecord(id), []);
}

export async function pagesOf(
  store: Store,
  query: Parameters<Store["records"]["list"]>[0],
): Promise<readonly (readonly string[])[]> {
  const pages: string[][] = [];
  let after: string | undefined;
  do {
    const page = await store.records.list({ ...query, ...(after === undefined ? {} : { after }) });
    pages.push(page.records.map(({ id }) => id));
    after = page.cursor;
    // A cursor that leads nowhere new would page for ever.
    if (pages.length > 1_000) throw new Error("Paging does not end.");
  } while (after !== undefined);
  return pages;
}
