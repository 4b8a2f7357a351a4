import { describe, expect, it } from "vitest";
import { sendFacet } from "../../src/facets/send.js";
import { operationsOf } from "../../src/operations.js";

const { chat } = operationsOf(1_000);
const facet = sendFacet(chat);
const context = { sessionId: "ses_1", remoteId: "session_x", settings: { userId: "ada" } };
const problems = (message: object) => facet.check({ to: "atlus", text: "Hello", ...message }).map(({ field }) => field);

describe("sending", () => {
  it("takes text for ATLUS and nothing else", () => {
    expect(problems({})).toEqual([]);
    expect(problems({ to: "+15550100" })).toEqual(["to"]);
    expect(problems({ text: " " })).toEqual(["text"]);
    expect(problems({ replyTo: "1", mentions: [], viewOnce: false })).toEqual(["replyTo", "mentions", "viewOnce"]);
  });

  it("is one chat in the session, for its owner's long-term memory", () => {
    expect(facet.send({ to: "atlus", text: "Hello" }, context)).toEqual({
      operation: chat.send,
      input: { message: "Hello", userId: "ada" },
    });
    expect(facet.send({ to: "atlus", text: "Hello" }, { ...context, settings: {} }).input).toEqual({
      message: "Hello",
    });
  });

  it("makes a message of the answer, the same one each time", () => {
    const receipt = { providerMessageId: "call-1", status: "answered", text: "Hi.", sessionId: "session_x" };
    const events = facet.events?.(receipt, context);
    expect(events).toEqual([
      {
        type: "message.received",
        occurrenceId: "answer:call-1",
        message: {
          providerMessageId: "call-1",
          chatId: "atlus",
          from: { id: "atlus", displayName: "ATLUS" },
          kind: "text",
          text: "Hi.",
        },
        raw: { sessionId: "session_x" },
      },
    ]);
    expect(facet.events?.({ ...receipt, executionTimeMs: 5, answeredAtMs: 7 } as never, context)).toMatchObject([
      { message: { sentAtMs: 7 }, raw: { executionTimeMs: 5 } },
    ]);
  });
});
