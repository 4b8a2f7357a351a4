import { describe, expect, it } from "vitest";
import { memoryInbox, type WebhookEvent } from "../../src/webhooks/index.js";

describe("the inbox in memory", () => {
  const event = (occurrenceId: string): WebhookEvent => ({
    type: "provider",
    occurrenceId,
    name: "x",
    raw: null,
    atMs: 1,
  });

  it("forgets the oldest beyond its limit, and only that", async () => {
    const inbox = memoryInbox(2);
    await inbox.add(["a", "b", "c"].map(event));
    expect((await inbox.add(["b", "c"].map(event))).length).toBe(0);
    expect((await inbox.add([event("a")])).length).toBe(1);
  });

  it("holds what is not handled, by age and number", async () => {
    const inbox = memoryInbox();
    await inbox.add(["a", "b", "c"].map(event));
    await inbox.settle?.(["b", "unknown"]);
    expect((await inbox.unhandled?.({ untilAtMs: 1, limit: 9 }))?.map(({ occurrenceId }) => occurrenceId)).toEqual([
      "a",
      "c",
    ]);
    expect(await inbox.unhandled?.({ untilAtMs: 0, limit: 9 })).toEqual([]);
    expect((await inbox.unhandled?.({ untilAtMs: 1, limit: 1 }))?.length).toBe(1);
  });
});
