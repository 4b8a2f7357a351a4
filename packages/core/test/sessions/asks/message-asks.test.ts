import { describe, expect, it } from "vitest";
import type { AskFacet, ProviderEvent, SendReceipt } from "../../../src/contract/index.js";
import type { AnswerSchema } from "../../../src/sessions/asks/ask.js";
import type { Session } from "../../../src/sessions/session.js";
import { type ReferenceProvider, referenceOperations } from "../../../src/testing/index.js";
import { connectedSession, createStage, type Stage } from "../stage.js";

const ann = "+15550101";
const bob = "+15550102";

/** The reference provider as one that has messages only. */
function messenger({ provider }: Stage): ReferenceProvider {
  const { ask: _ask, ...facets } = provider.facets;
  return { ...provider, facets };
}

let deliveries = 0;

/** Somebody writes to the session. */
async function writes(stage: Stage, session: Session, from: string, text: string, chat = from): Promise<void> {
  const data = { message_id: `in-${++deliveries}`, chat, from, text, at: stage.clock.now() };
  await session.receive(stage.backend.delivery(session.remoteId ?? "", "message", data));
}

const texts = ({ backend }: Stage): unknown[] => backend.messages.map(({ body }) => [body["to"], body["text"]]);

const yesOrNo = {
  "~standard": {
    version: 1,
    vendor: "test",
    validate: (value) =>
      value === "yes" || value === "no" ? { value: value === "yes" } : { issues: [{ message: "Say yes or no." }] },
  },
} as AnswerSchema<boolean>;

describe("a question over messages", () => {
  it("is a message, and the next text of its chat is the answer, whoever else writes", async () => {
    const stage = createStage();
    const session = await connectedSession(stage, stage.colloquy({ providers: [messenger(stage)] }));
    const ask = await session.ask({ text: "Red or blue?", to: ann });
    await stage.until(() => stage.backend.messages.length === 1);
    await stage.clock.advance(0);
    await writes(stage, session, bob, "Hello");
    await writes(stage, session, ann, "What do you all think?", "123456789@g.us");
    expect(await ask.state()).toBe("pending");
    await writes(stage, session, ann, "Red");
    expect(await ask.answer).toBe("Red");
    expect(await ask.outcome).toMatchObject({ answeredBy: ann });
    expect(texts(stage)).toEqual([[ann, "Red or blue?"]]);
  });

  it("waits until the one before it in the same chat is answered", async () => {
    const stage = createStage();
    const session = await connectedSession(stage, stage.colloquy({ providers: [messenger(stage)] }));
    const [first, second, other] = await Promise.all([
      session.ask({ text: "One?", to: ann }),
      session.ask({ text: "Two?", to: ann }),
      session.ask({ text: "You?", to: bob }),
    ]);
    await stage.clock.advance(100);
    expect(texts(stage)).toEqual([
      [ann, "One?"],
      [bob, "You?"],
    ]);
    await writes(stage, session, ann, "1");
    await stage.clock.advance(100);
    expect(texts(stage)).toHaveLength(3);
    await writes(stage, session, ann, "2");
    await writes(stage, session, bob, "me");
    expect(await Promise.all([first.answer, second.answer, other.answer])).toEqual(["1", "2", "me"]);
  });

  it("is not answered by what was said before it, nor twice by one message that comes again", async () => {
    const stage = createStage();
    const session = await connectedSession(stage, stage.colloquy({ providers: [messenger(stage)] }));
    const before = { message_id: "old", chat: ann, from: ann, text: "Morning", at: stage.clock.now() - 60_000 };
    const [first, second] = [
      await session.ask({ text: "One?", to: ann }),
      await session.ask({ text: "Two?", to: ann }),
    ];
    await stage.clock.advance(100);
    await session.receive(stage.backend.delivery(session.remoteId ?? "", "message", before));
    expect(await first.state()).toBe("pending");
    const once = stage.backend.delivery(session.remoteId ?? "", "message", { ...before, at: stage.clock.now() });
    await session.receive(once);
    await stage.clock.advance(100);
    await session.receive(once);
    expect([await first.state(), await second.state()]).toEqual(["answered", "pending"]);
  });

  it("may be answered again when the answer does not fit", async () => {
    const stage = createStage();
    const session = await connectedSession(stage, stage.colloquy({ providers: [messenger(stage)] }));
    const ask = await session.ask({ text: "Yes or no?", to: ann, schema: yesOrNo });
    await stage.clock.advance(100);
    await writes(stage, session, ann, "perhaps");
    expect(await ask.state()).toBe("pending");
    await writes(stage, session, ann, "yes");
    expect(await ask.answer).toBe(true);
  });

  it("is open again when whoever knows the schema finds that the stored answer does not fit", async () => {
    const stage = createStage();
    const first = stage.colloquy({ providers: [messenger(stage)] });
    const session = await connectedSession(stage, first);
    const { id } = await session.ask({ text: "Yes or no?", to: ann, schema: yesOrNo });
    await stage.clock.advance(100);
    // This process knows no schema, and stores what was said.
    const hearing = await stage.colloquy({ providers: [messenger(stage)] }).sessions.get(session.id);
    await writes(stage, hearing, ann, "perhaps");
    expect((await stage.store.asks.get(id))?.state).toBe("answered");
    const ask = await stage.colloquy({ providers: [messenger(stage)] }).asks.resume(id, { schema: yesOrNo });
    const answer = ask.answer;
    await stage.clock.advance(5_000);
    expect(await ask.state()).toBe("pending");
    await writes(stage, hearing, ann, "no");
    expect(await stage.pass(answer)).toBe(false);
  });

  it("reminds, then asks a second chat, and the first answer of either wins", async () => {
    const stage = createStage();
    const session = await connectedSession(stage, stage.colloquy({ providers: [messenger(stage)] }));
    const ask = await session.ask({
      text: "Anybody?",
      to: ann,
      remindAfterMs: 60_000,
      reminders: 1,
      escalate: { to: bob, afterMs: 90_000 },
    });
    await stage.clock.advance(300_000);
    expect(texts(stage)).toEqual([
      [ann, "Anybody?"],
      [ann, "Anybody?"],
      [bob, "Anybody?"],
    ]);
    await writes(stage, session, bob, "Me");
    expect(await ask.answer).toBe("Me");
  });

  it("needs whom to ask", async () => {
    const stage = createStage();
    const session = await connectedSession(stage, stage.colloquy({ providers: [messenger(stage)] }));
    await expect(session.ask("Anybody?")).rejects.toMatchObject({ code: "INPUT_INVALID" });
  });

  it("whose message may have arrived is answered all the same", async () => {
    const stage = createStage();
    const session = await connectedSession(stage, stage.colloquy({ providers: [messenger(stage)], onUnknown: "hold" }));
    stage.backend.fail("lose_answer", { on: /^POST \/messages/ });
    const ask = await session.ask({ text: "There?", to: ann });
    await stage.clock.advance(1_000);
    await writes(stage, session, ann, "Here");
    expect(await stage.pass(ask.answer)).toBe("Here");
    expect(stage.backend.messages).toHaveLength(1);
  });
});

describe("a question via another session", () => {
  it("travels over its messages and is not put to the provider", async () => {
    const stage = createStage();
    const colloquy = stage.colloquy();
    const approvals = await connectedSession(stage, colloquy);
    const chat = await connectedSession(stage, colloquy);
    const ask = await approvals.ask({ text: "Approve?", to: ann, via: chat });
    await stage.clock.advance(100);
    await writes(stage, chat, ann, "approved");
    expect(await ask.answer).toBe("approved");
    expect(ask.sessionId).toBe(approvals.id);
    expect(stage.backend.asks.all).toEqual([]);
  });

  it("gives its answer to the provider where it takes one, and is answered as it was said", async () => {
    const stage = createStage();
    const { facets } = stage.provider;
    const relaying: AskFacet = {
      ...(facets.ask as AskFacet),
      relay: ({ id }, answer) => {
        stage.backend.asks.put("s1", { ask_id: id, text: "" });
        stage.backend.asks.answer(id, { recorded: answer });
        return { operation: referenceOperations.asks.get, input: { id } };
      },
      *progress() {
        yield* [];
        const [known] = stage.backend.asks.all;
        return known?.answer === undefined ? { state: "pending" } : { state: "answered", answer: known.answer };
      },
    };
    const colloquy = stage.colloquy({ providers: [{ ...stage.provider, facets: { ...facets, ask: relaying } }] });
    const approvals = await connectedSession(stage, colloquy);
    const chat = await connectedSession(stage, colloquy);
    const ask = await approvals.ask({ text: "Approve?", to: ann, via: chat });
    await stage.clock.advance(100);
    await writes(stage, chat, ann, "approved");
    expect(await stage.pass(ask.answer)).toBe("approved");
    expect(stage.backend.asks.all).toMatchObject([{ answer: { recorded: "approved" } }]);
  });
});

describe("a service that takes messages and questions one by one", () => {
  it("gets them in the order in which they were given", async () => {
    const stage = createStage();
    const { facets } = stage.provider;
    const ask = { ...(facets.ask as AskFacet), maxPending: 1, inTurnWithSends: true };
    const events = (_receipt: SendReceipt): readonly ProviderEvent[] => [];
    const provider = {
      ...stage.provider,
      facets: { ...facets, ask, send: { ...(facets.send as never as object), events } },
    };
    const session = await connectedSession(
      stage,
      stage.colloquy({ providers: [provider as unknown as ReferenceProvider] }),
    );
    const say = (text: string): Promise<unknown> => session.send({ to: ann, text });
    stage.wire.hold(/^POST \/messages/);
    const work = [say("1"), say("2"), session.ask({ text: "3", id: "3" })];
    await stage.until(() => stage.wire.heldCount === 1);
    work.push(say("4"), session.ask({ text: "5", id: "5" }), say("6"));
    stage.wire.release();
    await stage.clock.runUntil(() => stage.backend.asks.all.length === 1);
    expect(stage.backend.messages).toHaveLength(2);
    stage.backend.asks.answer("3", "three");
    await stage.clock.runUntil(() => stage.backend.asks.all.length === 2);
    expect(stage.backend.messages).toHaveLength(3);
    stage.backend.asks.answer("5", "five");
    await stage.pass(Promise.all(work));
    const order = stage.backend.requests.flatMap(({ method, path, body }) =>
      method === "POST" && /^\/(messages|asks)$/.test(path) ? [(JSON.parse(body) as { text: string }).text] : [],
    );
    expect(order).toEqual(["1", "2", "3", "4", "5", "6"]);
  });
});
