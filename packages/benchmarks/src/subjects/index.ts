import { axiosLoop, axiosWithRetry } from "./axios-clients.js";
import { bottleneckAndRetry, bottleneckGroup, bottleneckMinTime, bottleneckReservoir } from "./bottleneck-clients.js";
import { clusteredBottleneck } from "./clustered-bottleneck.js";
import { colloquy } from "./colloquy-client.js";
import { gotClient, kyWithQueue, undiciRetry, wasenderClient } from "./fetch-clients.js";
import { discordRest, slackWebApi } from "./platform-clients.js";
import type { Subject } from "./subject.js";

/** Everyone who drains a limited account. */
export const drainPeers: readonly Subject[] = [
  axiosLoop,
  axiosWithRetry,
  bottleneckReservoir,
  bottleneckMinTime,
  bottleneckAndRetry,
  discordRest,
  slackWebApi,
  kyWithQueue,
  gotClient,
  undiciRetry,
  wasenderClient,
];

/** Those of them that know queues, for fairness. */
export const queueingPeers: readonly Subject[] = [bottleneckMinTime, bottleneckGroup, kyWithQueue];

export { clusteredBottleneck };

export function subjectNamed(name: string): Subject {
  const found = [colloquy, clusteredBottleneck, ...drainPeers, ...queueingPeers].find(
    (subject) => subject.name === name,
  );
  if (!found) throw new Error(`There is no subject "${name}".`);
  return found;
}
