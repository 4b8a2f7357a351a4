import { createHash } from "node:crypto";
import { once } from "node:events";
import { seededRandom } from "@colloquy/core";
import { bulkDigest, type SsmDials, startEmulator } from "@colloquy/emulator";
import { openDataChannel } from "@colloquy/ssm";

export interface SsmSoakOptions {
  /** In each direction. */
  readonly bytes: number;
  readonly seed: number;
  /** How often the connection breaks, at moments drawn from the seed. Default 5. */
  readonly cuts?: number;
  readonly onProgress?: (text: string) => void;
}

export interface SsmSoakReport {
  readonly tookMs: number;
  readonly connections: number;
  readonly sentFrames: number;
  readonly resentFrames: number;
  readonly receivedFrames: number;
  readonly duplicateFrames: number;
  /** What the weather took away and added, both ways. */
  readonly lost: number;
  readonly doubled: number;
  readonly overtaken: number;
  readonly peakMb: number;
  /** What is not as promised. Empty when all is well. */
  readonly complaints: readonly string[];
}

/** The worst weather that a session has to come through with every byte. */
const weather: Partial<SsmDials> = {
  dropRate: 0.3,
  duplicateRate: 0.15,
  reorderRate: 0.15,
  lostAckRate: 0.4,
  // As many as clients keep; with fewer, the waiting for lost frames would be all of the time.
  windowFrames: 9_000,
};
const frameBytes = 1_024;
const blockBytes = 64 * 1024;
const progressEveryMs = 5_000;

/** One session, both directions at once, through the weather and some breaks; compared byte for byte by digest. */
export async function soakSsm({ bytes, seed, cuts = 5, onProgress }: SsmSoakOptions): Promise<SsmSoakReport> {
  const random = seededRandom(seed);
  const emulator = await startEmulator({ seed, ssm: { dials: weather } });
  const { ssm } = emulator;
  const { SessionId, StreamUrl, TokenValue } = ssm.start({
    document: "Colloquy-Bulk",
    parameters: { bytes: String(bytes), seed: String(seed) },
  });
  const startedAtMs = performance.now();
  let breaks = 0;
  const planBreak = (): void =>
    ssm.set({ cutEveryFrames: breaks++ < cuts ? framesUntilBreak(random, bytes, cuts) : null });
  planBreak();
  const session = await openDataChannel({
    sessionId: SessionId,
    streamUrl: StreamUrl,
    tokenValue: TokenValue,
    resume: async (id) => ({ token: ssm.resume(id).TokenValue }),
    random: seededRandom(seed + 1),
    onStatus: (status) => status === "disconnected" && planBreak(),
  });
  const shell = session.shell({ sendsEndOfInput: false });
  let written = 0;
  let read = 0;
  const incoming = createHash("sha256");
  const allRead = new Promise<void>((resolve, reject) => {
    shell.on("error", reject);
    shell.on("data", (chunk: Buffer) => {
      incoming.update(chunk);
      read += chunk.length;
      if (read >= bytes) resolve();
    });
  });
  const outgoing = createHash("sha256");
  const writeAll = async (): Promise<void> => {
    while (written < bytes) {
      const block = randomBlock(random, Math.min(blockBytes, bytes - written));
      outgoing.update(block);
      written += block.length;
      if (!shell.write(block)) await once(shell, "drain");
    }
  };
  const progress = setInterval(() => {
    const seconds = Math.round((performance.now() - startedAtMs) / 1_000);
    onProgress?.(`${seconds} s: ${Math.round(read / 1e6)} MB read, ${Math.round(written / 1e6)} MB written`);
  }, progressEveryMs);
  try {
    await Promise.all([allRead, writeAll()]);
    const { error } = await session.close();
    if (error) throw error;
    const tookMs = performance.now() - startedAtMs;
    const { connections, sentFrames, resentFrames, receivedFrames, duplicateFrames } = session.counters;
    const { inputSha256, counters } = ssm.session(SessionId);
    const complaints = [
      ...(read === bytes && incoming.digest("hex") === bulkDigest(seed, bytes) ? [] : ["The output is another one."]),
      ...(counters.bytesIn === bytes && inputSha256 === outgoing.digest("hex") ? [] : ["The input is another one."]),
      ...(connections === cuts + 1 ? [] : [`There were ${connections} connections for ${cuts} cuts.`]),
      ...(counters.badFramesIn + counters.wrongDigestsIn === 0 ? [] : ["Frames of the client were wrong."]),
    ];
    const { lost, doubled, overtaken } = counters;
    const peakMb = process.resourceUsage().maxRSS / 1_024;
    return {
      ...{ tookMs, connections, sentFrames, resentFrames, receivedFrames, duplicateFrames },
      ...{ lost, doubled, overtaken, peakMb, complaints },
    };
  } finally {
    clearInterval(progress);
    await emulator.close();
  }
}

/** On one connection, both ways. Each frame has to arrive at least once, so that many breaks certainly happen. */
function framesUntilBreak(random: () => number, bytes: number, cuts: number): number {
  const leastFrames = (2 * bytes) / frameBytes;
  return Math.max(1, Math.floor((leastFrames / (cuts + 1)) * (0.2 + 0.8 * random())));
}

function randomBlock(random: () => number, bytes: number): Buffer {
  const block = Buffer.allocUnsafe(bytes);
  // Few numbers are enough to tell blocks, and pieces of them, apart.
  for (let place = 0; place < bytes; place++) block[place] = place % 61 === 0 ? random() * 256 : place;
  return block;
}
