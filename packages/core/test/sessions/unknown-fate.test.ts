import { describe, expect, it } from "vitest";
import { call, type SendFacet } from "../../src/contract/index.js";
import type { OnUnknown } from "../../src/sessions/runtime.js";
import { type ReferenceProvider, referenceOperations } from "../../src/testing/index.js";
import { connectedSession, createStage, type Stage } from "./stage.js";

const send = /^POST \/messages$/;

interface Told {
  /** What looking tells. Default: whether the service has a message of these words that is nobody else's. */
  readonly answer?: "not_taken" | undefined;
  readonly looks: { mark?: unknown; otherIds: readonly string[] }[];
}

/** The reference provider, whose messages can be looked up. */
function withLookUp(stage: Stage, { answer, looks }: Told): ReferenceProvider {
  const { facets } = stage.provider;
  const lookUp: Required<Pick<SendFacet, "mark" | "settle">> = {
    *mark({ text = "" }, { remoteId: id }) {
      yield* call(referenceOperations.sessions.get, { id });
      return { before: text };
    },
    *settle({ text }, { mark, others }, { remoteId: id }) {
      yield* call(referenceOperations.sessions.get, { id });
      const otherIds = others.map(({ providerMessageId }) => providerMessageId);
      looks.push({ mark, otherIds });
      const found = stage.backend.messages.find(
        ({ id: its, body }) => body["text"] === text && !otherIds.includes(its),
      );
      return found ? { providerMessageId: found.id, status: "accepted" } : answer;
    },
  };
  return { ...stage.provider, facets: { ...facets, send: { ...(facets.send as SendFacet), ...lookUp } } };
}

async function stageWith(onUnknown?: OnUnknown, answer?: "not_taken") {
  const stage = createStage();
  const looks: Told["looks"] = [];
  const provider = withLookUp(stage, { answer, looks });
  const options = { providers: [provider] as const, ...(onUnknown ? { onUnknown } : {}) };
  const session = await connectedSession(stage, stage.colloquy(options));
  return { stage, session, looks, options };
}

const arrived = ({ backend }: Stage): unknown[] => backend.messages.map(({ body }) => body["text"]);

describe("a message whose answer was lost", () => {
  it("counts as sent once the provider says that it has it, with the receipt that was lost", async () => {
    const { stage, session, looks } = await stageWith();
    await stage.pass(session.send({ id: "first", to: "+15550101", text: "Hello" }));
    stage.backend.fail("lose_answer", { on: send });
    const sent = await stage.pass(session.send({ id: "second", to: "+15550101", text: "Hello" }));
    expect(sent).toMatchObject({ id: "second", providerMessageId: "m2" });
    expect(looks).toEqual([{ mark: { before: "Hello" }, otherIds: ["m1"] }]);
    expect(arrived(stage)).toEqual(["Hello", "Hello"]);
    expect(await session.outbox()).toMatchObject([{ state: "sent" }, { state: "sent", message: null }]);
  });

  it("is sent again when the provider is certain that it never came", async () => {
    const { stage, session } = await stageWith("reconcile", "not_taken");
    stage.backend.fail("lose_request", { on: send });
    const sent = await stage.pass(session.send({ id: "one", to: "+15550101", text: "Hello" }));
    expect(sent.providerMessageId).toBe("m1");
    expect(arrived(stage)).toEqual(["Hello"]);
  });

  it("is held, and looked for no more, when the provider cannot tell", async () => {
    const { stage, session, looks, options } = await stageWith();
    stage.backend.fail("lose_request", { on: send });
    await expect(stage.pass(session.send({ id: "one", to: "+15550101", text: "Hello" }))).rejects.toMatchObject({
      code: "OUTCOME_UNKNOWN",
    });
    expect(await session.deadLetters()).toMatchObject([
      { id: "one", state: "unknown", lookedAtMs: expect.any(Number) },
    ]);
    const [again] = await stage.colloquy(options).sessions.restore();
    await stage.pass(again?.waitFor("connected") as Promise<unknown>);
    expect(looks).toHaveLength(1);
    expect(arrived(stage)).toEqual([]);
  });

  it("is looked for by the next process when this one ended in the middle", async () => {
    const { stage, session, options } = await stageWith();
    stage.wire.hold(send);
    const sending = session.send({ id: "one", to: "+15550101", text: "Hello" });
    sending.catch(() => {});
    await stage.until(() => stage.wire.heldCount === 1);
    const [next] = await stage.colloquy(options).sessions.restore();
    await stage.pass(next?.waitFor("connected") as Promise<unknown>);
    await stage.clock.advance(10_000);
    expect(await next?.outbox()).toMatchObject([{ id: "one", state: "sent", receipt: { providerMessageId: "m1" } }]);
    expect(arrived(stage)).toEqual(["Hello"]);
    stage.wire.release();
  });

  it("is looked for again while the provider cannot be asked", async () => {
    const { stage, session, looks } = await stageWith();
    stage.backend.fail("lose_answer", { on: send });
    stage.backend.fail("unavailable", { on: /^GET \/sessions\//, times: 3 });
    // The mark could not be read, so nothing left: the message waits and comes back by itself.
    const sent = await stage.pass(session.send({ id: "one", to: "+15550101", text: "Hello" }));
    expect(sent.providerMessageId).toBe("m1");
    expect(looks).toHaveLength(1);
  });

  it("stays unknown with the policy `hold`, and the provider is not asked", async () => {
    const { stage, session, looks } = await stageWith("hold");
    stage.backend.fail("lose_answer", { on: send });
    await expect(stage.pass(session.send({ id: "one", to: "+15550101", text: "Hello" }))).rejects.toMatchObject({
      code: "OUTCOME_UNKNOWN",
    });
    expect(looks).toEqual([]);
  });

  it("is sent twice at worst with the policy `resend`", async () => {
    const { stage, session } = await stageWith("resend");
    stage.backend.fail("lose_answer", { on: send });
    const sent = await stage.pass(session.send({ id: "one", to: "+15550101", text: "Hello" }));
    expect(sent.providerMessageId).toBe("m2");
    expect(arrived(stage)).toEqual(["Hello", "Hello"]);
  });

  it("is sent once more when a person says so", async () => {
    const { stage, session } = await stageWith("hold");
    stage.backend.fail("lose_request", { on: send });
    await stage.pass(session.send({ id: "one", to: "+15550101", text: "Hello" }).catch(() => {}));
    const sent = await stage.pass(session.resend("one"));
    expect(sent).toMatchObject({ id: "one", providerMessageId: "m1" });
    expect(await session.deadLetters()).toEqual([]);
    await expect(stage.pass(session.resend("one"))).rejects.toMatchObject({ code: "COMMAND_REFUSED" });
  });
});
