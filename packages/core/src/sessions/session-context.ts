import type { SessionContext } from "../contract/index.js";
import type { SessionRecord } from "../store/store.js";

/** The session as its facets see it. */
export function contextOf({ record: { id, remoteId, settings } }: { readonly record: SessionRecord }): SessionContext {
  return { sessionId: id, remoteId: remoteId ?? "", settings };
}
