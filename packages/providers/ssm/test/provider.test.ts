import { runProcedure } from "@colloquy/core/testing";
import { describe, expect, it } from "vitest";
import { ssm } from "../src/index.js";

const region = "eu-central-1";
const provider = ssm({ region });
const fields = (options: Parameters<typeof ssm>[0]) =>
  ssm(options)
    .validateConfig()
    .map(({ field }) => field);

describe("the provider", () => {
  it("names every option that is wrong", () => {
    expect(provider.validateConfig()).toEqual([]);
    expect(fields({ region: "Frankfurt am Main" })).toEqual(["region"]);
    expect(fields({ region, endpoint: "http://10.0.0.1" })).toEqual(["endpoint"]);
    expect(fields({ region, endpoint: "http://127.0.0.1:4566" })).toEqual([]);
    expect(fields({ region, credentials: { accessKeyId: "AKIA", secretAccessKey: "two words" } })).toEqual([
      "credentials.secretAccessKey",
    ]);
    expect(fields({ region, limits: { windowFrames: 20_000 } })).toEqual(["limits"]);
  });

  it("checks what a session is made from, and takes a StartSession reply without a request", () => {
    const reply = { sessionId: "alice-1", streamUrl: "wss://gateway.example/x?cell=1%2B", tokenValue: "made-up-token" };
    expect(provider.validateSession(reply)).toEqual([]);
    expect(provider.validateSession({ target: "i-1" })).toEqual([]);
    expect(provider.validateSession({ ...reply, streamUrl: "https://gateway.example" })[0]?.field).toBe("streamUrl");
    expect(provider.validateSession({ sessionId: "alice-1" } as never).map(({ field }) => field)).toEqual([
      "streamUrl",
      "tokenValue",
    ]);
    expect(provider.validateSession({ target: " ", name: "" }).map(({ field }) => field)).toEqual(["target", "name"]);
    const { result, calls } = runProcedure(provider.create({ ...reply, name: "Shell" }), []);
    expect(calls).toEqual([]);
    expect(result).toEqual({
      remoteId: "alice-1",
      name: "Shell",
      secrets: { session_key: "made-up-token", stream_url: reply.streamUrl },
      settings: {},
    });
  });

  it("keeps the token of a resumed session, and its URL as it was", () => {
    const { resume } = provider.operations.sessions;
    const body = { SessionId: "alice-1", TokenValue: "made-up-next", StreamUrl: "wss://elsewhere.example" };
    const read = resume.decode({ status: 200, headers: {}, format: "json", body, text: "", receivedAtMs: 0 });
    expect(resume.learn?.(read)).toEqual({ secrets: { session_key: "made-up-next" } });
  });
});
