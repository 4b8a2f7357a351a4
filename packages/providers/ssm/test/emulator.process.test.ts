import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer as createHttpServer, get } from "node:http";
import { type AddressInfo, createServer, connect as dial, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bulkBytes, type SsmDials } from "@colloquy/emulator";
import { afterEach, describe, expect, it } from "vitest";
import { portPlugin, SessionHandler } from "../src/index.js";
import { collect, type Emulated, emulated } from "./support/emulated.js";
import { seededBytes } from "./support/setting.js";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function emulate(...options: Parameters<typeof emulated>): Promise<Emulated> {
  const started = await emulated(...options);
  // First: a server of a test closes only once the agents have let go of it.
  cleanups.unshift(() => started.emulator.close());
  return started;
}

async function listening(server: Server): Promise<number> {
  // A target is left in the middle of an echo in most tests: a reset is no fault here.
  server.on("connection", (socket: Socket) => socket.on("error", () => undefined));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return (server.address() as AddressInfo).port;
}

const connect = (...where: [string] | [{ port: number; host: string; allowHalfOpen?: boolean }]): Socket =>
  (typeof where[0] === "string" ? dial(where[0]) : dial(where[0])).on("error", () => undefined);

const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");
const storm: Partial<SsmDials> = { dropRate: 0.3, duplicateRate: 0.15, reorderRate: 0.15, lostAckRate: 0.4 };

describe("a shell over a real WebSocket", () => {
  it("runs what is typed, and ends when the shell does", async () => {
    const { open } = await emulate({ terminal: "none" });
    const session = await open();
    const shell = session.shell();
    shell.write("echo one $((40 + 2)); exit\n");
    expect((await collect(shell)).toString()).toContain("one 42");
    expect(await session.ended).toEqual({ reason: "closed_by_service", text: "" });
  });

  it("knows its size and takes signals, on a real terminal", async () => {
    const { open } = await emulate({}, { shell: ["/bin/sh"] });
    const session = await open();
    const shell = session.shell({ columns: 91, rows: 33 });
    let seen = "";
    const until = (pattern: RegExp): Promise<void> =>
      new Promise((resolve) => {
        const look = (): void => {
          if (pattern.test(seen)) resolve();
        };
        shell.on("data", look);
        look();
      });
    shell.on("data", (chunk: Buffer) => (seen += chunk.toString()));
    // The terminal learns its size beside what is typed.
    shell.write('while [ "$(stty size)" != "33 91" ]; do :; done; echo is si\'\'zed\n');
    await until(/is sized/);
    shell.write("sh -c 'echo wai\"\"ts; exec cat'\n");
    await until(/waits\r\n/);
    shell.signal("SIGINT");
    // The shell throws away what is typed before it is back.
    await until(/\^C[^]*[#$] $/);
    shell.write("echo back $((1 + 1))\n");
    await until(/back 2/);
    await session.terminate();
    expect(session.status).toBe("terminated");
  });

  it("lists and terminates through the handler", async () => {
    const { emulator } = await emulate({ signatures: "ignored" });
    const handler = new SessionHandler({ terminate: (id) => Promise.resolve(emulator.ssm.terminate(id)) });
    for (let index = 0; index < 3; index++) {
      const { SessionId, StreamUrl, TokenValue } = emulator.ssm.start();
      await handler.validateInputAndStartSession({
        sessionId: SessionId,
        streamUrl: StreamUrl,
        tokenValue: TokenValue,
      });
    }
    expect(handler.listActiveSessions().map(({ status }) => status)).toEqual(["connected", "connected", "connected"]);
    await handler.terminateAll();
    expect(handler.listActiveSessions()).toEqual([]);
    expect(emulator.ssm.sessions.map(({ state }) => state)).toEqual(["terminated", "terminated", "terminated"]);
  });
});

describe("exact bytes over a real WebSocket", () => {
  it.each<[string, Partial<SsmDials>, number?]>([
    ["in calm weather", {}],
    ["in a storm", storm],
    ["with cuts every 700 frames", { cutEveryFrames: 700 }],
    ["in a storm with cuts", { ...storm, cutEveryFrames: 900 }],
    ["among garbage that deafens other clients", { garbageRate: 0.3, lethalGarbage: true, shortServiceHeaders: true }],
    ["encrypted, in a storm", { ...storm, encryption: true }],
    [
      "from an agent that sends only its oldest frame again",
      { dropRate: 0.01, lostAckRate: 0.2, resend: "oldest" },
      60_000,
    ],
    ["over a slow uplink", { latencyMs: 150, bytesPerSecond: 262_144 }],
    ["with pauses", { pauseEveryMs: 50, pauseForMs: 50 }],
  ])("go out and come in %s", async (_name, dials, bytes = 600_000) => {
    const { emulator, open } = await emulate(dials);
    const output = await open("Colloquy-Bulk", { bytes: String(bytes), seed: "9", end: "close" });
    expect((await collect(output.shell({ sendsEndOfInput: false }))).equals(bulkBytes(9, bytes))).toBe(true);
    const input = await open("Colloquy-Bulk", { bytes: "0" });
    const sent = seededBytes(5, bytes);
    const shell = input.shell({ sendsEndOfInput: false });
    shell.end(sent);
    await input.close();
    const view = emulator.ssm.session(input.id);
    expect(view.inputSha256).toBe(sha256(sent));
    expect(view.counters).toMatchObject({ badFramesIn: 0, wrongDigestsIn: 0, wrongLengthsIn: 0 });
    expect(view.isEncrypted).toBe(dials.encryption ?? false);
  });

  it("come through hourly closes, each with a new token for a signed request", async () => {
    const { emulator, open } = await emulate({ closeEveryMs: 150, latencyMs: 20 });
    const session = await open("Colloquy-Bulk", { bytes: "8000000", seed: "2", end: "close" });
    const got = await collect(session.shell({ sendsEndOfInput: false }));
    expect(sha256(got)).toBe(sha256(bulkBytes(2, 8_000_000)));
    expect(session.counters.connections).toBeGreaterThan(2);
    expect(
      emulator.ssm.requests
        .filter(({ operation }) => operation === "AmazonSSM.ResumeSession")
        .every(({ isSigned }) => isSigned),
    ).toBe(true);
  });
});

describe("a session that cannot go on", () => {
  it("ends when it cannot be resumed any more", async () => {
    const { emulator, open } = await emulate({ resumeAnswer: "no_token" });
    const session = await open();
    session.shell().resume();
    emulator.ssm.cut(session.id);
    expect(await session.ended).toMatchObject({ reason: "gone" });
  });

  it("fails with the service's refusal as the cause when its keys are expired for too long", async () => {
    const { emulator, open } = await emulate({ resumeAnswer: "denied" });
    const session = await open(undefined, {}, { timings: { reconnectWindowMs: 1000 } });
    session.shell().on("error", () => {});
    emulator.ssm.cut(session.id);
    expect(await session.ended).toMatchObject({
      reason: "failed",
      error: {
        code: "NETWORK_UNREACHABLE",
        cause: { code: "CREDENTIAL_REJECTED", providerCode: "ExpiredTokenException" },
      },
    });
  });

  it("notices a connection on which nothing is answered, and takes a new one", async () => {
    const { emulator, open } = await emulate();
    const session = await open("Colloquy-Echo", {}, { timings: { pingIntervalMs: 300, pongDeadlineMs: 200 } });
    const shell = session.shell({ sendsEndOfInput: false });
    emulator.ssm.deafen(session.id);
    shell.write("are you there?");
    expect((await shell[Symbol.asyncIterator]().next()).value).toEqual(Buffer.from("are you there?"));
    expect(session.counters.connections).toBe(2);
  });

  it("is refused at once when the gateway does not know it", async () => {
    const { emulator, open } = await emulate();
    const wrong = `${emulator.url.replace("http", "ws")}/v1/data-channel/unknown?role=publish_subscribe`;
    await expect(open(undefined, {}, { streamUrl: wrong })).rejects.toMatchObject({
      code: "CREDENTIAL_REJECTED",
      status: 404,
    });
  });

  it("says what the agent's documents refuse", async () => {
    const { open } = await emulate();
    await expect(open("No-Such-Document")).rejects.toMatchObject({
      code: "PROVIDER_REJECTED",
      providerCode: "InvalidDocument",
    });
  });

  it.each<[string, Partial<SsmDials>, string]>([
    ["no data key is to be had", { encryption: true, kmsRefuses: true }, "PERMISSION_DENIED"],
  ])("tells that %s", async (_name, dials, code) => {
    const { open } = await emulate(dials);
    await expect(open()).rejects.toMatchObject({ code });
  });
});

describe("a command over a real WebSocket", () => {
  it("gives output, errors and status apart", async () => {
    const { open } = await emulate();
    const session = await open("AWS-StartNonInteractiveCommand", {
      command: "echo out; echo err >&2; exit 3",
      separateOutputStream: "true",
    });
    const { stdout, stderr, code } = await session.run();
    expect([stdout.toString(), stderr.toString(), code]).toEqual(["out\n", "err\n", 3]);
  });

  it("that is silent until it hears something is opened all the same", async () => {
    const { open } = await emulate({ terminal: "none" });
    const session = await open("AWS-StartInteractiveCommand", { command: 'read line; echo "heard $line"' });
    const shell = session.shell({ sendsEndOfInput: false });
    shell.write("you\n");
    expect((await collect(shell)).toString()).toContain("heard you");
  });
});

describe("ports over a real WebSocket", () => {
  async function httpServer(): Promise<number> {
    const server = createHttpServer((request, response) => {
      response.setHeader("connection", "close");
      response.end(Buffer.from(`${request.url} `.repeat(20_000)));
    });
    return listening(server);
  }
  const fetched = (port: number, path: string): Promise<string> =>
    new Promise((resolve, reject) => {
      get({ port, host: "127.0.0.1", path, agent: false }, (response) => {
        collect(response).then((body) => resolve(body.toString()), reject);
      }).on("error", reject);
    });

  it("serve several connections at once through a listener", async () => {
    const { open } = await emulate();
    const session = await open("AWS-StartPortForwardingSession", { portNumber: String(await httpServer()) });
    expect(session.as(portPlugin).mode).toBe("multiplexed");
    const forward = await session.forwardPort();
    expect(forward.host).toBe("127.0.0.1");
    const bodies = await Promise.all(["/a", "/b", "/c", "/d"].map((path) => fetched(forward.port!, path)));
    expect(bodies).toEqual(["/a", "/b", "/c", "/d"].map((path) => `${path} `.repeat(20_000)));
    await forward.close();
    await session.terminate();
  });

  it("bring the answer to a half-closed connection, which the genuine client loses", async () => {
    const target = createServer({ allowHalfOpen: true }, (socket) => {
      collect(socket).then(
        (bytes) => socket.end(`got ${bytes.length}`),
        () => {},
      );
      // The agent cannot pass a FIN on without closing both ways, so a target must answer before it.
      socket.once("data", () => socket.end("answer"));
    });
    const { open } = await emulate();
    const session = await open("AWS-StartPortForwardingSession", { portNumber: String(await listening(target)) });
    const forward = await session.forwardPort();
    const socket = connect({ port: forward.port!, host: "127.0.0.1", allowHalfOpen: true });
    socket.end("question");
    expect((await collect(socket)).toString()).toBe("answer");
    await forward.close();
    await session.close();
  });

  it("serve one connection after the other with an old agent", async () => {
    const { open } = await emulate({ agentVersion: "3.0.100.0" });
    const session = await open("AWS-StartPortForwardingSession", { portNumber: String(await httpServer()) });
    expect(session.as(portPlugin).mode).toBe("basic");
    const forward = await session.forwardPort();
    expect(await Promise.all(["/1", "/2", "/3"].map((path) => fetched(forward.port!, path)))).toEqual(
      ["/1", "/2", "/3"].map((path) => `${path} `.repeat(20_000)),
    );
    await forward.close();
    await session.close();
  });

  it("serve a single stream for SSH, and a unix socket", async () => {
    const target = createServer((socket) => void socket.pipe(socket));
    const portNumber = String(await listening(target));
    const { open } = await emulate();
    const ssh = await open("AWS-StartSSHSession", { portNumber });
    expect(ssh.as(portPlugin).mode).toBe("stdio");
    const stream = ssh.connectPort();
    stream.write("SSH-2.0");
    expect((await stream[Symbol.asyncIterator]().next()).value).toEqual(Buffer.from("SSH-2.0"));
    await ssh.close();

    const folder = await mkdtemp(join(tmpdir(), "ssm-"));
    cleanups.push(() => rm(folder, { recursive: true }));
    const session = await open("AWS-StartPortForwardingSession", { portNumber });
    const path = join(folder, "port.sock");
    const forward = await session.forwardPort({ path });
    const socket = connect(path);
    socket.write("hello");
    expect((await socket[Symbol.asyncIterator]().next()).value).toEqual(Buffer.from("hello"));
    socket.destroy();
    await forward.close();
    await session.close();
  });

  it("say clearly that nobody listens at the target, or that the local port is taken", async () => {
    const free = createServer();
    const port = await listening(free);
    const { open } = await emulate();
    const gone = createServer();
    const goneAt = await listening(gone);
    await new Promise((resolve) => gone.close(resolve));
    cleanups.pop();
    const session = await open("AWS-StartPortForwardingSession", { portNumber: String(goneAt) });
    const errors: Error[] = [];
    const forward = await session.forwardPort({ onConnectionError: (error) => errors.push(error) });
    const socket = connect({ port: forward.port!, host: "127.0.0.1" });
    await new Promise((resolve) => socket.once("close", resolve));
    expect(errors).toMatchObject([{ code: "PROVIDER_REJECTED" }]);
    await expect(session.forwardPort({ port })).rejects.toMatchObject({ code: "CONFIG_INVALID" });
    await forward.close();
    await session.close();
  });

  it("carry megabytes both ways on eight connections in bad weather", async () => {
    const target = createServer((socket) => void socket.pipe(socket));
    const { open } = await emulate({
      dropRate: 0.05,
      duplicateRate: 0.05,
      reorderRate: 0.1,
      lostAckRate: 0.1,
      cutEveryFrames: 2000,
    });
    const session = await open("AWS-StartPortForwardingSession", { portNumber: String(await listening(target)) });
    const sent = seededBytes(3, 300_000);
    const echoes = Array.from({ length: 8 }, () => {
      const stream = session.connectPort();
      stream.write(sent);
      return new Promise<boolean>((resolve) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        stream.on("data", (chunk: Buffer) => {
          chunks.push(chunk);
          bytes += chunk.length;
          if (bytes >= sent.length) resolve(Buffer.concat(chunks).equals(sent));
        });
      });
    });
    expect(await Promise.all(echoes)).toEqual(Array(8).fill(true));
    expect(session.counters.connections).toBeGreaterThan(1);
    await session.terminate();
  });
});
