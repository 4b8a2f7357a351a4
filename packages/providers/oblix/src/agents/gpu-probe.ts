import { execFile } from "node:child_process";

/** What takes longer tells nothing. ASSUMED: a driver that sleeps needs about one second to wake. */
const patienceMs = 3_000;

/**
 * How busy the busiest GPU is, in percent, as NVIDIA's own tool tells it. Undefined where there is none; it is not looked for
 * again then.
 */
export function gpuProbe(command = "nvidia-smi"): () => Promise<number | undefined> {
  let isMissing = false;
  return async () => {
    if (isMissing) return undefined;
    const told = await output(command);
    if (told === "missing") isMissing = true;
    const percents = told.split("\n").flatMap((line) => (/^\s*\d+\s*$/.test(line) ? [Number(line)] : []));
    return percents.length === 0 ? undefined : Math.max(...percents);
  };
}

function output(command: string): Promise<string> {
  const args = ["--query-gpu=utilization.gpu", "--format=csv,noheader,nounits"];
  return new Promise((resolve) => {
    execFile(command, args, { timeout: patienceMs, windowsHide: true }, (error, stdout) => {
      resolve(error?.code === "ENOENT" ? "missing" : stdout);
    });
  });
}
