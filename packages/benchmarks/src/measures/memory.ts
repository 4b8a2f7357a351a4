/** Bytes on the heap and beside it once nothing more can be collected. Needs `--expose-gc`. */
export async function settledBytes(): Promise<number> {
  for (let turn = 0; turn < 4; turn++) {
    (globalThis as { gc?: () => void }).gc?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

export function timersArmed(): number {
  return process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
}
