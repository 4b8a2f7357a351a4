import { storeSuite } from "@colloquy/conformance";
import { memoryStore } from "@colloquy/core";
import { describe, expect, test } from "vitest";
import { askFaults } from "./store-faults/ask-faults.js";
import { type Fault, fullManifest, subjectWith } from "./store-faults/fault.js";
import { fenceFaults } from "./store-faults/fence-faults.js";
import { inboxFaults } from "./store-faults/inbox-faults.js";
import { keepingFaults } from "./store-faults/keeping-faults.js";
import { leaseFaults } from "./store-faults/lease-faults.js";
import { lifetimeFaults } from "./store-faults/lifetime-faults.js";
import { listFaults } from "./store-faults/list-faults.js";
import { outboxFaults } from "./store-faults/outbox-faults.js";
import { outboxReceiptFaults } from "./store-faults/outbox-receipt-faults.js";
import { recordFaults } from "./store-faults/record-faults.js";
import { secretFaults } from "./store-faults/secret-faults.js";
import { transcriptFaults } from "./store-faults/transcript-faults.js";
import { transcriptReadingFaults } from "./store-faults/transcript-reading-faults.js";
import { valueFaults } from "./store-faults/value-faults.js";

const faults: readonly Fault[] = [
  ...lifetimeFaults,
  ...recordFaults,
  ...listFaults,
  ...keepingFaults,
  ...outboxFaults,
  ...outboxReceiptFaults,
  ...fenceFaults,
  ...inboxFaults,
  ...secretFaults,
  ...leaseFaults,
  ...askFaults,
  ...transcriptFaults,
  ...transcriptReadingFaults,
  ...valueFaults,
];

/** Every test of the suite by its title, for a store with the given fault, as a runner would register them. */
function testsFor(fault: Partial<Fault>): ReadonlyMap<string, () => Promise<void>> {
  const tests = new Map<string, () => Promise<void>>();
  storeSuite({
    test: (title, run) => tests.set(title, run),
    factory: async () => subjectWith(fault),
    manifest: fullManifest,
  });
  return tests;
}

describe("the store suite finds a store that", () => {
  for (const fault of faults)
    for (const title of fault.fails)
      test(`${fault.name}, by "${title}"`, async () => {
        const run = testsFor(fault).get(title);
        expect(run, "the suite has a test of this title").toBeDefined();
        await expect(run?.()).rejects.toBeInstanceOf(Error);
      });
});

describe("the store suite", () => {
  test("passes a store without a fault", async () => {
    for (const [title, run] of testsFor({})) await expect(run(), title).resolves.toBeUndefined();
  });

  test("has a known fault for each of its tests, so that none of them is idle", () => {
    const found = new Set(faults.flatMap(({ fails }) => fails));
    expect([...testsFor({}).keys()].filter((title) => !found.has(title))).toEqual([]);
  });

  test("names each test once", () => {
    const { titles } = storeSuite({ test: () => {}, factory: async () => subjectWith({}), manifest: fullManifest });
    expect(new Set(titles).size).toBe(titles.length);
  });

  test("skips what the manifest does not promise, and nothing else, and tells so", () => {
    const lines: string[] = [];
    const everything = storeSuite({ test: () => {}, factory: async () => subjectWith({}), manifest: fullManifest });
    const { titles, skipped } = storeSuite({
      test: () => {},
      factory: async () => subjectWith({}),
      manifest: memoryStore().manifest,
      announce: (line) => lines.push(line),
    });
    expect(everything.skipped).toEqual([]);
    expect(skipped.map(({ because }) => because)).toEqual([
      "the store does not encrypt secrets",
      ...Array(2).fill("the store does not outlive its process"),
      ...Array(3).fill("the store is for one process alone"),
      // Of the transcripts.
      "the store does not encrypt secrets",
      "the store does not outlive its process",
      "the store is for one process alone",
    ]);
    expect(lines).toEqual(skipped.map(({ title, because }) => `SKIP memory: ${title} (${because})`));
    expect([...titles, ...skipped.map(({ title }) => title)].toSorted()).toEqual(everything.titles.toSorted());
  });

  test("removes the place after a test that failed", async () => {
    let disposals = 0;
    const failing = new Map<string, () => Promise<void>>();
    storeSuite({
      test: (title, run) => failing.set(title, run),
      factory: async () => ({
        ...subjectWith({ tamper: () => ({ manifest: memoryStore().manifest }) }),
        dispose: async () => void disposals++,
      }),
      manifest: fullManifest,
    });
    await expect(failing.get("states the manifest that the suite was given")?.()).rejects.toBeInstanceOf(Error);
    expect(disposals).toBe(1);
  });
});
