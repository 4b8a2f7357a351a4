import { setTimeout as delay } from "node:timers/promises";
import { createColloquy, type OutboxRow, type Random, type Session, type Store } from "@colloquy/core";
import { fill } from "../fleet/fill.js";
import { type BrokerName, openPlace, withBroker } from "./brokers.js";
import { chaosProvider } from "./provider.js";
import { strikeUntil } from "./schedule.js";
import { chaosService } from "./service.js";
import { judge, type Verdict } from "./verdict.js";
import { ChaosWorker } from "./workers.js";

export interface RoundOptions {
  readonly broker: BrokerName;
  /** The built worker. */
  readonly program: string;
  readonly random: Random;
  readonly messages: number;
  readonly events: number;
  readonly tell: (what: string) => void;
}

const sessionCount = 20;
const workerCount = 3;
const leaseMs = 2_000;
/** The second worker's clock is fast, the third one's slow. */
const skewsMs = [0, 20_000, -20_000];
const settleWithinMs = 120_000;

/** One round: messages and events go in while faults strike; then everything is left in peace, and counted. */
export async function runRound(options: RoundOptions): Promise<Verdict> {
  let verdict: Verdict | undefined;
  await withBroker(options.broker, async (broker) => {
    const service = await chaosService(options.random);
    const store = openPlace(broker.place());
    await store.open();
    const ids = await fill(store, sessionCount, "chaos");
    const workers: ChaosWorker[] = [];
    for (let place = 0; place < workerCount; place++) {
      const name = `w${place}`;
      const address = service.addressOf(name);
      const skewMs = skewsMs[place] ?? 0;
      workers.push(await ChaosWorker.start(options.program, name, broker, { address, leaseMs, skewMs }));
    }
    // Only stores what others send and handle.
    const front = createColloquy({
      providers: [chaosProvider(service.addressOf("front"))],
      store: { ...store, close: async () => {} },
    });
    const sessions = await Promise.all(ids.map((id) => persistently(() => front.sessions.get(id))));
    try {
      let isOver = false;
      const striking = strikeUntil({ workers, broker, leaseMs, random: options.random }, () => isOver, options.tell);
      const [texts, events] = await Promise.all([queueMessages(sessions, options), deliverEvents(sessions, options)]);
      isOver = true;
      await striking;
      const rows = await settled(store, ids);
      const pending = await handledAll(store, ids, events, service.handled);
      verdict = judge({
        rows,
        textOf: ({ id }) => texts.get(id) ?? "",
        arrivals: service.arrivals,
        events,
        handled: service.handled,
        pending,
      });
    } finally {
      await Promise.all(workers.map((worker) => worker.close()));
      await front.shutdown({ graceMs: 0 });
      await store.close();
      await service.close();
    }
  });
  if (!verdict) throw new Error("The round came to no end.");
  return verdict;
}

/** What a careful caller does while the store is away: the same again, under the same ids. */
async function persistently<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 0; ; attempt++)
    try {
      return await work();
    } catch (error) {
      if (attempt >= 60) throw error;
      await delay(250);
    }
}

async function queueMessages(
  sessions: readonly Session[],
  { messages, random }: RoundOptions,
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (let number = 0; number < messages; number++) {
    const session = sessions[Math.floor(random() * sessions.length)] as Session;
    const id = `msg_${number}`;
    texts.set(id, `text ${number}`);
    const message = { id, to: `person ${Math.floor(random() * 5)}`, text: `text ${number}` };
    await persistently(() => session.enqueue([message]));
    await delay(random() * 16);
  }
  return texts;
}

/** As webhooks come: in pairs, late, out of order, and again when they were not answered with 200. */
async function deliverEvents(
  sessions: readonly Session[],
  { events, random }: RoundOptions,
): Promise<readonly string[]> {
  const names: string[] = [];
  const late: Promise<unknown>[] = [];
  for (let number = 0; number < events; number++) {
    const session = sessions[Math.floor(random() * sessions.length)] as Session;
    const name = `chat-${Math.floor(random() * 4)} of ${session.id} event ${number}`;
    names.push(name);
    const deliver = () => persistently(() => session.receive({ headers: {}, body: Buffer.from(name) }));
    const times = random() < 0.2 ? 2 : 1;
    for (let time = 0; time < times; time++) late.push(delay(random() * 400).then(deliver));
    await delay(random() * 16);
  }
  await Promise.all(late);
  return names;
}

async function settled(store: Store, ids: readonly string[]): Promise<readonly OutboxRow[]> {
  const deadlineMs = performance.now() + settleWithinMs;
  for (;;) {
    const rows = (await Promise.all(ids.map((id) => persistently(() => store.outbox.list(id))))).flat();
    const isOpen = rows.some(({ state }) => state === "queued" || state === "sending");
    if (!isOpen || performance.now() > deadlineMs) return rows;
    await delay(200);
  }
}

async function handledAll(
  store: Store,
  ids: readonly string[],
  events: readonly string[],
  handled: ReadonlyMap<string, number>,
): Promise<number> {
  const deadlineMs = performance.now() + settleWithinMs;
  for (;;) {
    const pages = await Promise.all(ids.map((id) => persistently(() => store.inbox.pending(id))));
    const pending = pages.flat().length;
    if ((pending === 0 && handled.size >= events.length) || performance.now() > deadlineMs) return pending;
    await delay(200);
  }
}
