import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contextWindow, tokensOf } from "../../src/conversations/context-window.js";
import { systemTextOf } from "../../src/conversations/system-text.js";
import type { TranscriptMessage } from "../../src/store/transcripts.js";

/** One token a character, so that every figure can be seen. */
const counter = { isExact: true, count: (text: string) => text.length };

let seq = 0;
const message = (
  role: TranscriptMessage["role"],
  content: string,
  more: Partial<TranscriptMessage> = {},
): TranscriptMessage => ({
  conversationId: "con",
  seq: ++seq,
  id: `m${seq}`,
  role,
  content,
  status: "complete",
  atMs: 0,
  revision: 1,
  ...more,
});
const called = (...ids: string[]): Partial<TranscriptMessage> => ({
  toolCalls: ids.map((id) => ({ id, name: "look", arguments: {} })),
});
const shown = (history: readonly TranscriptMessage[], budgetTokens: number, systemText?: string): readonly string[] =>
  contextWindow(history, { budgetTokens, counter, ...(systemText === undefined ? {} : { systemText }) }).messages.map(
    ({ role, content, toolCalls }) => `${role}: ${content}${toolCalls ? " (calls)" : ""}`,
  );

describe("the window of a conversation", () => {
  it("holds the newest messages that fit, after the context, and begins with the user's", () => {
    const history = [
      message("user", "a".repeat(50)),
      message("assistant", "b".repeat(10)),
      message("user", "c"),
      message("assistant", "d"),
      message("user", "e"),
    ];
    expect(shown(history, 50, "facts")).toEqual(["system: facts", "user: c", "assistant: d", "user: e"]);
    const { tokenCount, hasMore } = contextWindow(history, { budgetTokens: 50, counter, systemText: "facts" });
    expect({ tokenCount, hasMore }).toEqual({ tokenCount: 24, hasMore: true });
  });

  it("leaves failed and unfinished answers out, and keeps what a person saw of an aborted one", () => {
    const history = [
      message("user", "a"),
      message("assistant", "x", { status: "failed" }),
      message("assistant", "y", { status: "streaming" }),
      message("assistant", "seen", { status: "aborted" }),
      message("assistant", "", { status: "aborted" }),
      message("user", "b"),
    ];
    expect(shown(history, 100)).toEqual(["user: a", "assistant: seen", "user: b"]);
  });

  it("keeps calls together with all their answers, or leaves both out", () => {
    const history = [
      message("tool", "orphan", { toolCallId: "call_0" }),
      message("user", "a"),
      message("assistant", "", called("call_1", "call_2")),
      message("tool", "one", { toolCallId: "call_1" }),
      message("tool", "two", { toolCallId: "call_2" }),
      message("assistant", "told", called("call_3")),
      message("user", "b"),
    ];
    expect(shown(history, 1_000)).toEqual([
      "user: a",
      "assistant:  (calls)",
      "tool: one",
      "tool: two",
      "assistant: told",
      "user: b",
    ]);
    expect(shown(history, 60)).toEqual(["user: b"]);
  });

  it("refuses a newest message that does not fit, or cuts its middle out where that is wanted", () => {
    const history = [message("user", `${"a".repeat(60)}${"z".repeat(60)}`)];
    expect(() => shown(history, 40)).toThrow(expect.objectContaining({ code: "MESSAGE_TOO_LONG" }));
    const cut = contextWindow(history, { budgetTokens: 40, counter, oversize: "truncate" });
    expect(cut.isTruncated).toBe(true);
    expect(cut.messages[0]?.content).toMatch(/^a+\n\[…\]\nz+$/);
    expect(cut.tokenCount).toBeLessThanOrEqual(40);
  });

  it("never exceeds its budget and never tears a pair apart, whatever the history", () => {
    const one = fc.oneof(
      fc.record({
        role: fc.constantFrom("user" as const, "assistant" as const),
        content: fc.string({ maxLength: 30 }),
      }),
      fc.record({
        role: fc.constant("assistant" as const),
        content: fc.string({ maxLength: 5 }),
        calls: fc.subarray(["p", "q"]),
      }),
      fc.record({
        role: fc.constant("tool" as const),
        content: fc.string({ maxLength: 5 }),
        toolCallId: fc.constantFrom("p", "q"),
      }),
    );
    fc.assert(
      fc.property(fc.array(one, { maxLength: 25 }), fc.integer({ min: 80, max: 400 }), (drawn, budgetTokens) => {
        const history = drawn.map(({ role, content, ...more }) => {
          const calls = "calls" in more && more.calls.length > 0 ? called(...more.calls) : {};
          return message(role, content, "toolCallId" in more ? { toolCallId: more.toolCallId } : calls);
        });
        let window: ReturnType<typeof contextWindow>;
        try {
          window = contextWindow(history, { budgetTokens, counter });
        } catch (error) {
          expect(error).toMatchObject({ code: "MESSAGE_TOO_LONG" });
          return;
        }
        const { messages, tokenCount } = window;
        expect(tokenCount).toBe(tokensOf(messages, counter));
        expect(tokenCount).toBeLessThanOrEqual(budgetTokens);
        const open = new Set<string>();
        for (const { role, toolCalls, toolCallId } of messages) {
          if (role === "tool") expect(open.delete(toolCallId ?? "")).toBe(true);
          else expect(open.size).toBe(0);
          for (const { id } of toolCalls ?? []) open.add(id);
        }
        expect(open.size).toBe(0);
      }),
      { seed: 20_261_121 },
    );
  });
});

describe("what a conversation's context says", () => {
  it("is the system text as it is, and the rest as facts", () => {
    expect(systemTextOf({})).toBeUndefined();
    expect(systemTextOf({ system: "Be brief.", customer: "cust_123", plan: { tier: 2 } })).toBe(
      'Be brief.\n\nKnown about this conversation:\n- customer: cust_123\n- plan: {"tier":2}',
    );
  });
});
