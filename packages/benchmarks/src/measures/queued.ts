// What a queued send weighs beside its message, and how long it takes to cancel all of them one by one.
// Arguments: subject, sends.

import { Cancellation, createTransport } from "@colloquy/core/transport";
import Bottleneck from "bottleneck";
import PQueue from "p-queue";
import { descriptiveProvider, sendOperation } from "../subjects/descriptive-provider.js";
import { printFigures } from "./measure.js";
import { settledBytes } from "./memory.js";

interface Message {
  readonly to: string;
  readonly text: string;
}

type Enqueue = (message: Message, signal?: AbortSignal) => Promise<unknown>;

/** How one send is stopped: by what the subject itself has for it. */
interface Stop {
  readonly signal: AbortSignal;
  readonly abort: () => void;
}

function platformStop(): Stop {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

const hourly = { scope: "session", shape: "fixed", limit: 1, windowMs: 3_600_000 } as const;
const never = (): Promise<void> => new Promise(() => {});

const queues: Readonly<Record<string, { readonly enqueue: () => Enqueue; readonly stop?: () => Stop }>> = {
  Colloquy: {
    stop: () => {
      const stop = new Cancellation();
      return { signal: stop as unknown as AbortSignal, abort: () => stop.abort() };
    },
    enqueue: () => {
      const transport = createTransport({ adapter: never as never });
      const provider = descriptiveProvider("http://127.0.0.1:9", [hourly], true);
      const operation = sendOperation(true);
      const session = { id: "s-0", settings: {}, secrets: async () => ({}) };
      return (input, signal) =>
        transport.execute(
          signal ? { provider, operation, input, session, signal } : { provider, operation, input, session },
        );
    },
  },
  Bottleneck: {
    enqueue: () => {
      const limiter = new Bottleneck({ maxConcurrent: 1 });
      return () => limiter.schedule(never);
    },
  },
  "p-queue": {
    stop: platformStop,
    enqueue: () => {
      const queue = new PQueue({ concurrency: 1 });
      return (_message, signal) => queue.add(never, signal ? { signal } : {});
    },
  },
};

const [name = "", sends = "0"] = process.argv.slice(2);
const count = Number(sends);
const queue = queues[name];
if (!queue) throw new Error(`There is no subject "${name}".`);
const messages = Array.from({ length: count }, (_, place) => ({ to: "s-0", text: `m-${place}` }));
// Room for the results beforehand: the list is the caller's, too.
const ends: (Promise<unknown> | undefined)[] = Array.from({ length: count }, () => undefined);

/** Whom nobody holds is collected with all that waits there. */
const kept: Enqueue[] = [];

async function weigh(signals?: readonly AbortSignal[]): Promise<number> {
  const enqueue = queue?.enqueue() as Enqueue;
  kept.push(enqueue);
  const before = await settledBytes();
  for (let place = 0; place < count; place++) ends[place] = enqueue(messages[place] as Message, signals?.[place]);
  // All must have arrived where they wait.
  await new Promise((resolve) => setTimeout(resolve, 100));
  return ((await settledBytes()) - before) / count;
}

const bytesEach = await weigh();
const { stop } = queue;
if (!stop) printFigures({ bytesEach });
else {
  const stops = messages.map(() => stop());
  const bytesWithSignal = await weigh(stops.map(({ signal }) => signal));
  // The first is on its way already: the others wait.
  const waiting = ends.slice(1).map((end) => (end as Promise<unknown>).catch(() => {}));
  const startedAtMs = performance.now();
  for (const one of stops.slice(1)) one.abort();
  await Promise.all(waiting);
  printFigures({ bytesEach, bytesWithSignal, cancelMs: performance.now() - startedAtMs });
}
process.exit();
