import { describe, expect, it } from "vitest";
import type { AskFacet } from "../../../src/contract/index.js";
import type { AnswerSchema, AskOutcome } from "../../../src/sessions/asks/ask.js";
import type { SessionEvent } from "../../../src/sessions/session-event.js";
import type { ReferenceProvider } from "../../../src/testing/index.js";
import { connectedSession, createStage, type Stage } from "../stage.js";

/** Collects what is told of questions. */
function told(session: { events(): AsyncIterable<SessionEvent> }): SessionEvent[] {
  const seen: SessionEvent[] = [];
  void (async () => {
    for await (const event of session.events()) if (event.type.startsWith("ask")) seen.push(event);
  })();
  return seen;
}

function changed(stage: Stage, change: (facet: AskFacet) => AskFacet): ReferenceProvider {
  const { facets } = stage.provider;
  return { ...stage.provider, facets: { ...facets, ask: change(facets.ask as AskFacet) } };
}

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "none",
    (error: { code?: string; name: string }) => error.code ?? error.name,
  );

describe("a question", () => {
  it("is put once, and its answer comes by looking, or at once when an event names it", async () => {
    const stage = createStage();
    const session = await connectedSession(stage, stage.colloquy());
    const events = told(session);
    const slow = await session.ask("Which colour?");
    const quick = await session.ask({ text: "Which size?", id: "ask_own" });
    await stage.until(() => stage.backend.asks.all.length === 2);
    const [first, second] = stage.backend.asks.all;
    stage.backend.asks.answer(first?.id ?? "", "red");
    stage.backend.asks.answer(second?.id ?? "", { size: 42 });
    const before = stage.clock.now();
    await session.receive(stage.backend.delivery(session.remoteId ?? "", "ask", { id: second?.id ?? "" }));
    expect(await quick.answer).toEqual({ size: 42 });
    expect(stage.clock.now()).toBe(before);
    expect(await stage.pass(slow.answer)).toBe("red");
    expect(await slow.outcome).toMatchObject({ state: "answered", answer: "red" });
    expect(await slow.state()).toBe("answered");
    expect(stage.countRequests(/^POST \/asks$/)).toBe(2);
    expect(events.map((event) => "state" in event && event.state)).toEqual([
      ...["asking", "asking", "pending", "pending", "answered", "answered"],
    ]);
  });

  it("is the same question under the same id, and another session's id is refused", async () => {
    const stage = createStage();
    const colloquy = stage.colloquy();
    const session = await connectedSession(stage, colloquy);
    const other = await connectedSession(stage, colloquy);
    const asks = await Promise.all([1, 2].map(() => session.ask({ text: "Ready?", id: "ask_one" })));
    await stage.until(() => stage.backend.asks.all.length === 1);
    stage.backend.asks.answer("ask_one", true);
    expect(await stage.pass(Promise.all(asks.map(({ answer }) => answer)))).toEqual([true, true]);
    expect(stage.countRequests(/^POST \/asks$/)).toBe(1);
    expect(await codeOf(other.ask({ text: "Ready?", id: "ask_one" }))).toBe("INPUT_INVALID");
  });

  it.each([
    [{ text: " " }, "INPUT_INVALID"],
    [{ text: "?", deadlineMs: 0 }, "INPUT_INVALID"],
    [{ text: "?", deadlineAtMs: 5 }, "INPUT_INVALID"],
    [{ text: "?", to: "nobody" }, "INPUT_INVALID"],
    [{ text: "?", reminders: 0.5 }, "INPUT_INVALID"],
    [{ text: "?", escalate: { to: "nobody", afterMs: 5 } }, "INPUT_INVALID"],
    [{ text: "?", escalate: { to: "+15550103", afterMs: 0 } }, "INPUT_INVALID"],
    [{ text: "?", id: "" }, "INPUT_INVALID"],
    [{ text: "?", via: { id: "ses_gone" }, to: "+15550101" }, "SESSION_NOT_FOUND"],
  ])("is refused with nothing stored or sent: %j", async (options, code) => {
    const stage = createStage();
    const session = await connectedSession(stage, stage.colloquy());
    expect(await codeOf(session.ask(options))).toBe(code);
    expect(await stage.store.asks.list()).toEqual([]);
    expect(stage.countRequests(/asks/)).toBe(0);
  });

  it("ends in four different ways without an answer, and in a fifth when only the waiting ends", async () => {
    const stage = createStage();
    const session = await connectedSession(stage, stage.colloquy());
    const [expired, rejected, failed, cancelled, late] = await Promise.all(
      ["a", "b", "c", "d", "e"].map((id) => session.ask({ text: id, id, deadlineMs: id === "a" ? 60_000 : 600_000 })),
    );
    await stage.until(() => stage.backend.asks.all.length === 5);
    stage.backend.asks.end("b", "rejected");
    stage.backend.asks.end("c", "failed");
    expect(await cancelled?.cancel()).toBe(true);
    expect(await cancelled?.cancel()).toBe(false);
    const codes = [
      late?.wait({ timeoutMs: 5_000 }),
      ...[expired, rejected, failed, cancelled].map((ask) => ask?.answer),
    ];
    expect(await stage.pass(Promise.all(codes.map((work) => codeOf(work as Promise<unknown>))))).toEqual([
      ...["WAIT_TIMEOUT", "ASK_EXPIRED", "ASK_REJECTED", "ASK_FAILED", "ASK_CANCELLED"],
    ]);
    expect(await late?.state()).toBe("pending");
    // The provider heard of what is no longer wanted.
    await stage.until(() => stage.countRequests(/^DELETE \/asks/) === 2);
    const outcomes = await Promise.all([expired, rejected, failed, cancelled].map(async (ask) => ask?.outcome));
    expect(outcomes.map((outcome) => outcome?.state)).toEqual(["expired", "rejected", "failed", "cancelled"]);
  });

  it("whose call is refused fails with the error of that call", async () => {
    const stage = createStage();
    const session = await connectedSession(stage, stage.colloquy());
    stage.backend.fail("refuse", { on: /^POST \/asks/ });
    const ask = await session.ask("May I?");
    expect(await codeOf(stage.pass(ask.answer))).toBe("INPUT_INVALID");
    expect(await ask.outcome).toMatchObject({ state: "failed", error: { code: "INPUT_INVALID" } });
  });

  it("that the session cannot put now is put when it is open again", async () => {
    const stage = createStage();
    const session = await connectedSession(stage, stage.colloquy());
    stage.backend.phone.drop(session.remoteId ?? "");
    const ask = await session.ask("Still there?");
    await stage.clock.advance(1_000);
    stage.backend.phone.restore(session.remoteId ?? "");
    await stage.clock.runUntil(() => stage.backend.asks.all.length === 1);
    stage.backend.asks.answer(ask.id, "yes");
    expect(await stage.pass(ask.answer)).toBe("yes");
  });

  it("counts as expired when it could not be put before its deadline", async () => {
    const stage = createStage();
    const session = await connectedSession(stage, stage.colloquy());
    stage.backend.phone.drop(session.remoteId ?? "");
    const ask = await session.ask({ text: "Still there?", deadlineMs: 4_000 });
    expect(await codeOf(stage.pass(ask.answer))).toBe("ASK_EXPIRED");
    expect(stage.backend.asks.all).toEqual([]);
  });

  it("ends with a session that is gone, and says so", async () => {
    const stage = createStage();
    const session = await connectedSession(stage, stage.colloquy({ providers: [changed(stage, noProgress)] }));
    const ask = await session.ask("May I?");
    await stage.until(() => stage.backend.asks.all.length === 1);
    await stage.pass(session.close());
    const outcome = (await stage.pass(ask.outcome)) as AskOutcome;
    expect(outcome).toMatchObject({ state: "failed", reason: expect.stringContaining("terminated") });
  });

  it("tells that it still waits for its exchange every ten seconds", async () => {
    const stage = createStage();
    const session = await connectedSession(stage, stage.colloquy());
    const events = told(session);
    stage.wire.hold(/^POST \/asks/);
    const ask = await session.ask("Long?");
    await stage.clock.advance(25_000);
    const waited = events.flatMap((event) => (event.type === "ask.waiting" ? [event.waitedMs] : []));
    expect(waited).toEqual([10_000, 20_000]);
    stage.wire.release();
    stage.backend.asks.answer(ask.id, "yes");
    expect(await stage.pass(ask.answer)).toBe("yes");
  });
});

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

const noProgress = ({ progress: _progress, ...facet }: AskFacet): AskFacet => facet;

describe("the fate of a question whose reply was lost", () => {
  it("is looked up: taken, it is waited for and never asked twice", async () => {
    const stage = createStage();
    const session = await connectedSession(stage, stage.colloquy());
    stage.backend.fail("lose_answer", { on: /^POST \/asks/ });
    const ask = await session.ask("Taken?");
    await stage.until(() => stage.backend.asks.all.length === 1);
    stage.backend.asks.answer(ask.id, "yes");
    expect(await stage.pass(ask.answer)).toBe("yes");
    expect(stage.countRequests(/^POST \/asks$/)).toBe(1);
  });

  it("is looked up: not taken, it is asked again", async () => {
    const stage = createStage();
    const session = await connectedSession(stage, stage.colloquy());
    stage.backend.fail("lose_request", { on: /^POST \/asks/ });
    const ask = await session.ask("Taken?");
    await stage.clock.runUntil(() => stage.backend.asks.all.length === 1);
    stage.backend.asks.answer(ask.id, "yes");
    expect(await stage.pass(ask.answer)).toBe("yes");
    expect(stage.countRequests(/^POST \/asks$/)).toBe(2);
  });

  it("is held as unknown where looking does not tell", async () => {
    const stage = createStage();
    const blind = changed(stage, ({ settle: _settle, ...facet }) => facet);
    const session = await connectedSession(stage, stage.colloquy({ providers: [blind] }));
    stage.backend.fail("lose_answer", { on: /^POST \/asks/ });
    const ask = await session.ask("Taken?");
    expect(await codeOf(stage.pass(ask.answer))).toBe("OUTCOME_UNKNOWN");
    expect(await ask.outcome).toMatchObject({ state: "unknown" });
    await stage.clock.advance(600_000);
    expect(stage.countRequests(/^POST \/asks$/)).toBe(1);
  });

  it("is looked up with the mark that was stored before it left", async () => {
    const stage = createStage();
    const seen: unknown[] = [];
    const marked = changed(stage, (facet) => ({
      ...facet,
      *mark() {
        yield* [];
        return { turns: 7 };
      },
      settle: (question, mark, context) => {
        seen.push(mark);
        return facet.settle?.(question, mark, context) as never;
      },
    }));
    const session = await connectedSession(stage, stage.colloquy({ providers: [marked] }));
    stage.backend.fail("lose_answer", { on: /^POST \/asks/ });
    const ask = await session.ask("Taken?");
    await stage.until(() => seen.length === 1);
    expect(seen).toEqual([{ turns: 7 }]);
    expect((await stage.store.asks.get(ask.id))?.mark).toEqual({ turns: 7 });
  });
});

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

describe("another process", () => {
  it("gets an answer that was given while nobody ran, and only one of them gets it", async () => {
    const stage = createStage();
    const first = stage.colloquy();
    const session = await connectedSession(stage, first);
    const ask = await session.ask("Who gets it?");
    await stage.until(() => stage.backend.asks.all.length === 1);
    await stage.clock.advance(100);
    await first.shutdown({ graceMs: 0 });
    await stage.store.open();
    expect(await codeOf(ask.answer)).toBe("SHUT_DOWN");
    stage.backend.asks.answer(ask.id, "the first");
    const waiting = await Promise.all([1, 2, 3].map(() => stage.colloquy().asks.resume(ask.id)));
    const ends = await stage.pass(Promise.all(waiting.map(({ answer }) => codeOf(answer))));
    expect(ends.map(String).toSorted((a, b) => a.localeCompare(b))).toEqual(["ASK_DELIVERED", "ASK_DELIVERED", "none"]);
    expect(await codeOf((await stage.colloquy().asks.resume(ask.id)).answer)).toBe("ASK_DELIVERED");
    const [row] = await stage.colloquy().asks.list({ sessionId: session.id });
    expect(row).toMatchObject({ state: "answered", isDelivered: true, result: { answer: "the first" } });
    expect(await codeOf(stage.colloquy().asks.resume("ask_unknown"))).toBe("ASK_NOT_FOUND");
  });

  it("finds out what became of a question that was on its way when its process ended", async () => {
    const stage = createStage();
    const session = await connectedSession(stage, stage.colloquy());
    stage.wire.hold(/^POST \/asks/);
    const ask = await session.ask("On its way?");
    await stage.until(() => stage.backend.asks.all.length === 1);
    // The first process is never heard of again.
    const [taken] = await stage.pass(stage.colloquy().sessions.restore());
    stage.backend.asks.answer(ask.id, "yes");
    const later = await stage.colloquy().asks.resume(ask.id);
    expect(await stage.pass(later.answer)).toBe("yes");
    expect(taken?.id).toBe(session.id);
    expect(stage.countRequests(/^POST \/asks$/)).toBe(1);
  });

  it("puts what was queued, in order", async () => {
    const stage = createStage();
    const one = changed(stage, (facet) => ({ ...facet, maxPending: 1 }));
    const session = await connectedSession(stage, stage.colloquy({ providers: [one] }));
    for (const id of ["a", "b", "c"]) await session.ask({ text: id, id });
    await stage.until(() => stage.backend.asks.all.length === 1);
    const later = stage.colloquy({ providers: [one] });
    await stage.pass(later.sessions.restore());
    for (const id of ["a", "b", "c"]) {
      await stage.clock.runUntil(() => stage.backend.asks.all.some(({ askId }) => askId === id));
      expect(stage.backend.asks.all.filter(({ state }) => state === "pending").map(({ askId }) => askId)).toEqual([id]);
      stage.backend.asks.answer(id, id);
      expect(await stage.pass((await later.asks.resume(id)).answer)).toBe(id);
    }
  });

  it("lets what came due meanwhile expire, also of a session at rest", async () => {
    const stage = createStage();
    const first = stage.colloquy();
    const session = await connectedSession(stage, first);
    const ask = await session.ask({ text: "Soon?", deadlineMs: 10_000 });
    await stage.until(() => stage.backend.asks.all.length === 1);
    stage.backend.phone.unlink(session.remoteId ?? "");
    await stage.clock.runUntil(() => session.state === "unlinked", { limitMs: 9_000 });
    await first.shutdown({ graceMs: 0 });
    await stage.clock.advance(60_000);
    const later = stage.colloquy();
    await stage.pass(later.sessions.restore());
    await stage.clock.advance(1_000);
    expect((await stage.store.asks.get(ask.id))?.state).toBe("expired");
  });
});

describe("somebody who does not answer", () => {
  it("is reminded a few times, and then somebody else is asked, and the first answer wins", async () => {
    const stage = createStage();
    const session = await connectedSession(stage, stage.colloquy());
    const ask = await session.ask({
      text: "Hello?",
      to: "+15550101",
      remindAfterMs: 60_000,
      reminders: 2,
      escalate: { to: "+15550102", afterMs: 90_000 },
    });
    await stage.clock.advance(600_000);
    expect(stage.backend.asks.all.map(({ to, reminderCount }) => [to, reminderCount])).toEqual([
      ["+15550101", 2],
      ["+15550102", 0],
    ]);
    stage.backend.asks.answer(ask.id, "here");
    expect(await stage.pass(ask.answer)).toBe("here");
  });

  it("cannot be reminded where the provider has no way of it", async () => {
    const stage = createStage();
    const mute = changed(stage, ({ remind: _remind, ...facet }) => facet);
    const session = await connectedSession(stage, stage.colloquy({ providers: [mute] }));
    expect(await codeOf(session.ask({ text: "?", remindAfterMs: 1 }))).toBe("UNSUPPORTED");
  });
});
