import type { Problem } from "@colloquy/core/contract";
import { ssmError } from "../errors.js";
import type { SessionConfig } from "./plugin.js";

const requiredFields = ["sessionId", "streamUrl", "tokenValue"] as const;

/** What is wrong with the three fields that every session needs. Empty when all is well. */
export function problemsOfConfig(input: Readonly<Record<string, unknown>>): readonly Problem[] {
  const problems: Problem[] = [];
  for (const field of requiredFields) {
    const value = input[field];
    if (value === undefined || value === null) problems.push({ field, message: "is required" });
    else if (typeof value !== "string" || value === "") problems.push({ field, message: "must be a text, not empty" });
  }
  const { streamUrl } = input as { readonly streamUrl?: unknown };
  if (typeof streamUrl === "string" && streamUrl !== "" && !isWebSocketUrl(streamUrl))
    problems.push({ field: "streamUrl", message: "must be a WebSocket URL (ws:// or wss://)" });
  return problems;
}

/** Throws `INPUT_INVALID` with every problem by its field. The values are never named: one of them is a token. */
export function requireNoProblems(problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  const fieldErrors: Record<string, string[]> = {};
  for (const { field, message } of problems) (fieldErrors[field] ??= []).push(message);
  const message = `The session cannot be opened: ${problems.map((problem) => `${problem.field} ${problem.message}`).join("; ")}.`;
  throw ssmError({ code: "INPUT_INVALID", message, fieldErrors });
}

export function requireConfig(input: Readonly<Record<string, unknown>>): asserts input is SessionConfig & typeof input {
  requireNoProblems(problemsOfConfig(input));
}

function isWebSocketUrl(text: string): boolean {
  if (!text.startsWith("ws://") && !text.startsWith("wss://")) return false;
  return URL.canParse(text);
}
