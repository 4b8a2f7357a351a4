import type { TranscriptObject } from "../store/transcript-rows.js";

/**
 * What a conversation's context says to the model. The key `system` is taken as it is, when it is text; the others are listed by
 * name. Undefined when there is nothing to say.
 */
export function systemTextOf(context: TranscriptObject): string | undefined {
  const { system, ...facts } = context;
  const parts: string[] = typeof system === "string" && system.trim() !== "" ? [system] : [];
  const listed = typeof system === "string" || system === undefined ? facts : context;
  const lines = Object.entries(listed)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `- ${key}: ${typeof value === "string" ? value : JSON.stringify(value)}`);
  if (lines.length > 0) parts.push(`Known about this conversation:\n${lines.join("\n")}`);
  return parts.length === 0 ? undefined : parts.join("\n\n");
}
