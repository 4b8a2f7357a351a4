import { afterEach, beforeEach } from "vitest";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../src/index.js";
import type { Json, Reply } from "./api-client.js";
import { type VirtualClock, virtualClock } from "./virtual-clock.js";

/** A fresh emulator in virtual time, with plain HTTP below one of its addresses, for every test of a file. */
export interface ServiceStage {
  emulator: Emulator;
  clock: VirtualClock;
  /** The body is JSON unless it is text; headers may be added. */
  api(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
}

export function useServiceStage(address: (emulator: Emulator) => string, options: EmulatorOptions = {}): ServiceStage {
  const stage = {} as ServiceStage;
  beforeEach(async () => {
    const clock = virtualClock();
    const emulator = await startEmulator({ ...options, clock });
    Object.assign(stage, { emulator, clock, api: plainHttp(() => address(emulator)) });
  });
  afterEach(() => stage.emulator.close());
  return stage;
}

export function plainHttp(address: () => string): ServiceStage["api"] {
  return async (method, path, body, headers = {}) => {
    const response = await fetch(`${address()}${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: parsed(text), text };
  };
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Lets what is on its way over loopback arrive, until the condition holds. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
