import type { JsonValue } from "../contract/index.js";
import type { TranscriptObject } from "./transcript-rows.js";

/** JSON merge patch (RFC 7396): objects are merged, `null` removes a key, everything else replaces. Changes neither. */
export function mergePatch(target: TranscriptObject, patch: TranscriptObject): TranscriptObject {
  const merged = new Map<string, JsonValue>(Object.entries(target));
  for (const [key, change] of Object.entries(patch)) {
    if (change === null) merged.delete(key);
    else if (isObject(change)) {
      const before = merged.get(key);
      merged.set(key, mergePatch(isObject(before) ? before : {}, change));
    } else if (change !== undefined) merged.set(key, change);
  }
  return Object.fromEntries(merged);
}

function isObject(value: JsonValue | undefined): value is TranscriptObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
