import { createServer } from "node:net";
import { natsPublisher } from "@colloquy/emulator";
import { describe, expect, it, onTestFinished } from "vitest";
import { type HumanEvent, natsSubject } from "../src/index.js";
import { hasNats, startNats, startOffice, until } from "./support/office.js";

const rejection = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "nothing was refused",
    (error: unknown) => error,
  );

describe.skipIf(!hasNats)("the line of a session", () => {
  it("says so when the password is wrong, repeats none, and looks for answers all the same", async () => {
    const nats = await startNats({ user: "colloquy", password: "canary-right" });
    const wrong = nats.url.replace("canary-right", "canary-wrong");
    const { waiting, org } = await startOffice({
      nats,
      dials: { dialect: "repaired", humanPolicy: "immediately" },
      provider: { pollMs: 50, nats: { servers: wrong } },
    });
    const session = await waiting();
    const { status, problem } = await session.connection();
    expect([status, problem?.code]).toEqual(["down", "CREDENTIAL_REJECTED"]);
    await until(() => session.snapshot.health.status === "degraded");
    const { signals, userAction } = session.snapshot.health;
    expect([signals, userAction]).toEqual([["nats_login_refused"], expect.stringContaining("ORG_NATS_URL")]);
    expect(await (await session.ask("May we?")).answer).toEqual({ decision: "approved" });
    expect(org.questions).toHaveLength(1);
    expect(`${String(problem)}${JSON.stringify([problem, await session.explain()])}`).not.toContain("canary");
  });

  it("hears of a permission that is missing", async () => {
    const login =
      'authorization { users = [ { user: a, password: b, permissions: { subscribe: { deny: "hitl.*" } } } ] }';
    const nats = await startNats({ config: login });
    const servers = `nats://a:b@127.0.0.1:${nats.port}`;
    const { waiting } = await startOffice({ nats, provider: { dialect: "repaired", nats: { servers } } });
    const session = await waiting();
    expect((await session.connection()).problem).toMatchObject({ code: "PERMISSION_DENIED" });
    await until(() => session.snapshot.health.signals[0] === "nats_permission_missing");
  });

  it("comes up when there is a server at last; questions do not wait for it", async () => {
    const port = await freePort();
    const { org, waiting } = await startOffice({
      dials: { dialect: "repaired", humanPolicy: "immediately" },
      provider: { pollMs: 50, nats: { servers: `nats://127.0.0.1:${port}` } },
    });
    const first = await waiting();
    expect(await (await first.ask("May we?")).answer).toEqual({ decision: "approved" });
    const second = await waiting();
    await until(() => second.snapshot.health.status === "degraded");
    await startNats({ port });
    await until(() => second.snapshot.health.status === "ok");
    expect(await second.connection()).toMatchObject({ status: "up", isDurable: false });
    expect(org.questions).toHaveLength(1);
  });

  it("is one for all sessions, and is closed after the last", async () => {
    const nats = await startNats({ config: "http: 127.0.0.1:-1" });
    const { colloquy, waiting } = await startOffice({ nats, provider: { nats: { servers: nats.url } } });
    const observer = natsSubject({ servers: nats.url });
    onTestFinished(() => observer.close());
    const sessions = await Promise.all([waiting(), waiting(), waiting()]);
    const surfaces = await Promise.all(sessions.map((session) => session.connection()));
    expect(new Set(surfaces.map(({ subject }) => subject)).size).toBe(3);
    expect(surfaces.map(({ status }) => status)).toEqual(["up", "up", "up"]);
    await sessions[0]?.close();
    expect(surfaces[1]?.status).toBe("up");
    await colloquy.shutdown();
    expect(surfaces.map(({ status }) => status)).toEqual(["down", "down", "down"]);
  });
});

describe.skipIf(!hasNats)("a subject alone", () => {
  it("is asked, and answers to the question's own inbox", async () => {
    const nats = await startNats({ token: "made-up" });
    const [asking, answering] = [natsSubject({ servers: nats.url }), natsSubject({ servers: nats.url })];
    onTestFinished(async () => void (await Promise.all([asking.close(), answering.close()])));
    expect(await rejection(asking.ask("team.approvals", { text: "May we?" }))).toMatchObject({
      code: "REMOTE_NOT_FOUND",
    });
    const asked: HumanEvent[] = [];
    await answering.listen("team.approvals", (event) => {
      asked.push(event);
      const { question_id: inbox, text } = event.payload as { question_id: string; text: string };
      void answering.publish(inbox, { event_type: "answer", event_payload: { to: text } });
    });
    const answers = await Promise.all(["a", "b", "c"].map((text) => asking.ask("team.approvals", { text })));
    expect(answers.map(({ payload }) => payload)).toEqual([{ to: "a" }, { to: "b" }, { to: "c" }]);
    expect(asked[0]).toMatchObject({ eventType: "task", senderSubjectId: "colloquy" });
  });

  it("is asked, and its answer is told as an event, each to its own question", async () => {
    const nats = await startNats();
    const asking = natsSubject({ servers: nats.url });
    const publisher = natsPublisher(nats.url);
    onTestFinished(async () => {
      publisher.close();
      await asking.close();
    });
    const ids: string[] = [];
    const told: Promise<void>[] = [];
    await asking.listen("hitl.7", ({ payload }) => {
      ids.push((payload as { question_id: string }).question_id);
      if (ids.length === 2) tell(ids.toReversed());
    });
    const tell = (all: readonly string[]): void => {
      for (const id of all)
        told.push(
          publisher.publish(
            "hitl.7__human_intervention_results",
            JSON.stringify({
              event_type: "human_intervention_results",
              event_payload: { question_id: id, n: ids.indexOf(id) },
            }),
          ),
        );
    };
    const ask = () => asking.ask("hitl.7", {}, { answer: "event", timeoutMs: 20_000 });
    const answers = await Promise.all([ask(), ask()]);
    expect(answers.map(({ payload }) => (payload as { n: number }).n)).toEqual([0, 1]);
    await Promise.all(told);
  });

  it("fails with its own error for a late answer, a line that is down, a wrong login and a subject that is none", async () => {
    const nats = await startNats({ user: "a", password: "b" });
    const told: string[] = [];
    const line = natsSubject({ servers: nats.url, onStatus: (status) => void told.push(status) });
    onTestFinished(() => line.close());
    expect(await rejection(line.ask("a b", {}))).toMatchObject({ code: "INPUT_INVALID" });
    await line.listen("quiet", () => undefined);
    expect(await rejection(line.ask("quiet", {}, { timeoutMs: 20 }))).toMatchObject({
      code: "WAIT_TIMEOUT",
      outcome: "unknown",
    });
    const stop = new AbortController();
    const cancelled = rejection(line.ask("quiet", {}, { signal: stop.signal }));
    stop.abort();
    expect(await cancelled).toMatchObject({ name: "AbortError" });
    await nats.kill();
    await until(() => line.status === "down");
    expect(await rejection(line.publish("quiet", {}))).toMatchObject({ code: "NETWORK_UNREACHABLE" });
    await nats.restart();
    await until(() => line.status === "up");
    await line.publish("quiet", {});
    expect(told).toEqual(["up", "down", "up"]);
    const stranger = natsSubject({ servers: nats.url.replace(":b@", ":c@") });
    expect(await rejection(stranger.publish("quiet", {}))).toMatchObject({ code: "CREDENTIAL_REJECTED" });
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  await new Promise((resolve) => {
    server.close(resolve);
  });
  if (address === null || typeof address === "string") throw new Error("No port was given.");
  return address.port;
}
