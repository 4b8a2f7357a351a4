import { isColloquyError } from "@colloquy/core/contract";
import { maskText } from "../masking.js";
import type { Colors, Fields } from "./output.js";

interface Told {
  readonly what: string;
  readonly code: string;
  readonly doNext: string;
}

/** What happened and what to do, one sentence each, whatever was thrown. */
function tell(error: unknown): Told {
  if (isColloquyError(error))
    return { what: error.message, code: error.code, doNext: error.userAction ?? "Read the message above." };
  if (error instanceof Error && error.name === "AbortError")
    return { what: "Cancelled.", code: "CANCELLED", doNext: "Nothing was left half done; run it again when ready." };
  return {
    what: `Something unexpected happened: ${error instanceof Error ? error.message : String(error)}`,
    code: "UNEXPECTED",
    doNext: "Run it again with --debug to see where, and report it if it stays.",
  };
}

export function errorLines(error: unknown, secrets: readonly string[], colors: Colors): readonly string[] {
  const { what, code, doNext } = tell(error);
  return [
    `${colors.red("error:")} ${oneLine(maskText(what, secrets))} ${colors.dim(`(${code})`)}`,
    `   ${colors.bold("do:")} ${oneLine(maskText(doNext, secrets))}`,
  ];
}

export function errorJson(error: unknown, secrets: readonly string[]): Fields {
  const { what, code, doNext } = tell(error);
  return {
    code,
    message: maskText(what, secrets),
    userAction: maskText(doNext, secrets),
    ...(isColloquyError(error)
      ? {
          outcome: error.outcome,
          retryable: error.retryable,
          ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
          ...(error.sessionId === undefined ? {} : { sessionId: error.sessionId }),
        }
      : {}),
  };
}

const oneLine = (text: string): string => text.replace(/\s*\n\s*/g, " ");
