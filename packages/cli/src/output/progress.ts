import type { Context } from "../context.js";
import { inWords } from "../durations.js";
import { timeToGoMs } from "../sending/pace.js";
import type { Counts } from "../sending/tally.js";

/** How a batch is getting on: a bar on a terminal, a line now and then elsewhere. */
export interface Progress {
  tick(counts: Counts): void;
  close(): void;
}

const barsPerLine = 24;
const plainLineCount = 10;

export async function openProgress(
  context: Context,
  total: number,
  allowedPerSecond: () => number | undefined,
): Promise<Progress> {
  const startedAtMs = Date.now();
  const tell = (counts: Counts): string => progressText(counts, total, allowedPerSecond(), Date.now() - startedAtMs);
  return context.output.isLive ? barProgress(total, tell) : plainProgress(context, total, tell);
}

async function barProgress(total: number, tell: (counts: Counts) => string): Promise<Progress> {
  const { SingleBar } = await import("cli-progress");
  // Ctrl-C is the command's business: the bar must not end the process.
  const options = {
    format: "  {bar} {told}",
    barsize: barsPerLine,
    hideCursor: true,
    gracefulExit: false,
    barCompleteChar: "█",
    barIncompleteChar: "░",
  };
  const bar = new SingleBar(options);
  bar.start(total, 0, { told: "" });
  return {
    tick: (counts) => bar.update(doneOf(counts), { told: tell(counts) }),
    close: () => bar.stop(),
  };
}

function plainProgress({ output }: Context, total: number, tell: (counts: Counts) => string): Progress {
  const step = Math.max(1, Math.ceil(total / plainLineCount));
  let told = 0;
  return {
    tick(counts) {
      const done = doneOf(counts);
      if (done < told + step && done < total) return;
      told = done;
      output.line(`  ${tell(counts)}`);
    },
    close: () => {},
  };
}

const doneOf = ({ sent, failed, unknown }: Counts): number => sent + failed + unknown;

/** `40/200: sent 39, failed 1, unknown 0; 12.3/s, 13 s to go`. */
export function progressText(
  counts: Counts,
  total: number,
  allowedPerSecond: number | undefined,
  elapsedMs: number,
): string {
  const { sent, failed, unknown } = counts;
  const done = doneOf(counts);
  const perSecond = (1_000 * done) / Math.max(1, elapsedMs);
  const toGoMs = timeToGoMs(total - done, allowedPerSecond, done, elapsedMs);
  const toGo = done >= total || toGoMs === undefined ? "" : `, ${inWords(toGoMs)} to go`;
  return `${done}/${total}: sent ${sent}, failed ${failed}, unknown ${unknown}; ${perSecond.toFixed(1)}/s${toGo}`;
}
