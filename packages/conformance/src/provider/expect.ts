import assert from "node:assert/strict";
import {
  type AnyProvider,
  type ColloquyError,
  type ErrorCode,
  isColloquyError,
  type OperationTree,
} from "@colloquy/core";
import type { ProviderCaseContext } from "./provider-case.js";
import type { ProviderWorld } from "./world.js";

/** Waits on the real clock until the condition holds. */
export async function eventually(condition: () => boolean, what: string, withinMs = 4_000): Promise<void> {
  const untilMs = Date.now() + withinMs;
  while (!condition()) {
    if (Date.now() > untilMs) assert.fail(`${what}, within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** The error of a call that must fail with this code. */
export async function failure(call: Promise<unknown>, code: ErrorCode, why: string): Promise<ColloquyError> {
  const error: unknown = await call.then(
    () => assert.fail(`${why}: expected ${code}, but it succeeded`),
    (thrown: unknown) => thrown,
  );
  if (!isColloquyError(error)) throw error;
  assert.equal(error.code, code, `${why}: ${error.message}`);
  return error;
}

/** Holds when the call leaves no trace at the service. */
export async function sendsNothing<Result>(
  { world }: ProviderCaseContext,
  call: () => Promise<Result>,
): Promise<Result> {
  const before = world.service.requestCount();
  const result = await call();
  assert.equal(world.service.requestCount() - before, 0, "requests that reached the service");
  return result;
}

/** Every bucket that is described or, for other plans, declared. */
export function bucketsOf({ provider, unlimitedBuckets = [] }: ProviderWorld): ReadonlySet<string> {
  return new Set(
    [...provider.manifest.limits, ...(provider.limits ?? [])].map(({ bucket }) => bucket).concat(unlimitedBuckets),
  );
}

export function operationsOf(
  provider: AnyProvider,
): readonly { readonly place: string; readonly operation: OperationTree[string][string] }[] {
  const tree: OperationTree = provider.operations;
  return Object.entries(tree).flatMap(([noun, verbs]) =>
    Object.entries(verbs).map(([verb, operation]) => ({ place: `${noun}.${verb}`, operation })),
  );
}
