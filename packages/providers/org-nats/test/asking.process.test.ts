import { seededRandom } from "@colloquy/core";
import type { OrgDialect } from "@colloquy/emulator";
import { describe, expect, it } from "vitest";
import { hasNats, startNats, startOffice, until } from "./support/office.js";

const seed = Number(process.env["COLLOQUY_SEED"] ?? 20_261_121);
const policy = { policy_input_schema: { decision: { type: "string", enum: ["approved", "refused"] } } };

/** Asks so many questions at once, answers them in random order, and tells who heard an answer that is not theirs. */
async function askMany(dialect: OrgDialect, count: number, jetStream: boolean) {
  const nats = await startNats({ user: "colloquy", password: "made-up", jetStream: true });
  // As shipped nothing is published, so all of it is found by looking; otherwise looking comes too late to be what told.
  const pollMs = dialect === "as-shipped" ? 500 : 60_000;
  const { org, waiting } = await startOffice({
    nats,
    dials: { dialect },
    provider: { pollMs, nats: { servers: nats.url, jetStream } },
  });
  // The first one finds out which server it is.
  const sessions = [await waiting(), ...(await Promise.all(Array.from({ length: count - 1 }, () => waiting())))];
  const asks = await Promise.all(sessions.map((session, index) => session.ask({ text: `Question ${index}` })));
  const heard = Promise.all(asks.map(({ answer }) => answer));
  await until(() => org.questions.length === count);
  const random = seededRandom(seed);
  const shuffled = org.questions
    .map((question) => ({ question, order: random() }))
    .toSorted((a, b) => a.order - b.order);
  await Promise.all(shuffled.map(({ question }) => org.answer(question.id, { to: question.message })));
  const answers = await heard;
  if (dialect !== "as-shipped")
    await Promise.all(sessions.map((session) => session.waitFor("completed", { timeoutMs: 60_000 })));
  return {
    seed,
    answerCount: answers.length,
    misled: answers.filter((answer, index) => JSON.stringify(answer) !== JSON.stringify({ to: `Question ${index}` })),
    questionCount: org.questions.length,
    probeCount: org.requests.filter(({ method }) => method === "PATCH").length,
  };
}

const allTheirOwn = (count: number) => ({
  seed,
  answerCount: count,
  misled: [],
  questionCount: count,
  probeCount: 1,
});

describe.skipIf(!hasNats)("200 questions at once on one connection, answered in random order", () => {
  it("each get their own answer from the real server, repaired", async () => {
    expect(await askMany("repaired", 200, false)).toEqual(allTheirOwn(200));
  });

  it("each get their own answer from the documented server", async () => {
    expect(await askMany("as-documented", 200, false)).toEqual(allTheirOwn(200));
  });

  it("each get their own answer from the server as shipped, by looking", async () => {
    expect(await askMany("as-shipped", 200, false)).toEqual(allTheirOwn(200));
  });
});

it.skipIf(!hasNats)("50 questions at once each get their own answer from a stream", async () => {
  expect(await askMany("repaired", 50, true)).toEqual(allTheirOwn(50));
});

describe.skipIf(!hasNats)("a question", () => {
  it("whose answer comes while it is still being sent is answered", async () => {
    const nats = await startNats();
    const { org, waiting } = await startOffice({
      nats,
      dials: { dialect: "repaired", humanPolicy: "immediately" },
      provider: { pollMs: 60_000, nats: { servers: nats.url } },
    });
    const session = await waiting();
    expect(await (await session.ask("May we?")).answer).toEqual({ decision: "approved" });
    expect(org.questions).toHaveLength(1);
  });

  it("ends as answered, failed, rejected or expired, each by its own name", async () => {
    const nats = await startNats();
    const { org, waiting } = await startOffice({
      nats,
      dials: { dialect: "repaired" },
      provider: { pollMs: 100, nats: { servers: nats.url } },
    });
    const input = { receptionChannelId: "human", messageDataTemplate: policy };
    const put = async () => {
      const session = await waiting(input);
      const ask = await session.ask("May we?");
      await until(() => org.questions.some(({ sessionId }) => sessionId === session.remoteId));
      const question = org.questions.find(({ sessionId }) => sessionId === session.remoteId);
      return { session, ask, questionId: question?.id ?? "" };
    };
    const good = await put();
    await org.answer(good.questionId, { decision: "approved" });
    const bad = await put();
    await org.answer(bad.questionId, { decision: "perhaps" });
    const off = await put();
    await off.session.provider.sessions.reject();
    const late = await put();
    await late.session.provider.sessions.expire();
    const outcomes = await Promise.all([good, bad, off, late].map(({ ask }) => ask.outcome));
    expect(outcomes.map(({ state }) => state)).toEqual(["answered", "failed", "rejected", "expired"]);
    expect(outcomes[1]).toMatchObject({ reason: "The answer did not fit the session's template: decision." });
    await expect(late.ask.answer).rejects.toMatchObject({ code: "ASK_EXPIRED" });
  });

  it("whose send fails although the human has it is never put again, and its answer is heard", async () => {
    const nats = await startNats();
    const { org, waiting } = await startOffice({
      nats,
      dials: { dialect: "repaired", humanReply: "plain_text" },
      provider: { pollMs: 60_000, nats: { servers: nats.url } },
    });
    const ask = await (await waiting()).ask("May we?");
    const { answer } = ask;
    await until(() => org.questions.length === 1);
    const sends = (): number =>
      org.requests.filter(({ path, status }) => path.endsWith("send_message") && status).length;
    await until(() => sends() === 1);
    expect(await ask.state()).not.toBe("unknown");
    await org.answer("question_1", { decision: "refused" });
    expect(await answer).toEqual({ decision: "refused" });
    expect([org.questions.length, sends()]).toEqual([1, 1]);
  });

  it("is answered though nats-server was killed in between, by plain messages and from a stream", async () => {
    for (const jetStream of [false, true]) {
      const nats = await startNats({ jetStream: true });
      const { org, waiting } = await startOffice({
        nats,
        dials: { dialect: "repaired" },
        provider: { pollMs: 60_000, nats: { servers: nats.url, jetStream } },
      });
      const session = await waiting();
      const { answer } = await session.ask("May we?");
      await until(() => org.questions.length === 1);
      await nats.kill();
      await until(() => session.snapshot.health.status === "degraded");
      expect(session.snapshot.health.signals).toEqual(["nats_disconnected"]);
      const answering = org.answer("question_1", { decision: "approved" });
      await nats.restart();
      expect(await answer).toEqual({ decision: "approved" });
      await answering;
    }
  });
});
