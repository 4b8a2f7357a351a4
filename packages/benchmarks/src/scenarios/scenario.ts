import { leastDrainMs } from "../server/limiter.js";
import type { LimitPlan, ServerPlan } from "../server/plan.js";
import type { MeetingKind } from "../subjects/subject.js";

/** One send and when it is handed over, from the start of the run. */
export interface PlannedSend {
  readonly id: string;
  readonly session: string;
  readonly atMs: number;
  readonly isUrgent?: boolean;
}

/** What the caller was told of a send: it happened, it did not, or nobody knows. */
export type ToldFate = "sent" | "failed" | "unknown";

export interface SendOutcome {
  readonly id: string;
  readonly fate: ToldFate;
  /** From handing over to the answer. */
  readonly waitMs: number;
}

/** What bars look at; each scenario says which of them it has. */
export interface Figures {
  /** Time to drain over the least possible; below 1 only by losing sends. */
  readonly overMinimum?: number;
  readonly refusals?: number;
  /** Refusals of requests that were judged after the first acceptance. */
  readonly laterRefusals?: number;
  /** Refusals of requests that were judged later than a second after the first. */
  readonly settledRefusals?: number;
  /** Refusals over sends. */
  readonly refusedShare?: number;
  readonly lost?: number;
  readonly duplicates?: number;
  /** Accepted but told as failed, or told as sent but not accepted. */
  readonly mistold?: number;
  /** Waits in milliseconds, 99th percentile. */
  readonly trickleP99Ms?: number;
  readonly urgentP99Ms?: number;
  readonly cpuUs?: number;
  readonly requestsPerSecond?: number;
  /** Over the same of bare axios, in the same round. */
  readonly cpuRatio?: number;
  readonly throughputRatio?: number;
  readonly bytesEach?: number;
  /** The same where each can be cancelled by itself. */
  readonly bytesWithSignal?: number;
  readonly cancelMs?: number;
  readonly timers?: number;
  /** Of a stream of bytes: how fast, in how many frames, at what cost, and the process's largest resident size. */
  readonly mbPerSecond?: number;
  readonly messagesPerSecond?: number;
  readonly cpuSPer100Mb?: number;
  readonly peakMb?: number;
  /** Of sessions that do nothing, each: processor time per second of its life. */
  readonly cpuUsPerSessionSecond?: number;
  /** From asking until every session is taken over, and until every one is connected. */
  readonly restoreMs?: number;
  readonly connectedMs?: number;
  readonly transitionsPerSecond?: number;
  /** From the signal to stop until another worker has every session. */
  readonly handoffMs?: number;
  /** From the first answer until every question has its own. */
  readonly answeredMs?: number;
  /** The weather: how much else ran, and how late this machine's timers were. */
  readonly loadAverage?: number;
  readonly timerDelayP99Ms?: number;
}

/** The most that a figure may be, or the least where `isLeast`. */
export interface Bar {
  readonly figure: keyof Figures;
  readonly limit: number;
  readonly isLeast?: boolean;
}

export interface TrafficScenario {
  readonly name: string;
  readonly title: string;
  readonly server: Omit<ServerPlan, "seed">;
  /** What clients are told beforehand. */
  readonly known: readonly LimitPlan[];
  readonly sends: readonly PlannedSend[];
  readonly processCount: number;
  /** Where the processes may meet. */
  readonly sharedOver?: MeetingKind;
  readonly subjects: readonly string[];
  readonly bars: readonly Bar[];
  /** The least possible time; absent where time is not the question. */
  readonly leastMs?: number;
}

/** So many sends handed over at once, turn by turn for so many sessions. */
export function allAtOnce(sendCount: number, sessionCount = 1): readonly PlannedSend[] {
  return Array.from({ length: sendCount }, (_, place) => ({
    id: `m-${place}`,
    session: `s-${place % sessionCount}`,
    atMs: 0,
  }));
}

export interface DrainOptions {
  readonly name: string;
  readonly title: string;
  readonly server: Omit<ServerPlan, "seed">;
  readonly isBlind?: boolean;
  readonly sendCount: number;
  readonly sessionCount?: number;
  readonly processCount?: number;
  readonly sharedOver?: MeetingKind;
  readonly subjects: readonly string[];
  readonly bars: readonly Bar[];
}

/** All sends at once against a limited server, timed. */
export function drain(options: DrainOptions): TrafficScenario {
  const { name, title, server, subjects, bars, sendCount, sessionCount = 1, processCount = 1 } = options;
  return {
    name,
    title,
    server,
    subjects,
    bars,
    processCount,
    ...(options.sharedOver === undefined ? {} : { sharedOver: options.sharedOver }),
    // The starting knowledge is what holds at first: nobody announces changes beforehand.
    known: options.isBlind ? [] : server.limits.map(({ steps: _steps, ...limit }) => limit),
    sends: allAtOnce(sendCount, sessionCount),
    leastMs: leastDrainMs(server.limits, sendCount, sessionCount),
  };
}
