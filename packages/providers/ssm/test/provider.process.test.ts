import type { Duplex } from "node:stream";
import { createColloquy, isColloquyError, memoryStore, noTelemetry, type Session, type Store } from "@colloquy/core";
import { type EmulatorWithSsm, startEmulator } from "@colloquy/emulator";
import { afterEach, describe, expect, it } from "vitest";
import { type SsmOptions, type SsmProvider, ssm } from "../src/index.js";
import { seededBytes } from "./support/setting.js";

const target = "i-0123456789abcdef0";
const echo = { target, documentName: "Colloquy-Echo" };
const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

interface Bench {
  readonly service: EmulatorWithSsm["ssm"];
  readonly store: Store;
  readonly log: string[];
  readonly options: SsmOptions;
  /** Another process on the same store. */
  process(options?: Partial<SsmOptions>): ReturnType<typeof createColloquy<readonly [SsmProvider]>>;
}

async function bench(): Promise<Bench> {
  const { ssm: service, close } = await startEmulator({ ssm: { dials: { signatures: "verified" } } });
  const { credentials, endpointUrl: endpoint, region } = service;
  const store = memoryStore();
  const log: string[] = [];
  const options: SsmOptions = { region, endpoint, credentials: () => credentials };
  cleanups.push(close);
  return {
    service,
    store,
    log,
    options,
    process: (changed = {}) => {
      const colloquy = createColloquy({
        providers: [ssm({ ...options, ...changed })] as const,
        store,
        telemetry: noTelemetry,
        reconnect: { baseMs: 50, capMs: 200 },
        logger: { log: (level, event, fields) => void log.push(`${level} ${event} ${JSON.stringify(fields)}`) },
      });
      cleanups.unshift(() => colloquy.shutdown({ graceMs: 0 }));
      return colloquy;
    },
  };
}

const within = { timeoutMs: 10_000 };

async function connected(colloquy: ReturnType<Bench["process"]>, input: typeof echo | { target: string } = echo) {
  const session = await colloquy.sessions.create("ssm", input);
  await session.start();
  return { session, remoteId: session.remoteId as string, line: await session.connection(within) };
}

/** Reads until so much came back; what is over is lost, so callers write no more than they read. */
async function echoed(shell: Duplex, bytes: Buffer): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  const done = new Promise<void>((resolve) => {
    const take = (chunk: Buffer): void => {
      chunks.push(chunk);
      length += chunk.length;
      if (length < bytes.length) return;
      shell.off("data", take);
      resolve();
    };
    shell.on("data", take);
  });
  shell.write(bytes);
  await done;
  return Buffer.concat(chunks);
}

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
};

describe("a Session Manager session", () => {
  it("keeps its stream exact over a cut, a pause and a handover to another process, and no token is ever told", async () => {
    const { service, store, log, process } = await bench();
    const first = process();
    const { session, remoteId, line } = await connected(first);
    const states: string[] = [];
    void (async () => {
      for await (const event of session.events({ types: ["state"] })) if (event.type === "state") states.push(event.to);
    })();
    const tokens = [(await store.secrets.get(session.id))["session_key"] as string];

    // No line feed in it: a terminal would turn one into Enter.
    const bytes = seededBytes(7, 300_000).map((byte) => (byte === 10 ? 11 : byte));
    const shell = line.shell();
    const coming = echoed(shell, Buffer.from(bytes));
    service.cut(remoteId);
    expect((await coming).equals(bytes)).toBe(true);
    expect(line.counters.connections).toBe(2);
    expect(await session.connection(within)).toBe(line);
    expect(states).toEqual(["reconnecting", "connected"]);
    tokens.push((await store.secrets.get(session.id))["session_key"] as string);
    expect(tokens[1]).not.toBe(tokens[0]);

    await session.suspend();
    expect(await line.ended).toMatchObject({ reason: "closed_by_us" });
    await session.resume();
    const again = await session.connection(within);
    expect(again).not.toBe(line);
    expect((await echoed(again.shell(), Buffer.from("after the pause"))).toString()).toBe("after the pause");

    await first.shutdown({ graceMs: 1_000 });
    await store.open();
    const [restored] = await process().sessions.restore();
    const other = (await restored?.connection(within)) as typeof line;
    expect((await echoed(other.shell(), Buffer.from("in another process"))).toString()).toBe("in another process");
    expect(service.session(remoteId).counters.connections).toBe(4);

    expect(await restored?.close()).toBe("terminated");
    expect(restored?.snapshot.reason).toBe("closed");
    expect(service.session(remoteId).state).toBe("terminated");

    tokens.push(...Object.values(await store.secrets.get(session.id)));
    const record = await store.records.get(session.id);
    const told = [...log, JSON.stringify(await store.log.read(session.id)), JSON.stringify(record)].join("\n");
    for (const token of tokens) expect(told).not.toContain(token);
    expect(told).not.toContain(service.credentials.secretAccessKey);
  });

  it("says that its stream is lost when the process that held it is gone without a word", async () => {
    const { process } = await bench();
    const { session } = await connected(process());
    const [restored] = await process().sessions.restore();
    const error = await (restored as Session).connection(within).catch((thrown: unknown) => thrown);
    expect(isColloquyError(error) && error.message).toContain("failed (stream_lost)");
    expect(session.id).toBe(restored?.id);
  });

  it("ends when the service ends it, with what the agent said until then", async () => {
    const { service, process } = await bench();
    const { session, remoteId, line } = await connected(process());
    service.terminate(remoteId, "by the administrator");
    line.shell().resume();
    expect(await session.waitFor("terminated", within)).toBe("terminated");
    expect(session.snapshot.reason).toBe("remote_closed");
    expect((await line.ended).text).toBe("by the administrator");
  });

  it("is taken from a StartSession reply without any keys, and ends for good with its connection then", async () => {
    const { service, options } = await bench();
    const {
      SessionId: sessionId,
      StreamUrl: streamUrl,
      TokenValue: tokenValue,
    } = service.start({ document: "Colloquy-Echo" });
    const { credentials: _credentials, ...keyless } = options;
    const colloquy = createColloquy({ providers: [ssm(keyless)] as const, telemetry: noTelemetry });
    cleanups.unshift(() => colloquy.shutdown({ graceMs: 0 }));
    const session = await colloquy.sessions.create("ssm", { sessionId, streamUrl, tokenValue });
    await session.start();
    const line = await session.connection(within);
    expect(
      (
        await echoed(
          line.shell().on("error", () => {}),
          Buffer.from("hello"),
        )
      ).toString(),
    ).toBe("hello");
    expect(service.requests).toEqual([]);
    service.cut(sessionId);
    await session.waitFor("failed", within);
    expect(session.snapshot.cause).toMatchObject({ reason: "NETWORK_UNREACHABLE" });
  });

  it("ends when there is no token for it any more, and is refused in words when its keys are", async () => {
    const { service, process } = await bench();
    const colloquy = process();
    const { session, remoteId } = await connected(colloquy);
    service.set({ resumeAnswer: "no_token" });
    service.cut(remoteId);
    await session.waitFor("terminated", within);
    const wrong = process({
      credentials: { accessKeyId: "AKIAWRONG", secretAccessKey: "canary/secret", sessionToken: "canary==" },
    });
    const error = await wrong.sessions.create("ssm", { target }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "CREDENTIAL_REJECTED", providerCode: "InvalidSignatureException" });
    expect(JSON.stringify(error)).not.toContain("canary");
  });

  it("is attached by its id with a token of its own, as long as nobody has connected to it", async () => {
    const { service, process } = await bench();
    const { SessionId: id } = service.start({ document: "Colloquy-Echo" });
    const session = await process().sessions.attach("ssm", id);
    await session.start();
    const line = await session.connection(within);
    expect((await echoed(line.shell(), Buffer.from("attached"))).toString()).toBe("attached");
    await until(() => service.session(id).state === "connected");
  });
});
