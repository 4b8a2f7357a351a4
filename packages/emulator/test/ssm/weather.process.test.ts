import { describe, expect, it } from "vitest";
import { bulkBytes, bulkDigest, ssmScenarios } from "../../src/index.js";
import { useSsmStage } from "./support/ssm-stage.js";

const seed = 20_260_821;

describe("the weather", () => {
  const stage = useSsmStage();
  const byteCount = 400_003;
  const bulk = { document: "Colloquy-Bulk", parameters: { bytes: String(byteCount), seed: String(seed) } };

  it.each([
    ["storm", "lost"],
    ["lossy", "lost"],
    ["doubled", "doubled"],
    ["shuffled", "overtaken"],
    ["lost-acks", "lost"],
    ["garbage", "garbage"],
    ["lethal-garbage", "garbage"],
    ["short-headers", "framesOut"],
  ] as const)(`of "%s" changes no byte in either direction (seed ${seed})`, async (scenario, counter) => {
    stage.ssm.scenario(scenario);
    const { client, id } = await stage.opened(bulk);
    const input = bulkBytes(seed + 1, 100_001);
    await client.until(() => client.outputBytes > 0, "the first output");
    client.type(input);
    await client.until(() => client.outputBytes === byteCount, "all output");
    await client.until(() => stage.ssm.session(id).counters.bytesIn === input.length, "all input");
    await client.until(() => client.unackedCount === 0, "all acknowledgements");
    expect(client.digest).toBe(bulkDigest(seed, byteCount));
    const { inputSha256, counters } = stage.ssm.session(id);
    expect(inputSha256).toBe(bulkDigest(seed + 1, input.length));
    expect(counters[counter]).toBeGreaterThan(0);
    stage.ssm.terminate(id);
    await client.untilClosed();
  });

  it("can blow one way only", async () => {
    stage.ssm.set({ dropRate: 0.5, direction: "input" });
    const { client, id } = await stage.opened({ document: "Colloquy-Echo" });
    client.type(bulkBytes(seed, 30_000));
    await client.until(() => client.outputBytes === 30_000, "the echo");
    expect(client.digest).toBe(bulkDigest(seed, 30_000));
    const { counters } = stage.ssm.session(id);
    expect(counters.lost).toBeGreaterThan(0);
    expect(client.frames.length).toBe(counters.framesOut + counters.copiesOut);
  });

  it("cuts connections, and numbering goes on where it was", async () => {
    stage.ssm.set({ dropRate: 0.1, lostAckRate: 0.2 });
    const { client, id } = await stage.opened({ document: "Colloquy-Echo" });
    const input = bulkBytes(seed, 200_000);
    for (let cut = 0; cut < 5; cut += 1) {
      client.type(input.subarray(cut * 40_000, (cut + 1) * 40_000));
      await client.until(() => client.outputBytes > cut * 40_000 + 10_000, "some of the echo");
      if (cut % 2 === 0) stage.ssm.cut(id);
      else stage.ssm.bye(id);
      await client.until(() => client.wsClosed !== undefined, "the break");
      expect(client.wsClosed).toEqual(cut % 2 === 0 ? { code: 1_006, reason: "" } : { code: 1_000, reason: "Bye" });
      expect(stage.ssm.session(id).state).toBe("disconnected");
      const { status, body } = await stage.api("AmazonSSM.ResumeSession", { SessionId: id });
      expect(status).toBe(200);
      await client.open(body.TokenValue);
    }
    await client.until(() => client.outputBytes === input.length, "all of the echo", 20_000);
    expect(client.digest).toBe(bulkDigest(seed, input.length));
    // The echo may have been complete before the last break.
    await client.until(() => stage.ssm.session(id).counters.connections === 6, "the last connection");
  });

  it.each([
    [{ closeEveryMs: 40 }, 1_000],
    [{ cutEveryMs: 40 }, 1_006],
    [{ cutEveryFrames: 20 }, 1_006],
  ] as const)("breaks every connection by itself: %o", async (dials, code) => {
    stage.ssm.set(dials);
    const { client, id } = await stage.opened(bulk);
    for (let count = 0; count < 3; count += 1) {
      await client.until(() => client.wsClosed !== undefined, "the break");
      expect(client.wsClosed?.code).toBe(code);
      await client.open(stage.ssm.resume(id).TokenValue);
    }
    stage.ssm.set({ closeEveryMs: null, cutEveryMs: null, cutEveryFrames: null });
    // The last connection was opened under the old dials.
    await client.open(stage.ssm.resume(id).TokenValue);
    await client.until(() => client.outputBytes === byteCount, "all output");
    expect(client.digest).toBe(bulkDigest(seed, byteCount));
  });

  it("ends sessions that were cut off: what was missing comes first, then the end", async () => {
    const { client, id } = await stage.opened({
      document: "Colloquy-Bulk",
      parameters: { bytes: "100000", seed: String(seed), end: "close" },
    });
    stage.ssm.cut(id);
    await client.until(() => client.wsClosed !== undefined, "the break");
    await client.open(stage.ssm.resume(id).TokenValue);
    await client.untilClosed();
    expect(client.digest).toBe(bulkDigest(seed, 100_000));
    await client.until(() => client.wsClosed !== undefined, "the close");
    // Told once more to whoever missed it.
    await client.open(stage.ssm.resume(id).TokenValue);
    await client.until(() => client.closed.length === 2, "the same again");
  });

  it("goes deaf: no pong, no acknowledgement, no output, and the next connection works", async () => {
    const { client, id } = await stage.opened({ document: "Colloquy-Echo" });
    client.type("one");
    await client.untilText("one");
    await client.until(() => client.unackedCount === 0, "acknowledgements");
    stage.ssm.deafen(id);
    const heard = client.frames.length;
    client.type("two");
    const pong = client.ping().then(() => "pong");
    const silence = new Promise((resolve) => setTimeout(resolve, 200, "silence"));
    expect(await Promise.race([pong, silence])).toBe("silence");
    expect(client.frames.length).toBe(heard);
    expect(client.unackedCount).toBe(1);
    await client.open(stage.ssm.resume(id).TokenValue);
    await client.untilText("onetwo");
  });

  it("is deaf from the start when the dial says so", async () => {
    stage.ssm.set({ deaf: true });
    const { client } = await stage.opened({ document: "Colloquy-Bulk", parameters: { bytes: "10" } });
    const silence = new Promise((resolve) => setTimeout(resolve, 150, "silence"));
    expect(await Promise.race([client.ping(), silence])).toBe("silence");
    expect(client.frames).toEqual([]);
  });

  it("asks the client to pause, and counts what comes all the same", async () => {
    stage.ssm.set({ shortServiceHeaders: true });
    const { client, id } = await stage.opened({ document: "Colloquy-Echo" });
    stage.ssm.pausePublication(id);
    await client.until(() => client.serviceTypes.length === 1, "the pause");
    client.type("against the word");
    await client.untilText("against the word");
    expect(stage.ssm.session(id)).toMatchObject({ isPaused: true, counters: { framesWhilePaused: 1 } });
    stage.ssm.startPublication(id);
    await client.until(() => client.serviceTypes.length === 2, "the start");
    client.type("!");
    await client.untilText("word!");
    expect(client.serviceTypes).toEqual(["pause_publication", "start_publication"]);
    expect(stage.ssm.session(id).counters.framesWhilePaused).toBe(1);
  });

  it("pauses by itself, again and again", async () => {
    stage.ssm.set({ pauseEveryMs: 20, pauseForMs: 10 });
    const { client } = await stage.opened({ document: "Colloquy-Echo" });
    await client.until(() => client.serviceTypes.length >= 4, "two pauses");
    expect(client.serviceTypes.slice(0, 3)).toEqual(["pause_publication", "start_publication", "pause_publication"]);
  });

  it("can be slow", async () => {
    stage.ssm.set({ latencyMs: 60, bytesPerSecond: 100_000 });
    const { client } = await stage.opened({ document: "Colloquy-Echo" });
    const startMs = performance.now();
    client.type(bulkBytes(seed, 30_000));
    await client.until(() => client.outputBytes === 30_000, "the echo");
    // Both ways, and a tenth of the speed of light: 30,000 bytes at 100,000 a second. Timers may be a little early.
    expect(performance.now() - startMs).toBeGreaterThan(120 + 250);
    expect(client.digest).toBe(bulkDigest(seed, 30_000));
  });

  it("sends only the oldest frame again when told to, as genuine agents do", async () => {
    stage.ssm.set({ resend: "oldest", dropRate: 0.2, direction: "output", resendEveryMs: 10 });
    const { client } = await stage.opened({ document: "Colloquy-Bulk", parameters: { bytes: "30000" } });
    await client.until(() => client.outputBytes === 30_000, "all output");
    expect(client.digest).toBe(bulkDigest(1, 30_000));
  });
});

describe("the service's own frames", () => {
  const stage = useSsmStage();

  it.each([
    [false, 116],
    [true, 112],
  ])("have the header that the dial says: short %s", async (shortServiceHeaders, headerLength) => {
    stage.ssm.set({ shortServiceHeaders });
    const { StreamUrl, TokenValue, SessionId } = stage.ssm.start({ document: "Colloquy-Echo" });
    const { WebSocket } = await import("ws");
    const ws = new WebSocket(StreamUrl).on("error", () => undefined);
    await new Promise((resolve) => ws.once("open", resolve));
    ws.send(JSON.stringify({ TokenValue }));
    while (stage.ssm.session(SessionId).state !== "connected") await new Promise((resolve) => setImmediate(resolve));
    const message = new Promise<Buffer>((resolve) => ws.once("message", (bytes) => resolve(bytes as Buffer)));
    stage.ssm.terminate(SessionId, "Maintenance");
    const bytes = await message;
    ws.terminate();
    expect(bytes.readUInt32BE(0)).toBe(headerLength);
    expect(bytes.toString("latin1", 4, 36)).toBe("channel_closed".padEnd(32, shortServiceHeaders ? "\0" : " "));
    expect(JSON.parse(bytes.toString("utf8", headerLength + 4))).toMatchObject({
      SessionId,
      DestinationId: SessionId,
      MessageType: "channel_closed",
      SchemaVersion: 1,
      Output: "Maintenance",
    });
  });
});

describe("the scenarios", () => {
  const stage = useSsmStage({ dials: { frameBytes: 512 } });

  it("start from the defaults, and dials given at start-up win", () => {
    for (const [name, { dials }] of Object.entries(ssmScenarios)) {
      stage.ssm.set({ latencyMs: 5 });
      stage.ssm.scenario(name);
      expect(stage.ssm.scenarioName).toBe(name);
      expect(stage.ssm.dials).toMatchObject({ latencyMs: 0, ...dials, frameBytes: 512 });
    }
  });

  it("refuse a name or a dial that does not exist", () => {
    expect(() => stage.ssm.scenario("flood")).toThrow(/No scenario "flood"/);
    expect(() => stage.ssm.set({ wind: 1 } as never)).toThrow(TypeError);
    expect(() => stage.ssm.set({ dropRate: 2 })).toThrow(TypeError);
  });
});
