import { describe, expect, it } from "vitest";
import { type ChatFate, type ChatMark, chatFate, markChat, settleChat } from "../src/index.js";
import { interpret } from "../src/interpret.js";
import { attachSession, closeSession, createSession, lookAt, problemsOfSession } from "../src/lifecycle.js";
import { answered, drive, refused, sessionAnswer, thrown } from "./support/wire.js";

const id = "session_0123456789abcdef";
const context = { sessionId: "ses_1", remoteId: id, settings: { userId: "user_123" } };
const gone = refused(404, "SESSION_NOT_FOUND", `Session ${id} not found`);
const down = answered(503, { message: "down" });

describe("the life of a session", () => {
  it("begins with the service's own id, the owner and no secret", () => {
    expect(drive(createSession({ userId: "user_123", name: "Help desk" }), [sessionAnswer()])).toEqual({
      result: { remoteId: id, name: "Help desk", secrets: {}, settings: { userId: "user_123" } },
      requests: ["POST /api/v1/sessions"],
    });
    expect(drive(attachSession(id), [sessionAnswer({ user_id: null })]).result).toEqual({
      remoteId: id,
      secrets: {},
      settings: {},
    });
  });

  it("refuses what makes no sense before anything is sent", () => {
    expect(problemsOfSession({})).toEqual([]);
    expect(problemsOfSession({ userId: "", metadata: 1, name: " " } as never).map(({ field }) => field)).toEqual([
      "userId",
      "metadata",
      "name",
    ]);
  });

  it("is proven by a look, which tells active from inactive and gone", () => {
    const word = (response: Parameters<typeof drive>[1][number]) =>
      drive(lookAt(context, "probe"), [response]).result.word;
    expect(word(sessionAnswer())).toBe("active");
    expect(word(sessionAnswer({ is_active: false }))).toBe("inactive");
    expect(word(gone)).toBe("not_found");
    expect(thrown(() => word(down)).code).toBe("PROVIDER_UNAVAILABLE");
  });

  it("ends with its deletion, and is as good as deleted when it is gone", () => {
    const word = (response: Parameters<typeof drive>[1][number]) =>
      drive(closeSession(context), [response]).result.word;
    expect(word(answered(200, { success: true }))).toBe("deleted");
    expect(word(gone)).toBe("not_found");
    expect(thrown(() => word(down)).code).toBe("PROVIDER_UNAVAILABLE");
  });

  it("means what its words say, without regard to case", () => {
    const meaning = (word: string) => interpret({ source: "probe", word })[0];
    expect(meaning("ACTIVE")).toEqual({ type: "opened" });
    expect(meaning("inactive")).toEqual({ type: "paused", reason: "inactive" });
    expect(meaning("deleted")).toEqual({ type: "remoteClosed" });
    expect(meaning("not_found")).toEqual({ type: "notFound" });
    expect(meaning("constructor")).toEqual({ type: "unknownStatus", word: "constructor" });
  });
});

describe("what became of a chat", () => {
  const before: ChatMark = { conversationTurns: 3, lastActivityAtMs: 1_000 };

  it.each<[string, ChatMark, ChatMark, ChatFate]>([
    ["a turn more", before, { conversationTurns: 4, lastActivityAtMs: 2_000 }, "answered"],
    ["activity without a turn", before, { conversationTurns: 3, lastActivityAtMs: 2_000 }, "under_way"],
    ["nothing new", before, before, "not_arrived"],
    ["fewer turns: a restart", before, { conversationTurns: 0, lastActivityAtMs: 1_000 }, "unknown"],
    ["no count: a restart", before, { lastActivityAtMs: 1_000 }, "unknown"],
    ["no count before", { lastActivityAtMs: 1_000 }, before, "unknown"],
    ["no activity known", { conversationTurns: 3 }, { conversationTurns: 3 }, "unknown"],
  ])("is read from %s", (_what, mark, after, fate) => {
    expect(chatFate(mark, after)).toBe(fate);
  });

  it("takes a look before and one after", () => {
    const marked = drive(markChat(context), [sessionAnswer({ memory: { conversation_turns: 1 } })]).result;
    expect(marked).toEqual({ conversationTurns: 1, lastActivityAtMs: Date.parse("2026-11-21T11:30:00Z") });
    const settle = (response: Parameters<typeof drive>[1][number]) =>
      drive(settleChat(context, marked), [response]).result;
    expect(settle(sessionAnswer({ memory: { conversation_turns: 2 } }))).toBe("answered");
    expect(settle(sessionAnswer())).toBe("unknown");
    expect(settle(gone)).toBe("gone");
    expect(thrown(() => settle(down)).code).toBe("PROVIDER_UNAVAILABLE");
  });
});
