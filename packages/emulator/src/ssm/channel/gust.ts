import { createRandom } from "../../random.js";
import type { SsmCounters } from "../counters.js";
import type { Stage } from "../stage.js";
import { createDelayLine, type DelayLine } from "./delay-line.js";

export type FrameKind = "stream" | "acknowledge" | "service";

/** The weather on one way of one connection: loses, doubles, shuffles and delays what passes. */
export interface Gust<Item> {
  pass(item: Item, kind: FrameKind): void;
  /** Bytes that are still on their way. */
  readonly heldBytes: number;
  clear(): void;
}

export interface GustOptions<Item> {
  way: "output" | "input";
  stage: Stage;
  counters: SsmCounters;
  sizeOf: (item: Item) => number;
  deliver: (item: Item, kind: FrameKind) => void;
  /** Something that was held has gone. */
  released: () => void;
}

export function createGust<Item>(options: GustOptions<Item>): Gust<Item> {
  const { way, stage, counters, sizeOf, deliver } = options;
  // Of its own, so that what befalls the tenth frame does not hang on what else happens.
  const random = createRandom(stage.random.integer(2 ** 32));
  const line: DelayLine = createDelayLine(stage, options.released);
  let held: { item: Item; leftCount: number }[] = [];

  const arrive = (item: Item, kind: FrameKind): void => {
    const bytes = sizeOf(item);
    if (line.isNeeded()) line.enter(bytes, () => deliver(item, kind));
    else deliver(item, kind);
  };
  const flush = (): void => {
    const late = held;
    held = [];
    for (const { item } of late) arrive(item, "stream");
  };
  /** One more frame has overtaken those that are held. */
  const overtake = (): void => {
    if (held.length === 0) return;
    const late = held.filter((entry) => (entry.leftCount -= 1) <= 0);
    if (late.length === 0) return;
    held = held.filter(({ leftCount }) => leftCount > 0);
    for (const { item } of late) arrive(item, "stream");
  };
  const chance = (rate: number): boolean => rate > 0 && random.next() < rate;

  const passStream = (item: Item): void => {
    const { dropRate, duplicateRate, reorderRate, reorderDepth, reorderHoldMs } = stage.dials;
    if (chance(dropRate)) {
      counters.lost += 1;
      return;
    }
    if (chance(reorderRate)) {
      counters.overtaken += 1;
      // One timer for all that are held; those that come later than its start wait less.
      if (held.length === 0) stage.timers.after(reorderHoldMs, flush);
      held.push({ item, leftCount: 1 + random.integer(reorderDepth) });
    } else {
      arrive(item, "stream");
      overtake();
    }
    if (chance(duplicateRate)) {
      counters.doubled += 1;
      arrive(item, "stream");
    }
  };
  return {
    pass(item, kind) {
      const { direction, lostAckRate } = stage.dials;
      if (kind === "service" || (direction !== "both" && direction !== way)) return arrive(item, kind);
      if (kind === "stream") return passStream(item);
      if (chance(lostAckRate)) counters.lost += 1;
      else arrive(item, kind);
    },
    get heldBytes() {
      return line.heldBytes;
    },
    clear() {
      held = [];
      line.clear();
    },
  };
}
