import type { Logger, StoreManifest } from "@colloquy/core";
import { ColloquyError } from "@colloquy/core/contract";
import type { Cluster, Redis } from "ioredis";
import type { Client } from "./server.js";

/** Scripts that ask for the time and write need the replication by effects of Redis 5. */
const leastMajor = 5;

export interface ServerFacts {
  readonly version: string;
  readonly durability: StoreManifest["durability"];
}

/**
 * What the server is and lacks. Fails with `CONFIG_INVALID` where sessions could be lost silently or not be written at all;
 * logs what an operator should know.
 */
export async function serverFacts(client: Client, logger: Logger): Promise<ServerFacts> {
  const nodes: readonly Redis[] = isCluster(client) ? client.nodes("master") : [client];
  const facts = await Promise.all(nodes.map((node) => factsOf(node, isCluster(client), logger)));
  // A chain is as strong as its weakest link.
  const durability = (["none", "process", "power"] as const).find((one) =>
    facts.some((fact) => fact.durability === one),
  );
  return { version: facts[0]?.version ?? "unknown", durability: durability ?? "none" };
}

function isCluster(client: Client): client is Cluster {
  return client.isCluster;
}

async function factsOf(node: Redis, isClusterClient: boolean, logger: Logger): Promise<ServerFacts> {
  const info = new Map(
    (await node.info()).split(/\r?\n/).flatMap((line) => {
      const place = line.indexOf(":");
      return place > 0 ? [[line.slice(0, place), line.slice(place + 1)] as const] : [];
    }),
  );
  const version = info.get("redis_version") ?? "0";
  if (Number.parseInt(version, 10) < leastMajor)
    throw wrong(`the server is Redis ${version}; ${leastMajor}.0 or later is needed.`);
  if (info.get("cluster_enabled") === "1" && !isClusterClient)
    throw wrong("the server is a node of a cluster: give an ioredis `Cluster` as `client`.");
  if (info.get("role") === "slave") throw wrong("the server is a replica, which cannot be written: name its primary.");
  const policy = info.get("maxmemory_policy") ?? "noeviction";
  if (policy.startsWith("allkeys") && info.get("maxmemory") !== "0")
    throw wrong(`the server drops any key when memory is short (maxmemory-policy ${policy}): set it to noeviction.`);
  const durability = await durabilityOf(node, info);
  if (durability === "none")
    logger.log("warn", "store.not_durable", { store: "redis", because: "the server keeps no append-only file" });
  return { version, durability };
}

/**
 * Of what was acknowledged. With an append-only file a write is in the hands of the operating system before its answer, so it
 * survives the death of the server; with `appendfsync always` it is on the disk. Snapshots alone lose what came after the last.
 */
async function durabilityOf(node: Redis, info: ReadonlyMap<string, string>): Promise<ServerFacts["durability"]> {
  if (info.get("aof_enabled") !== "1") return "none";
  // Managed servers often refuse CONFIG.
  const answer = await node.config("GET", "appendfsync").catch(() => []);
  const words = Array.isArray(answer) ? answer : Object.values(answer);
  return words.includes("always") ? "power" : "process";
}

function wrong(message: string): ColloquyError {
  return new ColloquyError({ code: "CONFIG_INVALID", message: `redisStore: ${message}` });
}
