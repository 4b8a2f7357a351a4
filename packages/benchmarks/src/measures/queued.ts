// What a queued send weighs beside its message, and how long it takes to cancel all of them one by one.
// Arguments: subject, sends.

import { createTransport } from "@colloquy/core/transport";
import Bottleneck from "bottleneck";
import PQueue from "p-queue";
import { descriptiveProvider, sendOperation } from "../subjects/descriptive-provider.js";
import { printFigures } from "./measure.js";
import { settledBytes } from "./memory.js";

interface Message {
  readonly to: string;
  readonly text: string;
}

type Enqueue = (message: Message, signal: AbortSignal) => Promise<unknown>;

const hourly = { scope: "session", shape: "fixed", limit: 1, windowMs: 3_600_000 } as const;
const never = (): Promise<void> => new Promise(() => {});

const queues: Readonly<Record<string, { readonly enqueue: () => Enqueue; readonly cancels: boolean }>> = {
  Colloquy: {
    cancels: true,
    enqueue: () => {
      const transport = createTransport({ adapter: never as never });
      const provider = descriptiveProvider("http://127.0.0.1:9", [hourly], true);
      const operation = sendOperation(true);
      const session = { id: "s-0", settings: {}, secrets: async () => ({}) };
      return (input, signal) => transport.execute({ provider, operation, input, session, signal });
    },
  },
  Bottleneck: {
    cancels: false,
    enqueue: () => {
      const limiter = new Bottleneck({ maxConcurrent: 1 });
      return () => limiter.schedule(never);
    },
  },
  "p-queue": {
    cancels: true,
    enqueue: () => {
      const queue = new PQueue({ concurrency: 1 });
      return (_message, signal) => queue.add(never, { signal });
    },
  },
};

const [name = "", sends = "0"] = process.argv.slice(2);
const count = Number(sends);
const queue = queues[name];
if (!queue) throw new Error(`There is no subject "${name}".`);
const messages = Array.from({ length: count }, (_, place) => ({ to: "s-0", text: `m-${place}` }));
const controllers = messages.map(() => new AbortController());
// Signals are made when first asked for: they belong to the message.
const signals = controllers.map(({ signal }) => signal);
// Room for the results beforehand: the list is the caller's, too.
const ends: (Promise<unknown> | undefined)[] = Array.from({ length: count }, () => undefined);
const enqueue = queue.enqueue();

const before = await settledBytes();
for (let place = 0; place < count; place++)
  ends[place] = enqueue(messages[place] as Message, signals[place] as AbortSignal);
// All must have arrived where they wait.
await new Promise((resolve) => setTimeout(resolve, 100));
const after = await settledBytes();

let cancelMs: number | undefined;
if (queue.cancels) {
  // The first is on its way already: the others wait.
  const waiting = ends.slice(1).map((end) => (end as Promise<unknown>).catch(() => {}));
  const startedAtMs = performance.now();
  for (const controller of controllers.slice(1)) controller.abort();
  await Promise.all(waiting);
  cancelMs = performance.now() - startedAtMs;
}
printFigures({ bytesEach: (after - before) / count, ...(cancelMs === undefined ? {} : { cancelMs }) });
process.exit();
