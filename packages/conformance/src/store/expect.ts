import assert from "node:assert/strict";
import { type ErrorCode, isColloquyError } from "@colloquy/core/contract";

/** The call must fail with an error of ours of this code. */
export async function failsWith(code: ErrorCode, call: () => Promise<unknown>): Promise<void> {
  let outcome: unknown;
  try {
    outcome = await call();
  } catch (error) {
    if (!isColloquyError(error)) throw error;
    assert.equal(error.code, code);
    return;
  }
  assert.fail(`Expected ${code}, but the call succeeded with ${JSON.stringify(outcome)?.slice(0, 200)}.`);
}

/** What each call came to: its value, or the code of the error of ours that it failed with. */
export async function outcomesOf<T>(calls: readonly Promise<T>[]): Promise<readonly (T | ErrorCode)[]> {
  const settled = await Promise.allSettled(calls);
  return settled.map((result) => {
    if (result.status === "fulfilled") return result.value;
    if (isColloquyError(result.reason)) return result.reason.code;
    throw result.reason;
  });
}

/** 1 to `count`. */
export function numbersTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

/** Lets a test change what it was handed, whatever the types say. */
export function writable<T extends object>(value: T): { -readonly [Key in keyof T]: T[Key] } {
  return value;
}
