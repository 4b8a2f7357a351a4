import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { bulkBytes, startEmulator } from "../../src/index.js";
import type { Quirks } from "./support/data-channel-client.js";
import { useSsmStage } from "./support/ssm-stage.js";

describe("a data channel", () => {
  const stage = useSsmStage();

  it("opens without an extension or a subprotocol, and answers pings with their own bytes", async () => {
    const { client, id } = await stage.opened({ document: "Colloquy-Echo" });
    expect(client.responseHeaders["sec-websocket-extensions"]).toBeUndefined();
    expect(client.responseHeaders["sec-websocket-protocol"]).toBeUndefined();
    expect(await client.ping()).toBe("keepalive");
    expect(stage.ssm.session(id).counters.pings).toBe(1);
  });

  it("refuses extensions and subprotocols that are offered", async () => {
    const { StreamUrl } = stage.ssm.start({ document: "Colloquy-Echo" });
    const port = Number(new URL(stage.emulator.url).port);
    const socket = connect(port, "127.0.0.1").on("error", () => undefined);
    const { pathname, search, host } = new URL(StreamUrl);
    socket.write(
      `GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" +
        "Sec-WebSocket-Protocol: one, two\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n",
    );
    const [answer] = (await once(socket, "data")) as [Buffer];
    socket.destroy();
    expect(answer.toString()).toContain("HTTP/1.1 101");
    expect(answer.toString()).not.toMatch(/sec-websocket-(?:protocol|extensions)/i);
  });

  it("takes a signed upgrade as well as an unsigned one", async () => {
    const authorization =
      "AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20260821/eu-west-1/ssmmessages/aws4_request, " +
      `SignedHeaders=host;x-amz-date, Signature=${"0".repeat(64)}`;
    const headers = { Authorization: authorization, "X-Amz-Date": "20260821T120000Z" };
    const { client } = await stage.opened({ document: "Colloquy-Echo" }, { headers });
    client.type("hello");
    await client.untilText("hello");
    expect(client.responseHeaders["sec-websocket-accept"]).toBeTypeOf("string");
  });

  it("numbers its frames from 0, the first with SYN, and counts what passes", async () => {
    const { client, id } = await stage.opened({ document: "Colloquy-Bulk", parameters: { bytes: "5000", seed: "3" } });
    await client.until(() => client.outputBytes === 5_000, "5000 bytes");
    const first = client.frames.filter(({ sequence }, index, all) => {
      return all.findIndex((other) => other.sequence === sequence) === index;
    });
    expect(first.map(({ sequence, flags }) => [sequence, Number(flags)])).toEqual([
      [0, 1],
      [1, 0],
      [2, 0],
      [3, 0],
      [4, 0],
    ]);
    expect(first.map(({ payload }) => payload.length)).toEqual([1_024, 1_024, 1_024, 1_024, 904]);
    expect(Buffer.concat(client.output).equals(bulkBytes(3, 5_000))).toBe(true);
    await client.until(() => stage.ssm.session(id).unacknowledgedCount === 0, "acknowledgements");
    const { counters, outputSha256 } = stage.ssm.session(id);
    expect(counters).toMatchObject({ framesOut: 5, bytesOut: 5_000, acksIn: 5, badFramesIn: 0, wrongDigestsIn: 0 });
    expect(outputSha256).toBe(client.digest);
  });

  it("sends one frame until the client shows that it is ready, and sends it again until then", async () => {
    const { client, id } = await stage.opened(
      { document: "Colloquy-Bulk", parameters: { bytes: "20000" } },
      { startsUnready: true },
    );
    await client.until(() => client.frames.length >= 3, "copies of the first frame");
    expect(new Set(client.frames.map(({ sequence }) => sequence))).toEqual(new Set([0]));
    expect(new Set(client.frames.map(({ messageId }) => messageId)).size).toBe(1);
    expect(stage.ssm.session(id).counters.framesOut).toBe(1);
    client.ready();
    await client.until(() => client.outputBytes === 20_000, "all of it");
  });

  it("waits for the size only so long", async () => {
    stage.ssm.set({ sizeWaitMs: 50, windowFrames: 7 });
    const { client, id } = await stage.opened(
      { document: "Colloquy-Bulk", parameters: { bytes: "20000" } },
      { startsUnready: true, quirks: { noSize: true } },
    );
    await client.until(() => stage.ssm.session(id).counters.framesOut > 1, "more than one frame");
    expect(stage.ssm.session(id).counters.framesOut).toBe(7);
    client.ready();
    await client.until(() => client.outputBytes === 20_000, "all of it");
  });

  it("acknowledges every copy of a frame, with the contents that clients look at", async () => {
    const { client, id } = await stage.opened({ document: "Colloquy-Echo" });
    const frame = client.frame("input_stream_data", 0, 0, 1, Buffer.from("once"));
    for (let copy = 0; copy < 3; copy += 1) client.sendRaw(frame);
    await client.until(() => stage.ssm.session(id).counters.acksOut === 3, "three acknowledgements");
    await client.untilText("once");
    expect(client.text).toBe("once");
    expect(stage.ssm.session(id).counters).toMatchObject({ framesIn: 1, duplicatesIn: 2, bytesIn: 4 });
  });

  it("puts early frames in order, and drops what is no frame", async () => {
    const { client, id } = await stage.opened({ document: "Colloquy-Echo" });
    const [a, b, c] = ["a", "b", "c"].map((text, index) => {
      return client.frame("input_stream_data", index, 0, 1, Buffer.from(text));
    });
    client.sendRaw(c!);
    client.sendRaw(b!);
    client.sendRaw(Buffer.alloc(0));
    client.sendRaw(a!.subarray(0, 117));
    client.sendRaw(Buffer.from("nonsense"));
    client.sendRaw(client.frame("channel_closed", 0, 0, 0, Buffer.from("{}")));
    client.sendRaw(client.frame("acknowledge", 0, 3, 0, Buffer.from("not json")));
    client.sendRaw(a!);
    await client.untilText("abc");
    expect(stage.ssm.session(id).counters).toMatchObject({ earlyFramesIn: 2, framesIn: 3, badFramesIn: 5 });
  });

  it("counts acknowledgements of what was never sent, and goes on", async () => {
    const { client, id } = await stage.opened({ document: "Colloquy-Echo" });
    const content = { AcknowledgedMessageSequenceNumber: 99 };
    client.sendRaw(client.frame("acknowledge", 0, 3, 0, Buffer.from(JSON.stringify(content))));
    client.type("still here");
    await client.untilText("still here");
    expect(stage.ssm.session(id).counters.staleAcksIn).toBe(1);
  });

  it("closes a connection with a wrong token, and one without any", async () => {
    const { client } = stage.client({ document: "Colloquy-Echo" });
    await client.open("not the token");
    await client.until(() => client.wsClosed !== undefined, "the close");
    expect(client.wsClosed).toMatchObject({ code: 1_008 });
    const { StreamUrl } = stage.ssm.start();
    const ws = new WebSocket(StreamUrl);
    await once(ws, "open");
    ws.on("error", () => undefined);
    ws.send("this is not JSON");
    expect((await once(ws, "close"))[0]).toBe(1_008);
  });

  it("has no door for web pages, other names of this machine, or sessions that do not exist", async () => {
    const { StreamUrl } = stage.ssm.start();
    const refused = async (url: string, headers: Record<string, string> = {}): Promise<string> => {
      const ws = new WebSocket(url, { headers });
      const [error] = (await once(
        ws.on("error", () => undefined),
        "error",
      )) as [Error];
      return error.message;
    };
    expect(await refused(StreamUrl, { Origin: "https://example.com" })).toContain("403");
    expect(await refused(StreamUrl, { Host: "rebound.example.com" })).toContain("403");
    expect(await refused(StreamUrl.replace("colloquy-", "other-"))).toContain("404");
    expect(await refused(stage.emulator.url.replace("http", "ws"))).toMatch(/hang up|ECONNRESET/);
  });

  it("takes the latest connection of a session for the true one", async () => {
    const { client, id } = await stage.opened({ document: "Colloquy-Echo" });
    client.type("one");
    await client.untilText("one");
    await client.open(stage.ssm.resume(id).TokenValue);
    client.type("two");
    await client.untilText("onetwo");
    expect(stage.ssm.session(id).counters.connections).toBe(2);
  });

  it("is not there unless it is asked for", async () => {
    const plain = await startEmulator();
    expect(plain.ssm).toBeUndefined();
    const response = await fetch(plain.url, {
      method: "POST",
      headers: { "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "AmazonSSM.StartSession" },
      body: "{}",
    });
    expect(response.status).toBe(415);
    await plain.close();
  });

  it("closes at once, with sessions open and processes running", async () => {
    const { client, id } = await stage.opened({
      document: "AWS-StartInteractiveCommand",
      parameters: { command: "echo $$; sleep 600" },
    });
    await client.until(() => /^\d+\r?\n/.test(client.text), "the process id");
    const pid = Number.parseInt(client.text, 10);
    expect(stage.ssm.session(id).state).toBe("connected");
    await stage.emulator.close();
    await client.until(() => !isAlive(pid), "the end of the process");
  });
});

describe("other people's clients", () => {
  const stage = useSsmStage();
  const habits: [string, Quirks][] = [
    ["puts the digest's first hexadecimal digits in its place", { hexDigest: true }],
    ["puts NULs before the type", { nulsBeforeType: true }],
    ["puts the acknowledged number into the acknowledgement's header", { oddAckHeader: true }],
    ["marks its first frame SYN", { synFirst: true }],
    ["sends only the token and the schema to open", { shortOpenMessage: true }],
    ["never acknowledges twice", { neverAcksTwice: true }],
    ["sends no size", { noSize: true }],
    [
      "does all of it",
      { hexDigest: true, nulsBeforeType: true, oddAckHeader: true, shortOpenMessage: true, noSize: true },
    ],
  ];

  it.each(habits)("are served though one %s", async (_habit, quirks) => {
    stage.ssm.set({ sizeWaitMs: 20, duplicateRate: 0.3 });
    const { client, id } = await stage.opened({ document: "Colloquy-Echo" }, { quirks });
    const sent = bulkBytes(11, 50_000);
    client.type(sent);
    await client.until(() => client.outputBytes === sent.length, "the echo");
    expect(Buffer.concat(client.output).equals(sent)).toBe(true);
    stage.ssm.terminate(id, "done");
    await client.untilClosed();
    expect(client.closed[0]).toBe("done");
    expect(stage.ssm.session(id).counters.wrongDigestsIn > 0).toBe(quirks.hexDigest === true);
  });

  it("does not stay stuck on a frame that such a client never acknowledges", async () => {
    stage.ssm.set({ presumeDeliveredAfter: 3, lostAckRate: 0.2, direction: "input", resendEveryMs: 20 });
    const { client, id } = await stage.opened(
      { document: "Colloquy-Bulk", parameters: { bytes: "300000", end: "close" } },
      { quirks: { neverAcksTwice: true } },
    );
    await client.untilClosed();
    expect(client.outputBytes).toBe(300_000);
    expect(stage.ssm.session(id).counters.presumedDelivered).toBeGreaterThan(0);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
