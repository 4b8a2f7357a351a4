import { exitCodes } from "../exit-codes.js";
import { type Finding, fail, ok } from "./finding.js";

/** The lowest version that the packages are built for. */
const lowest = [20, 19] as const;

export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isNewEnough = major > lowest[0] || (major === lowest[0] && minor >= lowest[1]);
  if (isNewEnough) return ok("node", `is ${version}`);
  return fail("node", `is ${version}`, `Install Node ${lowest.join(".")} or later.`, exitCodes.failed);
}

const tolerableSkewMs = 5_000;
const brokenSkewMs = 300_000;

/** From the `Date` header of an answer, which has whole seconds. */
export function checkClock(dateHeader: string | null, nowMs: number): Finding {
  const serverMs = dateHeader === null ? Number.NaN : Date.parse(dateHeader);
  if (Number.isNaN(serverMs)) return ok("clock", "was not compared: the provider tells no time");
  const skewMs = Math.abs(nowMs - serverMs);
  const says = `differs from the provider's by ${(skewMs / 1_000).toFixed(0)} s`;
  const doNext = "Set this machine's clock by NTP: codes and limits have deadlines.";
  if (skewMs <= tolerableSkewMs) return ok("clock", says);
  if (skewMs <= brokenSkewMs) return { check: "clock", state: "warn", says, doNext };
  return fail("clock", says, doNext, exitCodes.failed);
}
