import type { Call } from "./call.js";
import { calls } from "./calls.js";
import { type Difference, differences } from "./compare.js";
import { explain } from "./explain.js";
import { type WireRequest, wireRequest } from "./requests.js";
import { openStage, type Stage } from "./world.js";

export interface Compared {
  readonly route: string;
  readonly what?: string;
  /** Absent when wasenderapi has no method for it. */
  readonly theirs?: WireRequest;
  readonly ours: WireRequest;
  /** `rule` is absent for a difference that nobody has explained. */
  readonly differences: readonly (Difference & { readonly rule?: string })[];
}

/** Makes each call with either client against one emulator. Throws when a call that should succeed does not. */
export async function compareClients(): Promise<readonly Compared[]> {
  const stage = await openStage();
  try {
    const theirs = await requestsOf(stage, "theirs");
    await stage.restart();
    const ours = await requestsOf(stage, "ours");
    return calls.map((call) => compared(call, theirs.get(call), ours.get(call)));
  } finally {
    await stage.close();
  }
}

async function requestsOf(stage: Stage, side: "theirs" | "ours"): Promise<ReadonlyMap<Call, WireRequest>> {
  const { emulator } = stage.world;
  const found = new Map<Call, WireRequest>();
  for (const call of calls) {
    const run = call[side];
    // What prepares a call belongs to both runs, so that they stay alike.
    await call.before?.(stage);
    if (run === undefined) continue;
    const before = emulator.wasender.requests.length;
    try {
      await run(stage.world);
    } catch (error) {
      if (call.mayFail !== true) throw new Error(`${side} could not make ${nameOf(call)}`, { cause: error });
    }
    const made = emulator.wasender.requests.slice(before);
    const [view] = made;
    if (view === undefined || made.length > 1)
      throw new Error(`${nameOf(call)} made ${made.length} requests, not one.`);
    found.set(call, wireRequest(view, emulator.url));
  }
  return found;
}

function compared(
  { route, what, theirs: hasTheirs }: Call,
  theirs: WireRequest | undefined,
  ours: WireRequest | undefined,
): Compared {
  if (ours === undefined || (hasTheirs !== undefined && theirs === undefined))
    throw new Error(`${route} was not called.`);
  const found = differences(theirs, ours).map((difference) => {
    const rule = explain(difference, route, what)?.id;
    return { ...difference, ...(rule === undefined ? {} : { rule }) };
  });
  return {
    route,
    ...(what === undefined ? {} : { what }),
    ...(theirs === undefined ? {} : { theirs }),
    ours,
    differences: found,
  };
}

const nameOf = ({ route, what }: Call): string => (what === undefined ? route : `${route} (${what})`);
