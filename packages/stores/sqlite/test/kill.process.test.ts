import { join } from "node:path";
import { type Store, seededRandom } from "@colloquy/core";
import { expect, test } from "vitest";
import { chooseDriver } from "../src/driver/choose.js";
import { sqliteStore } from "../src/index.js";
import { startChild } from "./children/children.js";
import { scratchFolder } from "./scratch.js";

type Said =
  | { readonly did: "save"; readonly revision: number }
  | { readonly did: "secret"; readonly number: number }
  | { readonly did: "add" | "move" | "arrive" | "settle"; readonly ids: readonly string[] };

// More in a soak: COLLOQUY_KILL_ROUNDS=100.
const rounds = Number(process.env["COLLOQUY_KILL_ROUNDS"] ?? 8);
const seed = Number(process.env["SEED"] ?? 20_261_121);

/** Lets a process write until it has said `killAfter` things, kills it, and gives back all that it had said. */
async function killedAfter(killAfter: number, path: string, sessionId: string): Promise<readonly Said[]> {
  const child = startChild("write-until-killed", [path, sessionId], (_line, { lines, process }) => {
    if (lines.length >= killAfter) process.kill("SIGKILL");
  });
  expect(await child.ended, child.errors()).toEqual({ code: null, signal: "SIGKILL" });
  return child.lines.map((line) => JSON.parse(line) as Said);
}

async function allOf<T extends { readonly seq: number }>(
  read: (afterSeq: number) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  const all: T[] = [];
  for (let page = await read(0); page.length > 0; page = await read(page.at(-1)?.seq ?? 0)) all.push(...page);
  return all;
}

async function expectEverything(store: Store, sessionId: string, said: readonly Said[]): Promise<void> {
  const record = await store.records.get(sessionId);
  const log = await allOf((afterSeq) => store.log.read(sessionId, { afterSeq }));
  // Record and log are written together: whatever was not acknowledged is there with both or with neither.
  expect(log.map(({ seq, event }) => `${seq} ${event}`)).toEqual(
    Array.from({ length: record?.revision ?? 0 }, (_, index) => `${index + 1} ${index + 1}`),
  );
  const outbox = await allOf((afterSeq) => store.outbox.list(sessionId, { afterSeq }));
  expect(outbox.map(({ seq }) => seq)).toEqual(outbox.map((_, index) => index + 1));
  expect(outbox.length % 3, "the messages of one call").toBe(0);
  const stateOf = new Map(outbox.map(({ id, state }) => [id, state]));
  const pending = new Set(
    (await allOf((afterSeq) => store.inbox.pending(sessionId, { afterSeq }))).map(({ occurrenceId }) => occurrenceId),
  );
  const settled = new Set(said.flatMap((line) => (line.did === "settle" ? line.ids : [])));
  let lastSecret = 0;
  for (const line of said) {
    if (line.did === "save") expect(record?.revision).toBeGreaterThanOrEqual(line.revision);
    else if (line.did === "secret") lastSecret = line.number;
    else if (line.did === "add") expect(line.ids.filter((id) => !stateOf.has(id))).toEqual([]);
    else if (line.did === "move") expect(line.ids.map((id) => stateOf.get(id))).toEqual(line.ids.map(() => "sending"));
    else if (line.did === "settle") expect(line.ids.filter((id) => pending.has(id))).toEqual([]);
    // An event may be handled without its settling having been acknowledged, but only the one that was under way.
    else expect(line.ids.filter((id) => !pending.has(id) && !settled.has(id) && line !== said.at(-1))).toEqual([]);
  }
  const kept = Number((await store.secrets.get(sessionId))["session_key"]?.split(" ")[1] ?? 0);
  expect([lastSecret, lastSecret + 1]).toContain(kept);
}

test(`keeps every acknowledged write, and a sound file, when its process is killed in the middle of writing (${rounds} times, seed ${seed})`, async () => {
  const random = seededRandom(seed);
  const path = join(await scratchFolder(), "store.db");
  for (let round = 1; round <= rounds; round++) {
    const killAfter = 1 + Math.floor(random() * 400);
    const sessionId = `ses_${round}`;
    const said = await killedAfter(killAfter, path, sessionId);
    expect(said.length, `round ${round}, seed ${seed}`).toBeGreaterThanOrEqual(killAfter);
    const store = sqliteStore({ path, secretKey: "made-up key" });
    await store.open();
    await expectEverything(store, sessionId, said);
    await store.close();
    const connection = (await chooseDriver()).open(path);
    expect(connection.prepare("PRAGMA integrity_check").all([]), `round ${round}, seed ${seed}`).toEqual([
      { integrity_check: "ok" },
    ]);
    expect(connection.prepare("PRAGMA foreign_key_check").all([])).toEqual([]);
    connection.close();
  }
});
