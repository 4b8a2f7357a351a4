import { describe, expect, it } from "vitest";
import type { ProviderEvent, SendReceipt, SessionContext } from "../../src/contract/index.js";
import type { SessionEvent } from "../../src/sessions/session-event.js";
import { memoryStore } from "../../src/store/memory.js";
import type { ReferenceProvider } from "../../src/testing/index.js";
import { connectedSession, createStage, restored, type Stage } from "./stage.js";

const hello = { to: "+15550101", text: "Hello" };

/** The reference provider as one whose answer to a send is already the reply. */
function answering(stage: Stage, seen: SessionContext[] = []): ReferenceProvider {
  const { facets } = stage.provider;
  const events = (receipt: SendReceipt, context: SessionContext): readonly ProviderEvent[] => {
    seen.push(context);
    const { providerMessageId } = receipt;
    return [
      {
        type: "message.received",
        occurrenceId: `answer:${providerMessageId}`,
        message: { providerMessageId, chatId: "x", from: { id: "x" }, kind: "text", text: "Answer" },
        raw: {},
      },
    ];
  };
  return { ...stage.provider, facets: { ...facets, send: { ...(facets.send as never as object), events } as never } };
}

describe("a send whose answer is the reply", () => {
  it("tells the reply before the send, and keeps nothing of it in the outbox", async () => {
    const stage = createStage();
    const seen: SessionContext[] = [];
    const session = await connectedSession(stage, stage.colloquy({ providers: [answering(stage, seen)] }));
    const told: string[] = [];
    const reading = (async () => {
      for await (const { type } of session.events({ types: ["message.received", "send"] }))
        if (told.push(type) === 2) break;
    })();
    const sent = await stage.pass(session.send(hello));
    await stage.pass(reading);
    expect(told).toEqual(["message.received", "send"]);
    expect(seen).toMatchObject([{ sessionId: session.id, remoteId: session.remoteId }]);
    const [row] = await session.outbox();
    expect(Object.keys(row?.receipt ?? {})).toEqual(["providerMessageId", "status"]);
    expect(sent.providerMessageId).toBe(row?.receipt?.providerMessageId);
  });

  it("is read by a later process when nobody read it in this one", async () => {
    const stage = createStage();
    const session = await connectedSession(stage, stage.colloquy({ providers: [answering(stage)] }));
    await stage.pass(session.send(hello));
    const later = await stage.pass(restored(stage));
    const { value } = (await later.events({ types: ["message.received"] }).next()) as { value: SessionEvent };
    expect(value).toMatchObject({ type: "message.received", message: { text: "Answer" } });
  });

  it("counts as sent though its reply cannot be stored, and that is logged", async () => {
    const stage = createStage();
    const store = memoryStore();
    const broken = {
      ...store,
      inbox: { ...store.inbox, add: () => Promise.reject(new Error("the disk is full: canary")) },
    };
    const session = await connectedSession(stage, stage.colloquy({ providers: [answering(stage)], store: broken }));
    expect((await stage.pass(session.send(hello))).status).toBe("accepted");
    expect(stage.log.filter(({ event }) => event === "outbox.reply_not_kept")).toMatchObject([{ level: "error" }]);
    expect(JSON.stringify(stage.log)).not.toContain("canary");
  });
});
