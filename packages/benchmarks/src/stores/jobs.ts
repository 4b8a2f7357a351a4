import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { median, percentile } from "../figures/statistics.js";
import { growthOf } from "./growth.js";
import type { OpenSubject, StoreFigures, StoreSubject } from "./subject.js";
import { medianMs, timed, turnNowAndThen, usualMostMs, warmUp } from "./timing.js";
import { type BenchMessage, messageNumber, metadataOf, type Sizes, wordOfRank } from "./workload.js";

export interface JobContext {
  readonly open: OpenSubject;
  readonly folder: string;
  readonly sizes: Sizes;
}

async function appendOneByOne(
  subject: StoreSubject,
  count: number,
  place: (number: number) => string,
  mostMs = usualMostMs,
): Promise<{ readonly done: number; readonly perSecond: number; readonly times: readonly number[] }> {
  const times: number[] = [];
  // Made beforehand: writing one costs several times what a store in memory takes for it.
  const messages = Array.from({ length: count }, (_, number) => messageNumber(number));
  const startedAt = performance.now();
  for (const [number, message] of messages.entries()) {
    const askedAt = performance.now();
    if (askedAt - startedAt >= mostMs) break;
    await subject.append(place(number), message);
    times.push(performance.now() - askedAt);
    // Not awaited each time: beside a store in memory even that would show.
    const turn = turnNowAndThen(number);
    if (turn) await turn;
  }
  return { done: times.length, perSecond: (times.length / (performance.now() - startedAt)) * 1_000, times };
}

function bytesIn(folder: string): number {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

/** One at a time over many sessions; then one long session: building, reading, copying. */
async function append({ open, folder, sizes }: JobContext): Promise<StoreFigures> {
  const subject = await open(folder);
  const warm = await warmUp(subject, "warm");
  for (let number = 0; number < sizes.sessions; number++) await subject.create(`ses_${number}`, metadataOf(number));
  const spread = await appendOneByOne(
    subject,
    sizes.sessions * sizes.messagesEach,
    (number) => `ses_${number % sizes.sessions}`,
  );
  const figures: Record<string, number> = {
    appendsPerSecond: spread.perSecond,
    appendP50Us: median(spread.times) * 1_000,
    appendP99Us: percentile(spread.times, 0.99) * 1_000,
  };
  await subject.create("long");
  const long = await appendOneByOne(subject, sizes.long, () => "long");
  let [copies, further] = [0, 0];
  figures["longPerSecond"] = long.perSecond;
  if (long.done === sizes.long) {
    const loaded = (await subject.load("long")).length;
    if (loaded !== sizes.long) throw new Error(`It gave ${loaded} of ${sizes.long} messages.`);
    figures["loadMs"] = await medianMs(9, () => subject.load("long"));
    if (subject.newest)
      figures["newestMs"] = await medianMs(50, () => subject.newest?.("long", 50) ?? Promise.resolve());
    if (subject.copy)
      figures["copyMs"] = await medianMs(3, (round) => {
        copies = round + 1;
        return subject.copy?.("long", `copy_${round}`) ?? Promise.resolve();
      });
    const { growth, appended } = await growthOf(subject, "long", sizes.long);
    figures["growth"] = growth;
    further = appended;
  }
  const messages = warm + spread.done + long.done * (1 + copies) + further;
  await subject.close();
  const bytes = bytesIn(folder);
  if (bytes > 0) figures["bytesPerMessage"] = bytes / messages;
  return figures;
}

/** So many callers at once, each waiting for its own. */
async function together({ open, folder, sizes }: JobContext): Promise<StoreFigures> {
  const callers = 64;
  const each = Math.ceil((sizes.sessions * sizes.messagesEach) / callers);
  const subject = await open(folder);
  await warmUp(subject, "warm", callers);
  for (let caller = 0; caller < callers; caller++) await subject.create(`ses_${caller}`);
  const messages = Array.from({ length: callers * each }, (_, number) => messageNumber(number));
  let done = 0;
  const startedAt = performance.now();
  const tookMs = await timed(() =>
    Promise.all(
      Array.from({ length: callers }, async (_, caller) => {
        for (let number = 0; number < each && performance.now() - startedAt < usualMostMs; number++, done++) {
          await subject.append(`ses_${caller}`, messages[caller * each + number] as BenchMessage);
          await turnNowAndThen(number);
        }
      }),
    ),
  );
  let kept = 0;
  for (let caller = 0; caller < callers; caller++) kept += (await subject.load(`ses_${caller}`)).length;
  await subject.close();
  return { appendsPerSecond: (done * 1_000) / tookMs, lost: done - kept };
}

/** The newest 50 of very many, plain and by metadata, and pages far behind. */
async function list({ open, folder, sizes }: JobContext): Promise<StoreFigures> {
  const subject = await open(folder);
  for (let number = 0; number < sizes.listed; number += 500)
    await Promise.all(
      Array.from({ length: 500 }, (_, place) => subject.create(`ses_${number + place}`, metadataOf(number + place))),
    );
  const figures: Record<string, number> = { listMs: await medianMs(20, async () => subject.list?.({})) };
  const filters = {
    listCommonMs: { category: "c3", priority: 1 },
    listRareMs: { customer: "cust_17" },
    listNothingMs: { customer: "nobody" },
  };
  for (const [name, filter] of Object.entries(filters))
    try {
      figures[name] = await medianMs(20, async () => subject.list?.(filter));
    } catch {
      // It has no such filter.
    }
  let cursor: string | undefined;
  for (let page = 0; page < sizes.listed / 50 - 20; page++) {
    const next = await subject.list?.({}, cursor);
    if (next?.cursor === undefined) break;
    cursor = next.cursor;
    // By offset each page costs more than the one before: walking there would take minutes.
    if (/^\d+$/.test(cursor)) cursor = `${sizes.listed / 50 - 20}`;
    if (/^\d+$/.test(cursor)) break;
  }
  figures["farPageMs"] = await medianMs(20, async () => subject.list?.({}, cursor));
  await subject.close();
  return figures;
}

async function search({ open, folder, sizes }: JobContext): Promise<StoreFigures> {
  const subject = await open(folder);
  for (let conversation = 0; conversation < sizes.searched / 1_000; conversation++) {
    await subject.create(`ses_${conversation}`);
    for (let part = 0; part < 10; part++) {
      const messages: BenchMessage[] = [];
      for (let number = 0; number < 100; number++)
        messages.push(messageNumber(conversation * 1_000 + part * 100 + number));
      await subject.appendMany?.(`ses_${conversation}`, messages);
    }
  }
  const texts = {
    searchRareMs: "word777",
    searchTwoMs: `word123 ${wordOfRank(60)}`,
    searchPhraseMs: `"${wordOfRank(10)} ${wordOfRank(60)}"`,
    searchCommonMs: wordOfRank(0),
  };
  const figures: Record<string, number> = {};
  for (const [name, text] of Object.entries(texts)) {
    if (((await subject.search?.(text)) ?? 0) === 0 && name === "searchRareMs")
      throw new Error(`Nothing was found for ${text}.`);
    figures[name] = await medianMs(20, async () => subject.search?.(text));
  }
  await subject.close();
  return figures;
}

/** How many keys stay of 20 metadata changes at once. */
async function merges({ open, folder }: JobContext): Promise<StoreFigures> {
  const subject = await open(folder);
  await subject.create("ses_1");
  await Promise.all(
    Array.from({ length: 20 }, async (_, number) => subject.mergeMetadata?.("ses_1", { [`key_${number}`]: number })),
  );
  const kept = Object.keys((await subject.metadata?.("ses_1")) ?? {}).filter((key) => key.startsWith("key_")).length;
  await subject.close();
  return { keysKept: kept };
}

/** What the workers of several processes meet in, and what they leave there. */
async function shared({ open, folder }: JobContext): Promise<StoreFigures> {
  const subject = await open(folder);
  await subject.create("shared");
  await subject.close();
  return {};
}

async function count({ open, folder }: JobContext): Promise<StoreFigures> {
  const subject = await open(folder);
  const kept = (await subject.count?.("shared")) ?? (await subject.load("shared")).length;
  await subject.close();
  return { kept };
}

export const jobs: Readonly<Record<string, (context: JobContext) => Promise<StoreFigures>>> = {
  append,
  together,
  list,
  search,
  merges,
  shared,
  count,
};
