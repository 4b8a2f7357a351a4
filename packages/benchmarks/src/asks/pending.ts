// What a pending question weighs in a process. Arguments: subject, questions.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AskOutcome, createColloquy, memoryStore } from "@colloquy/core";
import { ReferenceBackend, referenceProvider } from "@colloquy/core/testing";
import { sqliteStore } from "@colloquy/store-sqlite";
import { printFigures } from "../measures/measure.js";
import { settledBytes, timersArmed } from "../measures/memory.js";

const [subject = "", given = "0"] = process.argv.slice(2);
const count = Number(given);
const folder = mkdtempSync(join(tmpdir(), "colloquy-asks-"));
const isInMemory = subject.includes("memory");

// The service forgets every question at once, as what it keeps is not what is measured.
const roomy = { limit: 1_000_000, windowMs: 1_000 };
const backend = new ReferenceBackend({ requests: roomy, sends: roomy });
const answer = async (config: {
  readonly method?: string;
  readonly url?: string;
  readonly headers: { toJSON(): object };
  readonly data?: string | Buffer;
}): Promise<unknown> => {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(config.headers.toJSON())) headers[name.toLowerCase()] = String(value);
  const { pathname } = new URL(config.url ?? "");
  const body = config.data === undefined ? "" : config.data.toString();
  const reply = backend.handle({ method: (config.method ?? "get").toUpperCase(), path: pathname, headers, body });
  backend.requests.length = 0;
  backend.asks.all.length = 0;
  return {
    status: reply?.status,
    statusText: "",
    headers: reply?.headers,
    data: Buffer.from(reply?.text ?? ""),
    config,
  };
};

const provider = referenceProvider({
  baseUrl: "http://127.0.0.1:9",
  personalAccessToken: backend.personalAccessToken,
  timings: { pollConnectedMs: 3_600_000, livenessMs: 7_200_000 },
  limits: [],
});
const { ask, ...facets } = provider.facets;
// Nothing is looked at: an event would bring each answer.
const heard = { ...ask, progress: undefined, settle: undefined } as unknown as NonNullable<typeof ask>;
const colloquy = createColloquy({
  providers: [{ ...provider, facets: { ...facets, ask: heard } }],
  store: isInMemory ? memoryStore() : sqliteStore(join(folder, "asks.db")),
  transport: { adapter: answer as never },
});
const session = await colloquy.sessions.create("reference", {});
for await (const _code of session.pair()) backend.phone.scan(session.remoteId ?? "");
await session.waitFor("connected");

/** Each with its handle, and somebody who awaits it. */
const waiting: Promise<AskOutcome>[] = [];
const putAll = async (many: number): Promise<void> => {
  for (let place = 0; place < many; place += 50)
    for (const { outcome } of await Promise.all(
      Array.from({ length: Math.min(50, many - place) }, () => session.ask("May the order go out, as it stands?")),
    ))
      waiting.push(outcome);
  let open = 1;
  while (open > 0) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    open = (await colloquy.asks.list({ states: ["queued", "asking"], limit: 1 })).length;
  }
};
await putAll(500);
const before = await settledBytes();
const startedAtMs = performance.now();
await putAll(count);
const tookMs = performance.now() - startedAtMs;
const after = await settledBytes();
const lost = waiting.length - (await colloquy.asks.list({ states: ["pending"], limit: 1_000_000 })).length;
printFigures({
  bytesEach: (after - before) / count,
  timers: timersArmed(),
  requestsPerSecond: count / (tookMs / 1_000),
  lost,
});
rmSync(folder, { recursive: true, force: true });
process.exit();
