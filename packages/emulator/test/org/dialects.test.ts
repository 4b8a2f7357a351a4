import { describe, expect, it } from "vitest";
import { orgRoutes } from "../../src/index.js";
import { useServiceStage } from "../support/service-stage.js";

describe("the server as documented", () => {
  const stage = useServiceStage(({ org }) => org.sessionsUrl);

  it("makes, asks, rejects and expires as the client's documentation says", async () => {
    const made = await stage.api("POST", "/sessions", {
      session_id: "session123",
      message_data: { initial: "data" },
      message_data_template: { type: "object", additionalProperties: true },
      expiry_date: 1_700_000_000,
      subject_id: "subjectXYZ",
    });
    expect(made).toMatchObject({
      status: 201,
      body: { data: { session_id: "session123", status: "pending", message_data: { initial: "data" } } },
    });
    const sent = await stage.api("POST", "/sessions/session123/send_message", {
      channel_id: "human",
      message: "Please confirm your details.",
    });
    expect(sent.body.status).toBe("message_sent");
    expect((await stage.api("POST", "/sessions/expire")).body).toEqual({ status: "expiry_triggered" });
    expect((await stage.api("GET", "/session/session123")).body.data.status).toBe("expired");
    const rejected = await stage.api("PATCH", "/sessions/session123", { status: "FAILED" });
    expect(rejected.body.data.status).toBe("failed");
    await stage.emulator.org.answer("question_1", { ok: true });
    expect(stage.emulator.org.published[0]?.subject).toBe("subjectXYZ__human_intervention_results");
  });

  it("lets a session without a date never expire, and refuses what makes no sense", async () => {
    await stage.api("POST", "/sessions", { session_id: "s1" });
    stage.clock.advance(600_000);
    expect((await stage.api("GET", "/session/s1")).body.data).toMatchObject({ status: "pending", expiry_date: null });
    expect((await stage.api("POST", "/sessions", { session_id: "s1" })).status).toBe(409);
    expect((await stage.api("POST", "/sessions", {})).status).toBe(400);
    expect((await stage.api("PATCH", "/sessions/s1", { status: 1 })).status).toBe(400);
    expect((await stage.api("PATCH", "/sessions/s1", { message_data: { a: 1 } })).body.data.message_data).toEqual({
      a: 1,
    });
    const unknown = await stage.api("PATCH", "/sessions/ghost", {});
    expect(unknown).toMatchObject({ status: 404, body: { success: false, error: "No document found" } });
  });
});

describe.each(["repaired", "as-shipped"] as const)("the real server, %s", (dialect) => {
  const stage = useServiceStage(({ org }) => org.sessionsUrl, { org: { dials: { dialect } } });

  it("takes the documented creation for a query, and makes nothing", async () => {
    const { status, body } = await stage.api("POST", "/sessions", { session_id: "s1", message_data: {} });
    expect([status, body]).toEqual([200, { data: [], success: true }]);
    expect((await stage.api("GET", "/session/s1")).status).toBe(404);
  });

  it("knows no rejection and cannot expire", async () => {
    const rejected = await stage.api("PATCH", "/sessions/s1", { status: "FAILED" });
    expect([rejected.status, rejected.body]).toEqual([404, undefined]);
    expect(await stage.api("POST", "/sessions/expire")).toMatchObject({
      status: 500,
      body: { error: "'ExpiryScheduler' object has no attribute 'expire_sessions'" },
    });
  });
});

describe("the organisation's emulator", () => {
  const stage = useServiceStage(({ org }) => org.sessionsUrl, { org: { channels: { quick: "immediately" } } });

  it("names every route with its server and dialects", () => {
    const of = (dialect: string) => orgRoutes.filter(({ dialects }) => (dialects as string[]).includes(dialect)).length;
    expect([of("as-documented"), of("repaired"), of("as-shipped")]).toEqual([18, 17, 17]);
  });

  it("refuses dials, scenarios and paths that do not exist", async () => {
    const { org, url } = stage.emulator;
    expect(() => org.set({ dialect: "klingon" } as never)).toThrow(TypeError);
    expect(() => org.scenario("storm")).toThrow(/No scenario "storm"/);
    expect((await fetch(`${url}/org/elsewhere`)).status).toBe(404);
  });

  it("forgets what happened on reset, and keeps its channels", async () => {
    const { org } = stage.emulator;
    org.addChannel("extra", "never");
    org.addChannel("extra", "twice");
    await stage.api("POST", "/sessions", { session_id: "s1" });
    await stage.api("POST", "/sessions/s1/send_message", { channel_id: "quick", message: "?" });
    org.scenario("flaky");
    org.reset();
    expect(org).toMatchObject({ sessions: [], questions: [], published: [], requests: [], scenarioName: "calm" });
    expect(org.channels.map(({ channel_id }) => channel_id)).toEqual(["human", "quick"]);
    await stage.api("POST", "/sessions", { session_id: "s1" });
    expect((await stage.api("POST", "/sessions/s1/send_message", { channel_id: "quick", message: "?" })).status).toBe(
      200,
    );
    expect(org.questions[0]?.answers[0]?.status).toBe(200);
  });
});
