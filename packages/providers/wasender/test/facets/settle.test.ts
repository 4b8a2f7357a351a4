import type { OutboundMessage, SendTraces } from "@colloquy/core/contract";
import { runProcedure } from "@colloquy/core/testing";
import { describe, expect, it } from "vitest";
import { wasender } from "../../src/index.js";
import type { MessageLogRow } from "../../src/operations/sessions/logs.js";

const { send } = wasender({ personalAccessToken: "1|made-up" }).facets;
const context = { sessionId: "ses_1", remoteId: "1", settings: {} };
const startedAtMs = 1_700_000_000_000;
const message: OutboundMessage = { id: "msg_1", to: "+15550101", text: "Hello", priority: "urgent" };
const traces: SendTraces = { startedAtMs, endedAtMs: startedAtMs + 2_000, others: [] };

const row = (id: string, changes: Partial<MessageLogRow> = {}): MessageLogRow => ({
  id,
  to: "15550101@s.whatsapp.net",
  content: { text: "Hello" },
  status: "in_progress",
  createdAtMs: startedAtMs + 1_000,
  raw: {},
  ...changes,
});

function told(rows: readonly MessageLogRow[], seen: SendTraces = traces, sent: OutboundMessage = message): unknown {
  const procedure = send?.settle?.(sent, seen, context);
  if (!procedure) throw new Error("There is no way to look.");
  const output = { items: rows, page: 1, perPage: 50, total: rows.length, lastPage: 1 };
  return runProcedure(procedure, [{ operation: "sessions.messageLogs", output }]).result;
}

describe("a send whose answer was lost", () => {
  it("is found in the log by recipient, words and time", () => {
    const others = [row("5", { content: { text: "Hi" } }), row("6", { to: "+15550102" }), row("7", { createdAtMs: 1 })];
    expect(told([...others, row("8")])).toEqual({ providerMessageId: "log:8", status: "in_progress" });
  });

  it("is found with everything that it carried, and not by a part of it", () => {
    const poll = { question: "Lunch?", options: ["Yes", "No"], multiSelect: false };
    const sent = { to: "+15550101", poll };
    expect(told([row("8", { content: { poll } })], traces, sent)).toMatchObject({ providerMessageId: "log:8" });
    expect(told([row("8", { content: { poll, replyTo: 5 } })], traces, sent)).toBeUndefined();
    expect(told([row("8", { content: {} })])).toBeUndefined();
  });

  it("is not told when there are two such rows, or none, or one that failed, or the log keeps no words", () => {
    expect(told([row("8"), row("9")])).toBeUndefined();
    expect(told([])).toBeUndefined();
    expect(told([row("8", { status: "failed" })])).toBeUndefined();
    const { content: _content, ...wordless } = row("8");
    expect(told([wordless])).toBeUndefined();
  });

  it("is not looked for while another message of that time could be the one in the log", () => {
    const others = [{ providerMessageId: "100001", startedAtMs: startedAtMs - 6_000, endedAtMs: startedAtMs - 4_000 }];
    const procedure = send?.settle?.(message, { ...traces, others }, context);
    expect(procedure && runProcedure(procedure, []).result).toBeUndefined();
  });

  it("has no receipts to ask for when only the log knows it", () => {
    const progress = send?.progress?.({ providerMessageId: "log:8", status: "sent" }, context);
    expect(progress && runProcedure(progress, []).result).toEqual({});
  });
});
