import type { ConversationQuery, TranscriptObject } from "@colloquy/core";
import { isRecord } from "../json.js";

type Condition = NonNullable<ConversationQuery["where"]>[number];

/**
 * Every key must have exactly this value; keys of objects within are looked into. `null` is found where there is no such key, as a
 * key is removed by setting it to `null`.
 */
export function conditionsOf(filter: TranscriptObject, path = ""): readonly Condition[] {
  return Object.entries(filter).flatMap(([key, value]): readonly Condition[] => {
    const place = path === "" ? key : `${path}.${key}`;
    if (value === undefined) return [];
    if (value === null) return [{ path: place, exists: false }];
    if (isRecord(value)) return conditionsOf(value as TranscriptObject, place);
    return [{ path: place, equals: value as string }];
  });
}
