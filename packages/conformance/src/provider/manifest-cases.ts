import assert from "node:assert/strict";
import type { AnyOperation, ProviderManifest } from "@colloquy/core";
import { bucketsOf, operationsOf } from "./expect.js";
import { type ProviderCase, sends } from "./provider-case.js";

const isoDate = /^\d{4}-\d{2}-\d{2}$/;

export const manifestCases: readonly ProviderCase[] = [
  {
    title: "the manifest names provider, date and credentials, and gives every duration",
    run: ({ world: { provider } }) => {
      const { manifest } = provider;
      assert.equal(manifest.id, provider.id, "id of manifest and provider");
      assert.match(provider.id, /^[a-z][a-z0-9-]*$/, "ids are kebab-case");
      assert.notEqual(manifest.displayName.trim(), "");
      assert.match(manifest.asOf, isoDate, "asOf is an ISO date");
      assert.doesNotMatch(provider.baseUrl, /\/$/, "the base URL ends without a slash");
      for (const [name, ms] of Object.entries(manifest.timings))
        assert.ok(Number.isFinite(ms) && ms > 0, `timings.${name} is above 0`);
      for (const { kind, from, environmentVariable } of manifest.credentials)
        if (from === "configuration") assert.ok(environmentVariable, `${kind} names its environment variable`);
    },
  },
  {
    title: "the manifest is plain data that survives JSON",
    run: ({ world: { provider } }) => {
      const plain = withoutFunctions(provider.manifest);
      assert.deepEqual(JSON.parse(JSON.stringify(plain)), plain);
    },
  },
  {
    title: "every limit says how many in which time, from which source and of which date",
    run: ({ world: { provider } }) => {
      for (const rule of [...provider.manifest.limits, ...(provider.limits ?? [])]) {
        assert.ok(rule.limit > 0 && Number.isInteger(rule.limit), `${rule.bucket}: limit`);
        assert.ok(rule.windowMs > 0 && Number.isFinite(rule.windowMs), `${rule.bucket}: windowMs`);
        assert.notEqual(rule.source.trim(), "", `${rule.bucket}: source`);
        assert.match(rule.asOf, isoDate, `${rule.bucket}: asOf`);
      }
    },
  },
  {
    title: "every operation is named by its place in the tree, and described",
    run: ({ world: { provider } }) => {
      const operations = operationsOf(provider);
      assert.ok(operations.length > 0, "there are operations");
      for (const { place, operation } of operations) {
        assert.equal(operation.name, place);
        assert.notEqual(operation.summary.trim(), "", `${place}: summary`);
        assert.match(operation.path, /^\//, `${place}: the path begins with a slash`);
      }
    },
  },
  {
    title: "every bucket that an operation spends has a limit",
    run: ({ world }) => {
      const known = bucketsOf(world);
      for (const { place, operation } of operationsOf(world.provider))
        for (const bucket of operation.buckets)
          assert.ok(known.has(bucket), `${place} spends "${bucket}", which no limit describes`);
    },
  },
  {
    title: "every credential that an operation carries is in the manifest",
    run: ({ world: { provider } }) => {
      const known = new Set<string>(["none", ...provider.manifest.credentials.map(({ kind }) => kind)]);
      for (const { place, operation } of operationsOf(provider))
        assert.ok(known.has(operation.credential), `${place} carries "${operation.credential}"`);
    },
  },
  {
    title: "every place of a path is filled by its operation",
    run: ({ world }) => {
      for (const { place, operation } of operationsOf(world.provider))
        checkPlaces(place, operation, world.operationInputs?.[place]);
    },
  },
  {
    title: "the status words are lower case and each is named once",
    run: ({ world: { provider } }) => {
      const { statusWords } = provider.manifest;
      assert.deepEqual(statusWords, [...new Set(statusWords.map((word) => word.toLowerCase()))]);
    },
  },
  {
    title: "the manifest tells which messages are taken and how long a text may be",
    applies: sends,
    run: ({ world: { provider } }) => {
      const rules = provider.manifest.messages;
      assert.ok(rules, "a provider that sends has message rules");
      assert.ok(rules.kinds.length > 0 && rules.maxTextLength > 0);
    },
  },
];

function checkPlaces(name: string, operation: AnyOperation, given: unknown): void {
  const places = [...operation.path.matchAll(/\{([^{}]+)\}/g)].map(([, place]) => place as string);
  if (places.length === 0 && given === undefined) return;
  const input = given ?? Object.fromEntries(places.map((place) => [place, "1"]));
  let params: Readonly<Record<string, string | number>>;
  try {
    params = operation.encode(input, { remoteId: "1" }).params ?? {};
  } catch (cause) {
    throw new Error(`${name} does not take ${JSON.stringify(input)}; give an input in \`operationInputs\`.`, { cause });
  }
  for (const place of places) {
    const value = params[place];
    assert.ok(value !== undefined && String(value) !== "", `${name} leaves {${place}} of ${operation.path} empty`);
  }
}

function withoutFunctions(manifest: ProviderManifest): unknown {
  const credentials = manifest.credentials.map(({ looksLike: _looksLike, ...described }) => described);
  return { ...manifest, credentials };
}
