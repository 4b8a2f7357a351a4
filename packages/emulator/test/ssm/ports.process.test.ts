import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { bulkBytes } from "../../src/index.js";
import { useSsmStage } from "./support/ssm-stage.js";

const stage = useSsmStage();

describe("a port session", () => {
  const closers: (() => void)[] = [];
  afterEach(() => {
    for (const close of closers.splice(0)) close();
  });

  /** A server on loopback, and its port. */
  const serve = async (serveOne: (socket: Socket) => void): Promise<string> => {
    const sockets = new Set<Socket>();
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      sockets.add(socket);
      socket.on("error", () => undefined);
      serveOne(socket);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    closers.push(() => {
      server.close();
      for (const socket of sockets) socket.destroy();
    });
    return String((server.address() as AddressInfo).port);
  };
  const forward = (portNumber: string, clientVersion = "1.2.677.0", more: Record<string, string> = {}) =>
    stage.opened(
      { document: "AWS-StartPortForwardingSession", parameters: { portNumber, ...more } },
      { clientVersion, quirks: { noSize: true } },
    );
  const push = (streamId: number, text: string | Buffer): Buffer => smux(2, streamId, Buffer.from(text as string));

  it("tells the client its properties, and serves connections side by side", async () => {
    const portNumber = await serve((socket) => socket.pipe(socket));
    const { client } = await forward(portNumber, "1.2.677.0", { localPortNumber: "8080" });
    await client.until(() => client.handshakeComplete !== undefined, "the handshake");
    expect(client.handshake?.RequestedClientActions[0]).toEqual({
      ActionType: "SessionType",
      ActionParameters: {
        SessionType: "Port",
        Properties: { portNumber, type: "LocalPortForwarding", localPortNumber: "8080" },
      },
    });
    client.type(Buffer.concat([smux(0, 3), smux(0, 5), push(3, "to three"), push(5, "to five")]));
    const large = bulkBytes(2, 200_000);
    for (let from = 0; from < large.length; from += 30_000) client.type(push(5, large.subarray(from, from + 30_000)));
    await client.until(() => streams(client.output).get(5)?.length === large.length + 7, "the echo");
    expect(streams(client.output).get(3)?.toString()).toBe("to three");
    expect(streams(client.output).get(5)?.subarray(7).equals(large)).toBe(true);
  });

  it("closes both ways with one FIN: what was sent arrives, what is answered does not", async () => {
    const seen: string[] = [];
    const portNumber = await serve((socket) => {
      socket.on("data", (bytes) => seen.push(bytes.toString()));
      socket.on("end", () => {
        seen.push("FIN");
        socket.end("too late");
      });
    });
    const { client } = await forward(portNumber);
    client.type(Buffer.concat([smux(0, 3), push(3, "question"), smux(1, 3), push(3, "after the end")]));
    await client.until(() => seen.includes("FIN"), "the end at the target");
    client.type(Buffer.concat([smux(0, 5), push(5, "x")]));
    await client.until(() => seen.length === 3, "the next connection");
    expect(seen).toEqual(["question", "FIN", "x"]);
    expect(streams(client.output).get(3)).toBeUndefined();
  });

  it("ends a stream when the target does, and flags a target that does not answer", async () => {
    const portNumber = await serve((socket) => socket.end("bye"));
    const { client } = await forward(portNumber);
    client.type(smux(0, 3));
    await client.until(() => finished(client.output).includes(3), "the end of the stream");
    expect(streams(client.output).get(3)?.toString()).toBe("bye");
    for (const close of closers.splice(0)) close();
    client.type(smux(0, 5));
    await client.until(() => finished(client.output).includes(5), "the failed stream");
    expect(client.flags).toEqual([3]);
  });

  it("leads nowhere but to this machine", async () => {
    const { client } = await stage.opened({
      document: "AWS-StartPortForwardingSessionToRemoteHost",
      parameters: { portNumber: "80", host: "example.com" },
    });
    await client.until(() => client.handshakeComplete !== undefined, "the handshake");
    client.type(smux(0, 3));
    await client.until(() => finished(client.output).includes(3), "the refusal");
    expect(client.flags).toEqual([3]);
  });

  it("ends on the terminate flag, and on what is not smux", async () => {
    const portNumber = await serve((socket) => socket.pipe(socket));
    const { client } = await forward(portNumber);
    await client.until(() => client.handshakeComplete !== undefined, "the handshake");
    client.flag(2);
    await client.untilClosed();
    const other = await forward(portNumber);
    await other.client.until(() => other.client.handshakeComplete !== undefined, "the handshake");
    other.client.type("GET / HTTP/1.0\r\n");
    await other.client.untilClosed();
    expect(other.client.closed[0]).toContain("broken");
  });

  it.each([
    ["an agent that is too old", "3.0.196.0", "1.2.677.0"],
    ["a client that is too old", "3.3.0.0", "0.0.1"],
  ])("takes one connection at a time with %s", async (_who, agentVersion, clientVersion) => {
    stage.ssm.set({ agentVersion });
    let count = 0;
    const portNumber = await serve((socket) => {
      count += 1;
      socket.pipe(socket);
    });
    const { client } = await forward(portNumber, clientVersion);
    await client.until(() => client.handshakeComplete !== undefined, "the handshake");
    client.type("plain bytes");
    await client.untilText("plain bytes");
    client.flag(1);
    client.type(", again");
    await client.untilText(", again");
    expect(count).toBe(2);
    client.flag(2);
    await client.untilClosed();
  });

  it("speaks plainly for SSH, and ends with the target's connection", async () => {
    const portNumber = await serve((socket) => {
      socket.write("SSH-2.0-emulated\r\n");
      socket.on("data", () => socket.end("gone"));
    });
    const { client } = await stage.opened({ document: "AWS-StartSSHSession", parameters: { portNumber } });
    await client.untilText("SSH-2.0-emulated");
    expect(client.handshake?.RequestedClientActions[0]).toMatchObject({
      ActionParameters: { SessionType: "Port", Properties: { portNumber } },
    });
    client.type("x");
    await client.untilClosed();
    expect(client.text).toBe("SSH-2.0-emulated\r\ngone");
  });

  it("says so when the one port does not answer", async () => {
    const portNumber = await serve(() => undefined);
    for (const close of closers.splice(0)) close();
    const { client } = await stage.opened({ document: "AWS-StartSSHSession", parameters: { portNumber } });
    await client.untilClosed();
    expect(client.flags).toEqual([3]);
    expect(client.closed[0]).toContain("Connection to destination port failed");
  });

  it("slows the client down when the target does not read, and loses nothing", async () => {
    let target: Socket | undefined;
    const portNumber = await serve((socket) => {
      target = socket;
      socket.pause();
    });
    const { client, id } = await forward(portNumber);
    await client.until(() => client.handshakeComplete !== undefined, "the handshake");
    client.type(smux(0, 3));
    const large = bulkBytes(6, 20_000_000);
    for (let from = 0; from < large.length; from += 32_000) client.type(push(3, large.subarray(from, from + 32_000)));
    await client.until(() => stage.ssm.session(id).counters.bytesIn > 1_000_000, "a full pipe");
    await new Promise((resolve) => setTimeout(resolve, 300));
    // What the kernel's buffers took, and no more.
    expect(stage.ssm.session(id).counters.bytesIn).toBeLessThan(large.length);
    const chunks: Buffer[] = [];
    target?.on("data", (bytes: Buffer) => chunks.push(bytes)).resume();
    const received = (): number => chunks.reduce((sum, { length }) => sum + length, 0);
    await client.until(() => received() === large.length, "everything", 30_000);
    expect(Buffer.concat(chunks).equals(large)).toBe(true);
  });
});

function smux(command: number, streamId: number, bytes: Buffer = Buffer.alloc(0)): Buffer {
  const header = Buffer.from([1, command, 0, 0, 0, 0, 0, 0]);
  header.writeUInt16LE(bytes.length, 2);
  header.writeUInt32LE(streamId, 4);
  return Buffer.concat([header, bytes]);
}

function smuxFrames(output: readonly Buffer[]): { command: number; streamId: number; bytes: Buffer }[] {
  const all = Buffer.concat(output);
  const frames = [];
  for (let from = 0; from + 8 <= all.length; ) {
    const end = from + 8 + all.readUInt16LE(from + 2);
    if (end > all.length) break;
    frames.push({ command: all[from + 1]!, streamId: all.readUInt32LE(from + 4), bytes: all.subarray(from + 8, end) });
    from = end;
  }
  return frames;
}

/** What each stream brought. */
function streams(output: readonly Buffer[]): Map<number, Buffer> {
  const found = new Map<number, Buffer[]>();
  for (const { command, streamId, bytes } of smuxFrames(output)) {
    if (command === 2) found.set(streamId, [...(found.get(streamId) ?? []), bytes]);
  }
  return new Map([...found].map(([id, pieces]) => [id, Buffer.concat(pieces)]));
}

const finished = (output: readonly Buffer[]): number[] =>
  smuxFrames(output)
    .filter(({ command }) => command === 1)
    .map(({ streamId }) => streamId);
