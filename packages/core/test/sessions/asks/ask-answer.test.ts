import { describe, expect, it } from "vitest";
import type { AnswerSchema } from "../../../src/sessions/asks/ask.js";
import { connectedSession, createStage } from "../stage.js";
import { changed, codeOf, noProgress, told } from "./asking.js";

/** A schema as any library of the family gives it. */
const approval = {
  "~standard": {
    version: 1,
    vendor: "test",
    validate: (value) => {
      const approved = typeof value === "object" && value !== null && "approved" in value ? value.approved : undefined;
      return typeof approved === "boolean"
        ? { value: { approved } }
        : { issues: [{ message: "Must be a boolean.", path: ["approved"] }] };
    },
    jsonSchema: { input: () => ({ type: "object", required: ["approved"] }) },
  },
} as AnswerSchema<{ readonly approved: boolean }>;

describe("an answer", () => {
  const schema = approval;

  it("is typed by its schema, which the provider sees too", async () => {
    const stage = createStage();
    const session = await connectedSession(stage, stage.colloquy());
    const ask = await session.ask({ text: "Approve?", schema });
    await stage.until(() => stage.backend.asks.all.length === 1);
    stage.backend.asks.answer(ask.id, '{"approved": true}');
    const answer = await stage.pass(ask.answer);
    expect(answer.approved).toBe(true);
    expect((await stage.store.asks.get(ask.id))?.question.answerSchema).toMatchObject({ type: "object" });
  });

  it("that does not fit fails the question where no other can come, and tells the place and not the value", async () => {
    const stage = createStage();
    const session = await connectedSession(stage, stage.colloquy());
    const events = told(session);
    const ask = await session.ask({ text: "Approve?", schema });
    await stage.until(() => stage.backend.asks.all.length === 1);
    stage.backend.asks.answer(ask.id, { approved: "canary" });
    expect(await codeOf(stage.pass(ask.answer))).toBe("ASK_FAILED");
    const ignored = events.find(({ type }) => type === "ask.ignored");
    expect(ignored).toMatchObject({ why: "invalid", problems: [expect.stringContaining("approved")] });
    expect(JSON.stringify([ignored, stage.log])).not.toContain("canary");
  });

  it("that comes late or twice is told and not applied", async () => {
    const stage = createStage();
    const telling = changed(stage, (facet) => ({
      ...noProgress(facet),
      heed: (event) => {
        const { data } = ("raw" in event ? event.raw : {}) as { data?: { id: string; answer: string } };
        return data && { askId: data.id, progress: { state: "answered", answer: data.answer } };
      },
    }));
    const session = await connectedSession(stage, stage.colloquy({ providers: [telling] }));
    const events = told(session);
    const hear = (id: string, answer: string): Promise<unknown> =>
      session.receive(stage.backend.delivery(session.remoteId ?? "", "ask", { id, answer }));
    const [answered, expired] = [await session.ask("a"), await session.ask({ text: "b", deadlineMs: 1_000 })];
    await stage.until(() => stage.backend.asks.all.length === 2);
    await hear(answered.id, "first");
    await hear(answered.id, "second");
    expect(await answered.answer).toBe("first");
    await stage.clock.advance(2_000);
    await hear(expired.id, "too late");
    expect(await codeOf(expired.answer)).toBe("ASK_EXPIRED");
    const ignored = events.flatMap((event) => (event.type === "ask.ignored" ? [[event.askId, event.why]] : []));
    expect(ignored).toEqual([
      [answered.id, "duplicate"],
      [expired.id, "late"],
    ]);
  });

  it("that the provider names before its receipt arrived here counts", async () => {
    const stage = createStage();
    const telling = changed(stage, (facet) => ({
      ...noProgress(facet),
      heed: (event) => {
        const { data } = ("raw" in event ? event.raw : {}) as { data?: { id: string; answer: string } };
        return data && { providerAskId: data.id, progress: { state: "answered", answer: data.answer } };
      },
    }));
    const session = await connectedSession(stage, stage.colloquy({ providers: [telling] }));
    stage.wire.hold(/^POST \/asks/);
    const ask = await session.ask("Quick?");
    await stage.until(() => stage.backend.asks.all.length === 1);
    await session.receive(stage.backend.delivery(session.remoteId ?? "", "ask", { id: "q1", answer: "at once" }));
    stage.wire.release();
    expect(await stage.pass(ask.answer)).toBe("at once");
  });
});
