import { createColloquy } from "@colloquy/core";
import { describe, expect, it, vi } from "vitest";
import { natsSubject, type OrgNatsOptions, orgNats } from "../src/index.js";
import { readHumanEvent } from "../src/nats/event.js";
import { connectionOptions } from "../src/nats/servers.js";
import { captures } from "../src/nats/stream.js";
import { thrown } from "./support/wire.js";

const fieldsOf = (options: OrgNatsOptions): readonly string[] =>
  orgNats(options)
    .validateConfig()
    .map(({ field }) => field);

describe("options", () => {
  it("are all optional", () => {
    expect(fieldsOf({})).toEqual([]);
    expect(orgNats({ baseUrl: "http://localhost:8000/" }).baseUrl).toBe("http://localhost:8000");
    expect(orgNats({ nats: false }).facets.connect).toBeUndefined();
  });

  it.each<[OrgNatsOptions, string]>([
    [{ baseUrl: "nonsense" }, "baseUrl"],
    [{ baseUrl: "http://org.example", personalAccessToken: "made-up" }, "baseUrl"],
    [{ dialect: "repared" as never }, "dialect"],
    [{ pollMs: 0 }, "pollMs"],
    [{ personalAccessToken: "two words" }, "personalAccessToken"],
    [{ nats: { servers: "" } }, "nats.servers"],
    [{ nats: { servers: "https://nats.example" } }, "nats.servers"],
    [{ nats: { servers: "nats://a:b@one,nats://c:d@two" } }, "nats.servers"],
    [{ nats: { token: "made-up", user: "a" } }, "nats.servers"],
    [{ nats: { jetStream: { subjects: [">"] } } }, "nats.jetStream.subjects"],
    [{ nats: { jetStream: { subjects: ["*.>"] } } }, "nats.jetStream.subjects"],
    [{ nats: { jetStream: { stream: "a b" } } }, "nats.jetStream.stream"],
    [{ nats: { jetStream: { maxAgeMs: 0 } } }, "nats.jetStream.maxAgeMs"],
  ])("that are wrong are found without network: %j", (options, field) => {
    expect(fieldsOf(options)).toEqual([field]);
    expect(thrown(() => createColloquy({ providers: [orgNats(options)] })).code).toBe("CONFIG_INVALID");
  });

  it("hold subjects of streams that begin with a word", () => {
    expect(
      fieldsOf({ nats: { jetStream: { subjects: ["hitl.*", "org.>", "one__human_intervention_results"] } } }),
    ).toEqual([]);
  });
});

describe("ORG_NATS_URL", () => {
  const read = (servers: string) => connectionOptions({ servers }, "test");

  it("holds a login, which the client would ignore, and several servers", () => {
    expect(read("nats://us%40er:p%3Ass@one:4223, two")).toMatchObject({
      servers: ["one:4223", "two:4222"],
      user: "us@er",
      pass: "p:ss",
      maxReconnectAttempts: -1,
      pingInterval: 20_000,
    });
    expect(read("nats://made-up@one")).toMatchObject({ token: "made-up" });
    expect(read("tls://one")).toMatchObject({ servers: ["one:4222"], tls: {} });
    expect(connectionOptions({ servers: "nats://a:b@one", user: "c", password: "d" }, "test")).toMatchObject({
      user: "c",
      pass: "d",
    });
  });

  it("is read where no servers are given", () => {
    vi.stubEnv("ORG_NATS_URL", "nats://elsewhere:4999");
    expect(connectionOptions({}, "test").servers).toEqual(["elsewhere:4999"]);
    vi.stubEnv("ORG_NATS_URL", undefined);
    expect(connectionOptions({}, "test").servers).toEqual(["127.0.0.1:4222"]);
    vi.unstubAllEnvs();
  });

  it("is not repeated in an error", () => {
    const error = thrown(() => natsSubject({ servers: "nats://a:canary@one,nats://b:canary@two" }));
    expect(error.code).toBe("CONFIG_INVALID");
    expect(`${error.message}${JSON.stringify(error)}`).not.toContain("canary");
  });
});

describe("what is told on a subject", () => {
  const read = (text: string) => readHumanEvent(new TextEncoder().encode(text));

  it("is read as an answer, as a task, or as it is", () => {
    expect(
      read('{"event_type": "human_intervention_results", "sender_subject_id": "s", "event_payload": {"a": 1}}'),
    ).toEqual({
      eventType: "human_intervention_results",
      senderSubjectId: "s",
      payload: { a: 1 },
    });
    expect(read('{"event_type":"task","event_data":{"a":1}}')).toEqual({ eventType: "task", payload: { a: 1 } });
    expect(read('{"event_type":5,"event_payload":null}')).toEqual({ payload: null });
    expect(read("[1]")).toEqual({ payload: [1] });
    expect(read("\u0000{")).toEqual({ payload: "\u0000{" });
  });

  it("is captured by a stream when a pattern of it fits", () => {
    expect(captures(["hitl.*"], "hitl.s-1__human_intervention_results")).toBe(true);
    expect(captures(["hitl.*"], "hitl.a.b")).toBe(false);
    expect(captures(["hitl.>"], "hitl.a.b")).toBe(true);
    expect(captures(["hitl.>"], "hitl")).toBe(false);
    expect(captures(["a", "b.*.c"], "b.x.c")).toBe(true);
  });
});
