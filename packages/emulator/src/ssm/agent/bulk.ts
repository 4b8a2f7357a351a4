import { createHash } from "node:crypto";
import { payloadType } from "../codec/payload-type.js";
import { bulkBlocks } from "./pattern.js";
import type { Plugin, PluginHost } from "./plugin.js";

export interface BulkOptions {
  /** How many bytes to send; 0 only takes what comes. */
  byteCount: number;
  seed: number;
  /** Close the channel after the last byte. */
  closes: boolean;
}

/** Sends seeded bytes as fast as the client takes them, and takes whatever comes: for benchmarks and exact tests. */
export function bulkPlugin(host: PluginHost, { byteCount, seed, closes }: BulkOptions): Plugin {
  const next = bulkBlocks(seed, byteCount);
  let blockCount = 0;
  // Made a second time by whoever asks: hashing on the way would cost a fifth of the sender's time.
  const again = bulkBlocks(seed, byteCount);
  const digest = createHash("sha256");
  let hashedCount = 0;
  const run = (): void => {
    for (let block = next(); block !== undefined; block = next()) {
      blockCount += 1;
      if (!host.write(payloadType.output, block)) return;
    }
    if (closes) host.end();
  };
  return {
    start: run,
    input: () => true,
    roomAgain: run,
    outputDigest() {
      for (; hashedCount < blockCount; hashedCount += 1) digest.update(again() ?? "");
      return digest.copy().digest("hex");
    },
    stop: () => undefined,
  };
}

/** Sends back what comes. */
export function echoPlugin(host: PluginHost): Plugin {
  return {
    start: () => undefined,
    input(type, bytes) {
      if (type === payloadType.output && bytes.length > 0 && !host.write(payloadType.output, bytes)) host.pauseInput();
      return true;
    },
    roomAgain: () => host.resumeInput(),
    stop: () => undefined,
  };
}
