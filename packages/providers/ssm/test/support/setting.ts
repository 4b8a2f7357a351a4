import { type VirtualClock, virtualClock } from "@colloquy/core/testing";
import { type OpenOptions, openDataChannel, type Session } from "../../src/index.js";
import { TestAgent, type TestAgentOptions } from "./agent.js";
import { VirtualNetwork } from "./network.js";

/** mulberry32: the same seed gives the same numbers on every machine. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function seededBytes(seed: number, length: number): Buffer {
  const random = seeded(seed);
  const bytes = Buffer.allocUnsafe(length);
  for (let index = 0; index < length; index++) bytes[index] = Math.floor(random() * 256);
  return bytes;
}

export interface Setting {
  readonly clock: VirtualClock;
  readonly network: VirtualNetwork;
  readonly agent: TestAgent;
  readonly options: OpenOptions;
  readonly statuses: string[];
  /** Opens the session while time passes. */
  open(extra?: Partial<OpenOptions>): Promise<Session>;
  /** Lets time pass until `promise` settles, and answers with it. */
  passing<T>(promise: Promise<T>, limitMs?: number): Promise<T>;
}

export const streamUrl = "wss://gateway.invalid/v1/data-channel/s-1?role=publish_subscribe&cell-number=opaque";

/** A session's two ends in virtual time. */
export function setting(seed = 1, agentOptions: TestAgentOptions = {}): Setting {
  const clock = virtualClock();
  const random = seeded(seed);
  const agent = new TestAgent(clock, agentOptions);
  const network = new VirtualNetwork(clock, random, agent);
  const statuses: string[] = [];
  const options: OpenOptions = {
    sessionId: "s-1",
    streamUrl,
    tokenValue: agent.token,
    resume: () => Promise.resolve(agent.resume()),
    dial: network.dial,
    clock,
    random,
    fillRandom: (target) => {
      for (let index = 0; index < target.length; index++) target[index] = Math.floor(random() * 256);
    },
    onStatus: (status) => statuses.push(status),
  };
  const passing = async <T>(promise: Promise<T>, limitMs = 3_600_000): Promise<T> => {
    let isSettled = false;
    const watched = promise.finally(() => {
      isSettled = true;
    });
    watched.catch(() => {});
    await clock.runUntil(() => isSettled, { limitMs });
    if (!isSettled) throw new Error(`not settled within ${limitMs} ms of virtual time`);
    return watched;
  };
  return {
    clock,
    network,
    agent,
    options,
    statuses,
    open: (extra = {}) => passing(openDataChannel({ ...options, ...extra })),
    passing,
  };
}

/** A handshake request of the agent. */
export function handshakeRequest(
  sessionType: string,
  properties: Record<string, string> | null = null,
  agentVersion = "3.3.987.0",
  more: readonly unknown[] = [],
): string {
  return JSON.stringify({
    AgentVersion: agentVersion,
    RequestedClientActions: [
      { ActionType: "SessionType", ActionParameters: { SessionType: sessionType, Properties: properties } },
      ...more,
    ],
  });
}

/** Lets the agent ask for a handshake and complete it once it is answered. */
export function shakeHands(agent: TestAgent, request: string, customerMessage = ""): void {
  const before = agent.onInput;
  agent.send(5, request);
  agent.onInput = (frame) => {
    before?.(frame);
    if (frame.payloadType === 6)
      agent.send(7, JSON.stringify({ HandshakeTimeToComplete: 1_000_000, CustomerMessage: customerMessage }));
  };
}
