import type { Fate } from "../sending/tally.js";
import type { Narrator } from "./narrator.js";
import { protectionWindowMs, type Stage } from "./stage.js";

export interface Measurements {
  /** Messages that were handed over. */
  readonly accepted: number;
  /** Said to be sent, by the SDK. */
  readonly sent: number;
  /** Seen by the emulator with the status delivered or read. */
  readonly delivered: number;
  /** Taken by the emulator more than once. */
  readonly duplicates: number;
  /** Said to be sent, but never seen by the emulator; or neither sent nor told. */
  readonly lost: number;
  readonly failed: number;
  /** In flight when the process was killed: the SDK says that it does not know. */
  readonly unknown: number;
  /** Of these, how many the emulator had taken. */
  readonly unknownButArrived: number;
  /** Answers 429, counted at the emulator. */
  readonly refusedForRate: number;
  /** How much too early each of them came. */
  readonly tooEarlyMs: readonly number[];
  readonly smallestGapMs: number;
  readonly paceMs: number;
  readonly received: number;
  readonly killedAfter: number;
  readonly tookMs: number;
}

const deliveredStatus = 3;

/** Compares what the SDK said with what the emulator saw. */
export function measure({ ledger, emulator }: Stage, tookMs: number): Measurements {
  const { sent: atProvider, refusals, violations } = emulator.wasender;
  const timesTaken = new Map<string, number>();
  for (const { text = "" } of atProvider) timesTaken.set(text, (timesTaken.get(text) ?? 0) + 1);
  const fates = [...ledger.fates.values()];
  const withState = (state: Fate["state"]): readonly Fate[] => fates.filter((fate) => fate.state === state);
  const wasTaken = ({ id }: Fate): boolean => timesTaken.has(ledger.texts.get(id) ?? "");
  const instants = atProvider.map(({ acceptedAtMs }) => acceptedAtMs);
  return {
    accepted: fates.length,
    sent: withState("sent").length,
    delivered: atProvider.filter(({ status }) => status >= deliveredStatus).length,
    duplicates: [...timesTaken.values()].reduce((sum, times) => sum + times - 1, 0),
    lost: withState("sent").filter((fate) => !wasTaken(fate)).length + withState("queued").length,
    failed: withState("failed").length + withState("cancelled").length,
    unknown: withState("unknown").length,
    unknownButArrived: withState("unknown").filter(wasTaken).length,
    refusedForRate: refusals,
    tooEarlyMs: violations.map(({ atMs, allowedAtMs }) => allowedAtMs - atMs),
    smallestGapMs: Math.min(...instants.slice(1).map((atMs, index) => atMs - (instants[index] ?? 0))),
    paceMs: protectionWindowMs,
    received: ledger.received,
    killedAfter: ledger.killedAfter,
    tookMs,
  };
}

/** What is not as promised. Empty when all is well. */
export function complaints(measured: Measurements): readonly string[] {
  const { accepted, sent, unknown, unknownButArrived, delivered, duplicates, lost, failed, refusedForRate, received } =
    measured;
  return [
    ...(duplicates > 0 ? [`${duplicates} messages were sent twice.`] : []),
    ...(lost > 0 ? [`${lost} messages were lost.`] : []),
    ...(failed > 0 ? [`${failed} messages failed.`] : []),
    ...(sent + unknown + lost + failed < accepted ? ["Not every message has a fate."] : []),
    ...(delivered < sent + unknownButArrived
      ? [`Only ${delivered} of ${sent + unknownButArrived} were delivered.`]
      : []),
    ...(refusedForRate > 0
      ? [`${refusedForRate} requests were refused for their rate; too early by ${measured.tooEarlyMs.join(", ")} ms.`]
      : []),
    ...(received === 1 ? [] : [`${received} replies were received instead of 1.`]),
  ];
}

export function tellMeasurements(measured: Measurements, bad: readonly string[], narrator: Narrator): void {
  const {
    accepted,
    sent,
    delivered,
    duplicates,
    lost,
    unknown,
    unknownButArrived,
    refusedForRate,
    smallestGapMs,
    paceMs,
    tookMs,
  } = measured;
  narrator.section("Measured, at the emulator");
  narrator.say(`accepted ${accepted}, sent ${sent}, delivered ${delivered}, lost ${lost}, duplicates ${duplicates}`);
  narrator.say(
    `refused for rate (429): ${refusedForRate}; smallest distance of two sends: ${smallestGapMs} ms, allowed: ${paceMs} ms`,
  );
  if (unknown === 0) narrator.say("unknown 0: the kill met no message in flight");
  else
    narrator.say(
      `unknown ${unknown}, told so and not repeated; the emulator says that ${unknownButArrived} of them arrived`,
    );
  narrator.say(`in ${(tookMs / 1_000).toFixed(1)} s`);
  for (const complaint of bad) narrator.say(`NOT AS PROMISED: ${complaint}`);
}
