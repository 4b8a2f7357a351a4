import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import type { Store } from "@colloquy/core";
import { expect, onTestFinished } from "vitest";
import { sourceProgram } from "./source-program.js";

export type Said =
  | { readonly did: "save"; readonly revision: number }
  | { readonly did: "secret"; readonly number: number }
  | { readonly did: "add" | "move" | "arrive" | "settle"; readonly ids: readonly string[] };

/** A process that writes until it is killed. */
export class Writer {
  readonly said: Said[] = [];
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  #errors = "";

  /** `file` is the address of a script that ends with `writeForever`. */
  constructor(file: URL, words: readonly string[]) {
    const program = sourceProgram(file);
    const child = spawn(process.execPath, [...program.execArgv, program.file, ...words], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    this.#ended = once(child, "close");
    child.stderr.setEncoding("utf8").on("data", (text: string) => (this.#errors += text));
    createInterface({ input: child.stdout }).on("line", (line) => this.said.push(JSON.parse(line) as Said));
    onTestFinished(() => void child.kill("SIGKILL"));
  }

  /** Waits until it has said so many things more. */
  async saysMore(count: number): Promise<void> {
    const wanted = this.said.length + count;
    for (let waits = 0; this.said.length < wanted; waits++) {
      if (this.#errors || waits > 3_000) throw new Error(`The writer wrote no more. ${this.#errors}`);
      await pause(10);
    }
  }

  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#ended;
    if (this.#errors) throw new Error(`The writer failed. ${this.#errors}`);
  }
}

/** Everything that was acknowledged is there, once, and what is there hangs together. */
export async function expectKept(store: Store, sessionId: string, said: readonly Said[]): Promise<void> {
  const all = { limit: 1_000_000 };
  const record = await store.records.get(sessionId);
  const log = await store.log.read(sessionId, all);
  expect(log.map(({ seq, event }) => `${seq} ${event}`)).toEqual(
    Array.from({ length: record?.revision ?? 0 }, (_, index) => `${index + 1} ${index + 1}`),
  );
  const outbox = await store.outbox.list(sessionId, all);
  expect(outbox.map(({ seq }) => seq)).toEqual(outbox.map((_, index) => index + 1));
  expect(outbox.length % 3, "the messages of one call").toBe(0);
  const counts = await store.outbox.count(sessionId);
  const sending = outbox.filter(({ state }) => state === "sending").length;
  expect([counts.queued, counts.sending]).toEqual([outbox.length - sending, sending]);
  const stateOf = new Map(outbox.map(({ id, state }) => [id, state]));
  const pending = new Set((await store.inbox.pending(sessionId, all)).map(({ occurrenceId }) => occurrenceId));
  const settled = new Set(said.flatMap((line) => (line.did === "settle" ? line.ids : [])));
  let lastSecret = 0;
  for (const line of said) {
    if (line.did === "save") expect(record?.revision).toBeGreaterThanOrEqual(line.revision);
    else if (line.did === "secret") lastSecret = line.number;
    else if (line.did === "add") expect(line.ids.filter((id) => !stateOf.has(id))).toEqual([]);
    else if (line.did === "move") expect(line.ids.map((id) => stateOf.get(id))).toEqual(line.ids.map(() => "sending"));
    else if (line.did === "settle") expect(line.ids.filter((id) => pending.has(id))).toEqual([]);
    else if (line.did === "arrive")
      // An event may be handled without its settling having been acknowledged, but only the one that was under way.
      expect(line.ids.filter((id) => !pending.has(id) && !settled.has(id) && line !== said.at(-1))).toEqual([]);
    else expect.fail(`the writer said ${JSON.stringify(line)}`);
  }
  const kept = Number((await store.secrets.get(sessionId))["session_key"]?.split(" ")[1] ?? 0);
  expect([lastSecret, lastSecret + 1]).toContain(kept);
}
