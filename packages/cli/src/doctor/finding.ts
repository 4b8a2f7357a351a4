import type { ExitCode } from "../exit-codes.js";

/** One line of the examination. */
export interface Finding {
  readonly check: string;
  readonly state: "ok" | "warn" | "fail";
  readonly says: string;
  /** What to do about it; absent when all is well. */
  readonly doNext?: string;
  /** Of a failure. */
  readonly exitCode?: ExitCode;
}

export const ok = (check: string, says: string): Finding => ({ check, state: "ok", says });
export const warn = (check: string, says: string, doNext: string): Finding => ({ check, state: "warn", says, doNext });
export const fail = (check: string, says: string, doNext: string, exitCode: ExitCode): Finding => ({
  check,
  state: "fail",
  says,
  doNext,
  exitCode,
});
