import { setTimeout as pause } from "node:timers/promises";
import type { Emulator } from "@colloquy/emulator";
import type { Context } from "../context.js";

const watchEveryMs = 200;

interface Request {
  readonly method: string;
  readonly path: string;
  readonly status: number | null;
  readonly fault?: string;
  readonly sessionId?: number | string;
}

/** Prints what arrives, until Ctrl-C. Paths hold ids, never numbers or texts. */
export async function watchRequests(context: Context, emulator: Emulator): Promise<void> {
  const { wasender, atlus, org, models } = emulator;
  const watched = [
    watchOf("wasender", () => wasender.requests),
    watchOf("atlus", () => atlus.requests),
    watchOf("org", () => org.requests),
    watchOf("models", () => models.requests),
  ];
  while (!context.signal.aborted) {
    for (const look of watched) look(context);
    await pause(watchEveryMs, undefined, { signal: context.signal }).catch(() => {});
  }
}

function watchOf(service: string, requests: () => readonly Request[]): (context: Context) => void {
  let seen = 0;
  /** Those that had no answer when they were looked at. */
  let open: readonly number[] = [];
  return (context) => {
    const all = requests();
    // A reset begins anew.
    if (all.length < seen) [seen, open] = [0, []];
    const due = [...open, ...Array.from({ length: all.length - seen }, (_, index) => seen + index)];
    seen = all.length;
    open = due.filter((index) => {
      const request = all[index];
      if (request === undefined) return false;
      if (request.status === null && request.fault === undefined) return true;
      tell(context, service, request);
      return false;
    });
  };
}

function tell({ output }: Context, service: string, { method, path, status, fault, sessionId }: Request): void {
  output.event("request", {
    service,
    method,
    path,
    status,
    ...(fault === undefined ? {} : { fault }),
    ...(sessionId === undefined ? {} : { sessionId }),
  });
  const name = service.padEnd("wasender".length);
  output.line(`  ${name}  ${method} ${path} ${status ?? "no answer"}${fault === undefined ? "" : ` (${fault})`}`);
}
