import { describe, expect, it } from "vitest";
import { useSsmStage } from "./support/ssm-stage.js";

describe("the control API of the gateway", () => {
  const stage = useSsmStage();
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look at parts of what came back.
  const call = async (method: string, path: string, body?: unknown): Promise<{ status: number; body: any }> => {
    const response = await fetch(`${stage.emulator.url}/control${path}`, {
      method,
      ...(method === "GET"
        ? {}
        : { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body ?? {}) }),
    });
    return { status: response.status, body: await response.json() };
  };

  it("starts sessions, tells how they stand, and makes things happen to them", async () => {
    const { status, body: answer } = await call("POST", "/ssm/sessions", {
      document: "Colloquy-Bulk",
      parameters: { bytes: "100" },
    });
    expect(status).toBe(201);
    const id = answer.SessionId;
    const { DataChannelClient } = await import("./support/data-channel-client.js");
    const client = new DataChannelClient(answer);
    await client.open();
    await client.until(() => client.outputBytes === 100, "the output");
    expect((await call("POST", `/ssm/sessions/${id}/pause`)).body).toMatchObject({ isPaused: true });
    expect((await call("POST", `/ssm/sessions/${id}/start`)).body).toMatchObject({ isPaused: false });
    expect((await call("GET", `/ssm/sessions/${id}`)).body).toMatchObject({
      counters: { framesOut: 1, bytesOut: 100 },
    });
    expect((await call("POST", `/ssm/sessions/${id}/deafen`)).body.state).toBe("connected");
    expect((await call("POST", `/ssm/sessions/${id}/cut`)).body.state).toBe("disconnected");
    expect((await call("POST", `/ssm/sessions/${id}/bye`)).body.state).toBe("disconnected");
    expect((await call("POST", `/ssm/sessions/${id}/revoke-tokens`)).status).toBe(200);
    expect((await call("POST", `/ssm/sessions/${id}/terminate`, { output: "enough" })).body.phase).toBe("ended");
    client.close();
    expect((await call("GET", "/ssm/sessions")).body).toHaveLength(1);
    expect((await call("POST", "/ssm/reset")).body).toMatchObject({ sessions: [], requests: [] });
  });

  it("turns dials, chooses scenarios, and refuses what does not exist", async () => {
    expect((await call("PUT", "/ssm/dials", { dropRate: 0.5 })).body.dropRate).toBe(0.5);
    expect((await call("GET", "/ssm/dials")).body.dropRate).toBe(0.5);
    expect((await call("POST", "/ssm/scenario", { name: "storm" })).body.lostAckRate).toBe(0.4);
    expect((await call("GET", "/ssm/scenarios")).body.storm.description).toContain("third");
    for (const [method, path, body] of [
      ["PUT", "/ssm/dials", { wind: 1 }],
      ["POST", "/ssm/scenario", { name: "flood" }],
      ["POST", "/ssm/sessions", { document: "No-Such" }],
      ["POST", "/ssm/sessions/nobody/cut", {}],
    ] as const) {
      expect(await call(method, path, body)).toMatchObject({ status: 400, body: { error: expect.any(String) } });
    }
  });

  it("tells nobody a token, on the state or on the page", async () => {
    const { TokenValue, SessionId } = stage.ssm.start({ document: "Colloquy-Echo" });
    const state = JSON.stringify((await call("GET", "/state")).body);
    const page = await (await fetch(stage.emulator.url)).text();
    for (const text of [state, page]) {
      expect(text).toContain(SessionId);
      expect(text).not.toContain(TokenValue);
    }
    expect(JSON.parse(state).ssm).toMatchObject({ scenario: "calm", endpointUrl: stage.ssm.endpointUrl });
    expect(page).toContain("SSM gateway");
    expect(page).toContain(`/control/ssm/sessions/${SessionId}/cut`);
  });
});
