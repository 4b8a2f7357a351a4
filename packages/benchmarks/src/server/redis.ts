import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** A Redis of the bench's own, without persistence. */
export interface BenchRedis {
  readonly url: string;
  close(): Promise<void>;
}

const attemptsToReach = 100;
const betweenAttemptsMs = 25;

/** Undefined when there is no `redis-server` in `REDIS_SERVER_BIN` or on the path. */
export async function startRedis(): Promise<BenchRedis | undefined> {
  const file = findRedisServer();
  if (file === undefined) return undefined;
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "colloquy-bench-redis-"));
  const options = ["--port", `${port}`, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder];
  const child = spawn(file, options, { stdio: "ignore" });
  await untilListening(port, child);
  return {
    url: `redis://127.0.0.1:${port}/0`,
    close: async () => {
      const ended = once(child, "exit");
      if (child.exitCode === null && child.kill()) await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A Redis that keeps what it acknowledged, to be killed and started again on it. */
export interface DurableRedis {
  readonly port: number;
  killAndRestart(): Promise<void>;
  close(): Promise<void>;
}

/** Undefined when there is no `redis-server` in `REDIS_SERVER_BIN` or on the path. */
export async function startDurableRedis(): Promise<DurableRedis | undefined> {
  const file = findRedisServer();
  if (file === undefined) return undefined;
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "colloquy-durable-redis-"));
  const kept = ["--save", "", "--appendonly", "yes", "--appendfsync", "always", "--dir", folder];
  const start = async (): Promise<ChildProcess> => {
    const started = spawn(file, ["--port", `${port}`, "--bind", "127.0.0.1", ...kept], { stdio: "ignore" });
    await untilListening(port, started);
    return started;
  };
  const end = async (running: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
    const ended = once(running, "exit");
    if (running.exitCode === null && running.kill(signal)) await ended;
  };
  let child = await start();
  return {
    port,
    async killAndRestart() {
      await end(child, "SIGKILL");
      child = await start();
    },
    async close() {
      await end(child, "SIGTERM");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function findRedisServer(): string | undefined {
  const { REDIS_SERVER_BIN: named, PATH: path = "" } = process.env as Readonly<Record<string, string | undefined>>;
  const candidates = named ? [named] : path.split(delimiter).map((folder) => join(folder, "redis-server"));
  return candidates.find((candidate) => {
    try {
      accessSync(candidate, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}

async function untilListening(port: number, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < attemptsToReach && child.exitCode === null; attempt++) {
    const socket = connect(port, "127.0.0.1");
    try {
      await once(socket, "connect");
      return;
    } catch {
      await delay(betweenAttemptsMs);
    } finally {
      socket.destroy();
    }
  }
  throw new Error("The redis-server that was started does not answer.");
}
