import { describe, expect, it } from "vitest";
import { plainHttp, until, useServiceStage } from "./support/service-stage.js";

describe("the control API of ATLUS", () => {
  const stage = useServiceStage(({ url }) => `${url}/control/atlus`);
  const service = plainHttp(() => stage.emulator.atlus.baseUrl);

  it("plays the model, restarts the service and tells what happened", async () => {
    const { atlus } = stage.emulator;
    const id = (await service("POST", "/api/v1/sessions", {})).body.data.session_id;
    expect((await stage.api("POST", "/scenario", { name: "person-answers" })).body.answeredBy).toBe("person");
    const reply = service("POST", "/api/v1/chat", { message: "Hello", session_id: id }, { "x-request-id": "c/1" });
    await until(() => atlus.pendingChats.length === 1);
    expect((await stage.api("GET", "/pending")).body).toMatchObject([{ message: "Hello" }]);
    await stage.api("POST", "/chats/c%2F1/answer", { text: "Hi." });
    expect((await reply).body.data.response).toBe("Hi.");
    expect((await stage.api("POST", "/restart", {})).body).toEqual({ restarts: 1 });
    expect((await stage.api("POST", `/sessions/${id}/active`, { isActive: false })).body).toMatchObject([
      { isActive: false, turns: null },
    ]);
    expect((await stage.api("GET", "/chats?since=0")).body).toMatchObject([{ answer: "Hi." }]);
    expect((await stage.api("GET", "/sessions")).body).toHaveLength(1);
    expect((await stage.api("GET", "/requests?since=1")).body).toMatchObject([{ path: "/api/v1/chat" }]);
    expect((await stage.api("POST", "/chats/none/answer", { text: "?" })).status).toBe(400);
  });

  it("turns dials, and shows all of it in the state and on the page", async () => {
    expect((await stage.api("PUT", "/dials", { chatMs: 7 })).body.chatMs).toBe(7);
    expect((await stage.api("GET", "/dials")).body.chatMs).toBe(7);
    stage.emulator.atlus.set({ chatMs: 0 });
    expect((await stage.api("PUT", "/dials", { wind: 1 })).status).toBe(400);
    expect(Object.keys((await stage.api("GET", "/scenarios")).body)).toContain("slow-answers");
    const { url } = stage.emulator;
    await service("POST", "/api/v1/chat", { message: "<b>loose</b>" });
    const state = await plainHttp(() => url)("GET", "/control/state");
    expect(state.body).toMatchObject({ atlus: { scenario: "calm", counts: { chats: 1 } }, org: { scenario: "calm" } });
    const page = (await plainHttp(() => url)("GET", "/")).text;
    for (const text of ["ATLUS", "Organisation sessions", "&lt;b&gt;loose", "Without a session"])
      expect(page).toContain(text);
    expect((await stage.api("POST", "/reset", {})).body).toEqual({ reset: true });
    expect(stage.emulator.atlus.chats).toEqual([]);
  });
});

describe("the control API of the organisation's servers", () => {
  const stage = useServiceStage(({ url }) => `${url}/control/org`);
  const service = plainHttp(() => stage.emulator.org.sessionsUrl);

  it("plays the human, adds channels, expires and tells what happened", async () => {
    expect((await stage.api("POST", "/channels", { channelId: "quick", policy: "immediately" })).body).toHaveLength(2);
    await service("POST", "/sessions", {
      session_id: "s1",
      message_data_template: {
        policy_input_schema: { decision: { type: "string", enum: ["yes"] }, amount: { type: "number" } },
      },
    });
    await service("POST", "/sessions/s1/send_message", { channel_id: "human", message: "<i>May I?</i>" });
    const page = (await plainHttp(() => stage.emulator.url)("GET", "/")).text;
    for (const text of [
      "&lt;i&gt;May I?",
      "question_1",
      "&quot;decision&quot;: &quot;yes&quot;",
      "&quot;amount&quot;: 0",
    ])
      expect(page).toContain(text);
    expect((await stage.api("POST", "/questions/question_1/answer", { decision: "yes", amount: 1 })).body).toEqual({
      status: 200,
    });
    expect((await stage.api("GET", "/published")).body).toHaveLength(1);
    expect((await stage.api("GET", "/questions")).body).toMatchObject([{ answers: [{ status: 200 }] }]);
    expect((await stage.api("GET", "/sessions")).body).toMatchObject([{ status: "validated" }]);
    expect((await stage.api("GET", "/channels")).body).toHaveLength(2);
    expect((await stage.api("POST", "/sweep", {})).body).toEqual({ expired: 0 });
    expect((await stage.api("GET", "/requests?since=2")).body[0].path).toBe("/human/human");
    expect((await stage.api("POST", "/questions/question_9/answer", {})).status).toBe(400);
    expect((await plainHttp(() => stage.emulator.url)("GET", "/")).text).toContain("No question waits");
  });
});
