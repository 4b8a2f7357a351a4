import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { Redis } from "ioredis";
import { onTestFinished } from "vitest";

/** `REDIS_SERVER_BIN`, or the first `redis-server` on the path; undefined when there is none. */
function findRedisServer(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const { REDIS_SERVER_BIN: named, PATH: path = "" } = environment as Readonly<Record<string, string | undefined>>;
  const candidates = named ? [named] : path.split(delimiter).map((folder) => join(folder, "redis-server"));
  return candidates.find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

export const redisServerFile: string | undefined = findRedisServer();
if (redisServerFile === undefined)
  console.info("SKIP tests over a real Redis: no redis-server on the PATH, nor in REDIS_SERVER_BIN");

export interface ServerOptions {
  /** With an append-only file, synced so. Default: nothing is kept. */
  readonly appendfsync?: "everysec" | "always";
  /** More words for the command line. */
  readonly more?: readonly string[];
}

/** A server of our own on this machine, ended with the test. */
export class RedisServer {
  readonly port: number;
  readonly #options: ServerOptions;
  readonly #folder = mkdtempSync(join(tmpdir(), "colloquy-redis-"));
  #process: ChildProcess | undefined;

  private constructor(port: number, options: ServerOptions) {
    this.port = port;
    this.#options = options;
  }

  /** Outside of a test, `end()` is to be called. */
  static async start(options: ServerOptions = {}): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), options);
    await server.start();
    try {
      onTestFinished(() => server.end());
    } catch {
      // For a whole file.
    }
    return server;
  }

  async end(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}/0`;
  }

  async start(): Promise<void> {
    const { appendfsync, more = [] } = this.#options;
    const keeping = appendfsync ? ["--appendonly", "yes", "--appendfsync", appendfsync] : ["--appendonly", "no"];
    const options = ["--port", `${this.port}`, "--bind", "127.0.0.1", "--save", "", ...keeping, ...more];
    this.#process = spawn(redisServerFile as string, [...options, "--dir", this.#folder], { stdio: "ignore" });
    await this.#untilReady();
  }

  /** As `kill -9` does; without an append-only file it comes back empty. */
  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGCONT");
    child.kill("SIGKILL");
    await ended;
  }

  freeze(): void {
    this.#process?.kill("SIGSTOP");
  }

  thaw(): void {
    this.#process?.kill("SIGCONT");
  }

  async command(...words: readonly [string, ...string[]]): Promise<unknown> {
    const client = new Redis(this.url, { lazyConnect: true, retryStrategy: () => null });
    client.on("error", () => {});
    try {
      await client.connect();
      return await client.call(...(words as [string, ...string[]]));
    } finally {
      client.disconnect();
    }
  }

  /** How often each command ran, scripts' own included. */
  async commandCounts(): Promise<Readonly<Record<string, number>>> {
    const text = String(await this.command("INFO", "commandstats"));
    return Object.fromEntries(
      [...text.matchAll(/cmdstat_([^:]+):calls=(\d+)/g)].map(([, name = "", calls]) => [name, Number(calls)]),
    );
  }

  async #untilReady(): Promise<void> {
    for (let attempt = 0; attempt < 200; attempt++) {
      try {
        await this.command("PING");
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    }
    throw new Error("The redis-server did not answer.");
  }
}

export async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}
