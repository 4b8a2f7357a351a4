import { providerSuite } from "@colloquy/conformance";
import { type ReferenceProvider, referenceProvider, ScriptedLines } from "@colloquy/core/testing";
import { describe, expect, test } from "vitest";
import { actingFaults } from "./provider-faults/acting-faults.js";
import { askFaults } from "./provider-faults/ask-faults.js";
import { connectFaults } from "./provider-faults/connect-faults.js";
import { declarationFaults } from "./provider-faults/declaration-faults.js";
import { faulty, type ProviderFault } from "./provider-faults/fault.js";
import { readingFaults } from "./provider-faults/reading-faults.js";
import { referenceWorld } from "./reference-world.js";

const faults: readonly ProviderFault[] = [
  ...declarationFaults,
  ...readingFaults,
  ...actingFaults,
  ...connectFaults,
  ...askFaults,
];
const provider = referenceProvider({
  baseUrl: "http://127.0.0.1:1",
  personalAccessToken: "pat_made_up",
  connect: new ScriptedLines().facet,
});

/** Every test of the suite by its title, for the reference provider with the given fault. */
function testsFor(
  change: (provider: ReferenceProvider) => ReferenceProvider = (same) => same,
): ReadonlyMap<string, () => Promise<void>> {
  const tests = new Map<string, () => Promise<void>>();
  providerSuite({
    test: (title, run) => tests.set(title, run),
    name: "faulty",
    provider: change(provider),
    harness: () => referenceWorld(change),
    announce: () => {},
  });
  return tests;
}

describe("the provider suite finds a provider that", () => {
  for (const fault of faults)
    for (const title of fault.fails)
      test.concurrent(`${fault.name}, by "${title}"`, { timeout: 20_000 }, async () => {
        const run = testsFor((good) => faulty(good, fault)).get(title);
        expect(run, "the suite has a test of this title").toBeDefined();
        await expect(run?.()).rejects.toBeInstanceOf(Error);
      });
});

/** What these show is that core refuses; no fault of a provider can break them. */
const heldByCore = [
  "a kind of message that the manifest leaves out is refused with nothing on the wire",
  "messages wait for nobody when the session is not connected",
  "what it declares is what its sessions have",
  "without a logout it is refused as UNSUPPORTED, with nothing on the wire",
  ...["ask", "connect", "converse", "edit", "pairing", "presence", "receive", "send"].map(
    (capability) => `without "${capability}" it is refused as UNSUPPORTED, with nothing on the wire`,
  ),
];

describe("the provider suite", () => {
  test("has a known fault for each test that a provider can fail, so that none of them is idle", () => {
    const found = new Set(faults.flatMap(({ fails }) => fails));
    expect([...testsFor().keys()].filter((title) => !found.has(title)).toSorted()).toEqual(heldByCore.toSorted());
  });

  test("names each test once", () => {
    const { titles, skipped } = providerSuite({
      test: () => {},
      name: "reference",
      provider,
      harness: referenceWorld,
      announce: () => {},
    });
    const all = [...titles, ...skipped.map(({ title }) => title)];
    expect(new Set(all).size).toBe(all.length);
  });

  test("skips what the provider does not declare and what the world cannot do, and tells so", () => {
    const lines: string[] = [];
    const { presence: _presence, receive: _receive, ...facets } = provider.facets;
    const { skipped, titles } = providerSuite({
      test: () => {},
      name: "small",
      provider: { ...provider, facets },
      harness: referenceWorld,
      cannot: { drop: "the sandbox has no weather" },
      announce: (line) => lines.push(line),
    });
    expect(skipped.map(({ because }) => because)).toEqual([
      "the sandbox has no weather",
      "disconnecting does not unpair",
      'the provider does not declare "presence"',
      ...Array<string>(4).fill('the provider does not declare "receive"'),
      "the sandbox has no weather",
    ]);
    expect(lines).toEqual(skipped.map(({ title, because }) => `SKIP small: ${title} (${because})`));
    expect(titles).not.toContain("presence is shown");
  });

  test("takes the world down after a test that failed", async () => {
    let disposals = 0;
    const failing = new Map<string, () => Promise<void>>();
    providerSuite({
      test: (title, run) => failing.set(title, run),
      name: "faulty",
      provider,
      harness: async () => {
        const world = await referenceWorld((good) => ({ ...good, validateConfig: () => [] }));
        return { ...world, dispose: () => world.dispose().then(() => void disposals++) };
      },
      announce: () => {},
    });
    await expect(failing.get("wrong options are found without network")?.()).rejects.toBeInstanceOf(Error);
    expect(disposals).toBe(1);
  });
});
