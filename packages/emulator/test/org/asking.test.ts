import { describe, expect, it } from "vitest";
import { plainHttp, until, useServiceStage } from "../support/service-stage.js";

const subject = "hitl.s1__human_intervention_results";

describe("a question to a human", () => {
  const stage = useServiceStage(({ org }) => org.sessionsUrl, {
    org: {
      dials: { dialect: "repaired" },
      channels: { quick: "immediately", later: "later", twice: "twice", wrong: "invalid", silent: "never" },
    },
  });
  const channels = plainHttp(() => stage.emulator.org.channelsUrl);
  const template = { policy_input_schema: { decision: { type: "string", enum: ["approved", "refused"] } } };
  const create = (fields: Record<string, unknown> = {}) =>
    stage.api("POST", "/session", {
      session_id: "s1",
      subject_id: "hitl.s1",
      message_data_template: template,
      expiry_date: null,
      ...fields,
    });
  const ask = (channel_id: string, message = "May I?") =>
    stage.api("POST", "/sessions/s1/send_message", { channel_id, message });
  const stored = async () => (await stage.api("GET", "/session/s1")).body.data;

  it("reaches the person on the page, whose answer is stored, checked and published", async () => {
    await create({ message_data: { amount: 7 } });
    expect((await ask("human")).body).toEqual({
      status: "message_sent",
      details: { success: true, data: { received: true } },
    });
    const { org } = stage.emulator;
    expect(org.questions).toMatchObject([
      { id: "question_1", channelId: "human", sessionId: "s1", message: "May I?", template, answers: [] },
    ]);
    expect(org.questions[0]?.responseUrl).toBe(`${org.channelsUrl}/webhook-response`);
    expect(await org.answer("question_1", { decision: "approved", note: "né" })).toBe(200);
    expect(await stored()).toMatchObject({
      status: "validated",
      message_data: { amount: 7, decision: "approved", note: "né" },
    });
    expect(org.published).toMatchObject([
      {
        subject,
        payload:
          '{"event_type": "human_intervention_results", "sender_subject_id": "sessions_system", ' +
          '"event_payload": {"decision": "approved", "note": "n\\u00e9"}}',
        isDelivered: true,
      },
    ]);
    expect(() => org.answer("question_9", {})).toThrow("There is no question question_9");
  });

  it("can be answered before its own request has ended", async () => {
    await create();
    await ask("quick");
    expect(stage.emulator.org.questions[0]?.answers).toMatchObject([{ status: 200 }]);
    expect((await stored()).status).toBe("validated");
  });

  it("is answered later, never, wrongly or twice, as the channel's human does", async () => {
    const { org } = stage.emulator;
    await create();
    await ask("silent");
    stage.clock.advance(60_000);
    expect(org.published).toEqual([]);
    await ask("later");
    stage.clock.advance(1_000);
    await until(() => org.questions[1]?.answers[0]?.status === 200);
    await ask("wrong");
    expect(org.published).toHaveLength(2);
    expect(await stored()).toMatchObject({ status: "validated", message_data: { unasked: true } });
    // Within one second the same answer would change nothing.
    stage.clock.advance(1_000);
    await ask("twice");
    stage.clock.advance(1_000);
    await until(() => org.questions[3]?.answers[1]?.status === 200);
    expect(org.published).toHaveLength(4);
  });

  it("is marked failed by an answer that does not fit, which is stored and published all the same", async () => {
    await create();
    await ask("wrong");
    expect(await stored()).toMatchObject({ status: "failed", message_data: { unasked: true } });
    expect(stage.emulator.org.published).toHaveLength(1);
  });

  it("takes late answers over expired and failed ones, but not the same twice in a second", async () => {
    await create({ expiry_date: 1 });
    expect(stage.emulator.org.sweep()).toBe(1);
    const answer = (decision: string) =>
      stage.api("POST", "/channels/response", { session_id: "s1", response_data: { decision } });
    expect((await answer("approved")).body).toEqual({
      status: "success",
      data: { status: "validated", validation_errors: {} },
    });
    expect(await answer("approved")).toMatchObject({
      status: 500,
      body: { status: "error", message: "{'error': 'Failed to update session'}" },
    });
    stage.clock.advance(1_000);
    expect((await answer("approved")).status).toBe(200);
    expect((await answer("maybe")).body.data).toEqual({
      status: "failed",
      validation_errors: { decision: "Value 'maybe' not in allowed set ['approved', 'refused']" },
    });
    expect(stage.emulator.org.published).toHaveLength(3);
    expect(stage.emulator.org.sessions[0]).toHaveProperty("last_validated_at");
    expect(await stored()).not.toHaveProperty("last_validated_at");
  });

  it.each([
    ["plain_text", 200],
    ["no_content", 204],
    ["error", 503],
  ] as const)("reaches the human though the send fails: %s", async (humanReply, _status) => {
    stage.emulator.org.set({ humanReply });
    const reply = await ask("human");
    expect(reply).toMatchObject({ status: 500, body: { error: { success: false } } });
    expect(stage.emulator.org.questions).toHaveLength(1);
  });

  it.each(["accepted", "empty"] as const)("is sent when the human's endpoint says %s", async (humanReply) => {
    stage.emulator.org.set({ humanReply });
    expect((await ask("human")).status).toBe(200);
  });

  it("is given up after five seconds, though the human has it", async () => {
    stage.emulator.org.set({ humanReply: "slow" });
    const reply = ask("human");
    await until(() => stage.emulator.org.questions.length === 1);
    stage.clock.advance(5_000);
    expect(await reply).toMatchObject({
      status: 500,
      body: { error: { error: expect.stringContaining("timed out") } },
    });
  });

  it("is refused for what is missing, and fails for a channel that is not there", async () => {
    expect(await stage.api("POST", "/sessions/s1/send_message", { channel_id: "human" })).toMatchObject({
      status: 400,
      body: { error: "Missing 'channel_id' or 'message'" },
    });
    expect((await ask("nobody")).body).toEqual({ error: { error: "Channel nobody not found", success: false } });
    await channels("POST", "/channel", { channel_id: "bare" });
    expect((await ask("bare")).body.error.error).toBe("Channel metadata missing 'endpoint_url'");
    await channels("PUT", "/channel/bare", { channel_metadata: { endpoint_url: "http://127.0.0.1:1/" } });
    expect((await ask("bare")).body.error.error).toContain("Max retries exceeded");
    const typeless = await stage.api("POST", "/sessions/s1/send_message", "{}", { "content-type": "text/plain" });
    expect([typeless.status, typeless.text.slice(0, 9)]).toEqual([415, "<!doctype"]);
    expect((await stage.api("POST", "/sessions/s1/send_message", "{")).status).toBe(400);
    expect((await stage.api("POST", "/sessions/s1/send_message", [])).status).toBe(500);
  });

  it("goes through the channels server by itself too", async () => {
    const message = { channel_id: "human", session_id: "s1", message: "Hi", response_url: "http://127.0.0.1:1/" };
    expect((await channels("POST", "/channel/message", message)).body).toEqual({
      success: true,
      data: { received: true },
    });
    expect(await stage.emulator.org.answer("question_1", {})).toBe(0);
    expect((await channels("POST", "/channel/message", { ...message, message: "" })).body.error).toBe(
      "Missing field: message",
    );
    expect((await channels("POST", "/channel/message", { ...message, channel_id: "x" })).status).toBe(400);
  });

  it("is answered at the channels server, where an empty answer counts as none", async () => {
    await create();
    const respond = (body: unknown) => channels("POST", "/webhook-response", body);
    expect((await respond({ session_id: "s1", response_data: {} })).status).toBe(400);
    expect((await respond({ session_id: "s1", response_data: { decision: "no" } })).body).toEqual({
      success: true,
      message: "Response processed",
    });
    const unknown = await respond({ session_id: "ghost", response_data: { a: 1 } });
    expect(unknown).toMatchObject({ status: 500, body: { error: expect.stringContaining("Session not found") } });
    expect((await respond({ session_id: "s1", response_data: "text" })).status).toBe(500);
  });

  it("cannot be answered when the human was told the wrong address", async () => {
    await create();
    stage.emulator.org.scenario("wrong-response-url");
    await ask("human");
    expect(await stage.emulator.org.answer("question_1", { decision: "approved" })).toBe(404);
  });

  it("meets a page when the check crashes or the answer is no object, and nothing is stored", async () => {
    await create({ message_data_template: null });
    const answer = (response_data: unknown) =>
      stage.api("POST", "/channels/response", { session_id: "s1", response_data });
    for (const data of [{ a: 1 }, "text", []]) expect((await answer(data)).text).toContain("<title>500");
    expect(await stored()).toMatchObject({ status: "pending", message_data: {} });
    expect((await stage.api("POST", "/channels/response", { session_id: "s1" })).status).toBe(400);
  });

  it("can be checked without being answered", async () => {
    await create();
    const check = (response_data: unknown, session_id = "s1") =>
      stage.api("POST", "/webhook/validate_response", { session_id, response_data });
    expect((await check({ decision: "refused" })).body).toEqual({ status: "valid", errors: {} });
    expect(await check({})).toMatchObject({ status: 422, body: { errors: { decision: "Missing required field" } } });
    expect((await check({ a: 1 }, "ghost")).status).toBe(404);
    expect((await check(null)).status).toBe(400);
    expect((await check("text")).status).toBe(500);
    await stage.api("PUT", "/session/s1", { message_data_template: null });
    expect((await check({})).status).toBe(500);
    expect(await stored()).toMatchObject({ status: "pending" });
  });

  it("expires at the start and every five minutes, and tells nobody", async () => {
    const now = Math.floor(stage.clock.now() / 1_000);
    for (const [session_id, expiry_date] of [
      ["zero", 0],
      ["soon", now + 200],
      ["later", now + 400],
      ["never", null],
      ["text", "2020-01-01"],
    ])
      await create({ session_id, expiry_date });
    const statuses = () =>
      Object.fromEntries(stage.emulator.org.sessions.map((one) => [one["session_id"], one["status"]]));
    stage.clock.advance(300_000);
    expect(statuses()).toEqual({
      zero: "expired",
      soon: "expired",
      later: "pending",
      never: "pending",
      text: "pending",
    });
    stage.clock.advance(300_000);
    expect(statuses()["later"]).toBe("expired");
    expect(stage.emulator.org.published).toEqual([]);
  });
});

describe("publishing", () => {
  const sent: unknown[] = [];
  let isStuck = false;
  const stage = useServiceStage(({ org }) => org.sessionsUrl, {
    org: {
      dials: { dialect: "repaired", humanPolicy: "immediately" },
      answer: ({ sessionId }) => ({ answerTo: sessionId }),
      publish: (...event) => {
        sent.push(event);
        return isStuck ? new Promise<void>(() => undefined) : undefined;
      },
    },
  });
  const asked = async (subject_id: unknown) => {
    sent.length = 0;
    await stage.api("POST", "/session", { session_id: "s1", subject_id });
    await stage.api("POST", "/sessions/s1/send_message", { channel_id: "human", message: "Well?" });
    return sent;
  };

  it("goes to the caller's function, with the answer as it was posted", async () => {
    const [[subject, payload]] = (await asked("hitl.s1")) as [[string, string]];
    expect([subject, JSON.parse(payload).event_payload]).toEqual([
      "hitl.s1__human_intervention_results",
      { answerTo: "s1" },
    ]);
  });

  it.each([
    [null, "None__human_intervention_results", undefined],
    ["", "__human_intervention_results", undefined],
    ["has space", "has", "space__human_intervention_results"],
  ])("of the subject %j goes where the protocol takes it", async (subject, to, reply) => {
    const [event] = (await asked(subject)) as [unknown[]];
    expect([event[0], event[2]]).toEqual([to, reply]);
    expect(stage.emulator.org.published[0]).toMatchObject({ subject: to, ...(reply === undefined ? {} : { reply }) });
  });

  it("fails after the answer was stored", async () => {
    stage.emulator.org.set({ publishFails: true });
    expect(await asked("hitl.s1")).toEqual([]);
    expect(stage.emulator.org.sessions[0]?.["status"]).toBe("validated");
    expect(stage.emulator.org.published).toMatchObject([{ isDelivered: false }]);
    expect(stage.emulator.org.questions[0]?.answers[0]?.status).toBe(500);
  });

  it("that hangs lets the human's answer fail after five seconds, though it is stored", async () => {
    isStuck = true;
    await stage.api("POST", "/session", { session_id: "s1", subject_id: "hitl.s1" });
    stage.emulator.org.set({ humanPolicy: "person" });
    await stage.api("POST", "/sessions/s1/send_message", { channel_id: "human", message: "Well?" });
    const status = stage.emulator.org.answer("question_1", { decision: "approved" });
    await until(() => stage.emulator.org.published.length === 1);
    stage.clock.advance(5_000);
    expect(await status).toBe(500);
    expect(stage.emulator.org.sessions[0]?.["status"]).toBe("validated");
    isStuck = false;
  });

  it("never happens on the server as shipped", async () => {
    stage.emulator.org.set({ dialect: "as-shipped" });
    expect(await asked("hitl.s1")).toEqual([]);
    expect(stage.emulator.org).toMatchObject({ published: [], sessions: [{ status: "validated" }] });
  });
});
