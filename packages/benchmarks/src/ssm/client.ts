// The measured side: one session in a fresh process. Arguments: the gateway's port and the job as a query.

import { once } from "node:events";
import { openDataChannel, type Session } from "@colloquy/ssm";
import { fromQuery, isPort, type SsmJob } from "./job.js";

const [gatewayPort = "", query = ""] = process.argv.slice(2);
const job = fromQuery(new URLSearchParams(query));

const blockBytes = 65_536;

async function readOutput(session: Session): Promise<void> {
  const shell = session.shell({ sendsEndOfInput: false });
  let left = job.bytes;
  await new Promise<void>((resolve) => {
    shell.on("data", (chunk: Buffer) => {
      left -= chunk.length;
      // The prompt came before.
      if (left < 0) resolve();
    });
  });
}

/** To its end: all that was written is acknowledged. */
async function writeInput(session: Session): Promise<void> {
  const shell = session.shell({ sendsEndOfInput: false });
  shell.resume();
  const block = Buffer.alloc(blockBytes, 0x5a);
  for (let left = job.bytes; left > 0; left -= blockBytes)
    if (!shell.write(left < blockBytes ? block.subarray(0, left) : block)) await once(shell, "drain");
  const { error } = await session.close();
  if (error) throw error;
}

/** Others use the port, and say when they are done. */
async function carryPort(session: Session): Promise<void> {
  const { port } = await session.forwardPort();
  process.send?.({ port });
  await once(process, "message");
}

const session = await openDataChannel({
  sessionId: "bench-0001",
  streamUrl: `ws://127.0.0.1:${gatewayPort}/v1/data-channel/bench-0001?${query}`,
  tokenValue: "token",
});
const cpu = process.cpuUsage();
const startedAtMs = performance.now();
const move: Readonly<Record<SsmJob["kind"], (session: Session) => Promise<void>>> = {
  output: readOutput,
  input: writeInput,
  download: carryPort,
  upload: carryPort,
};
await move[job.kind](session);
const tookMs = performance.now() - startedAtMs;
const { user, system } = process.cpuUsage(cpu);
const { receivedFrames, sentFrames, resentFrames, refusedFrames } = session.counters;
const frames = job.kind === "output" || job.kind === "download" ? receivedFrames : sentFrames;
const megabytes = job.bytes / 1e6;
process.send?.({
  figures: {
    mbPerSecond: megabytes / (tookMs / 1_000),
    messagesPerSecond: frames / (tookMs / 1_000),
    cpuSPer100Mb: ((user + system) / 1e6 / megabytes) * 100,
    peakMb: process.resourceUsage().maxRSS / 1_024,
  },
  repeats: resentFrames + refusedFrames,
});
if (isPort(job)) await session.close();
process.disconnect();
process.exit();
