import type { CallOptions } from "./bound-operations.js";
import type { Runtime } from "./runtime.js";

export function toExchangeOptions(
  runtime: Runtime,
  { signal, timeoutMs, priority }: CallOptions = {},
): { signal?: AbortSignal; deadlineAtMs?: number; priority?: NonNullable<CallOptions["priority"]> } {
  return {
    ...(signal ? { signal } : {}),
    ...(timeoutMs === undefined ? {} : { deadlineAtMs: runtime.clock.now() + timeoutMs }),
    ...(priority ? { priority } : {}),
  };
}
