import type { SessionData, SessionSummary } from "./session-data.js";

const shown = (iso: string): string => iso.slice(0, 16).replace("T", " ");

export interface DisplayOptions {
  /** Default false. */
  readonly includeMessages?: boolean;
  /** The newest so many. Default 5. */
  readonly maxMessages?: number;
}

/** A session as text for people. */
export function formatSessionForDisplay(
  session: SessionSummary & Partial<SessionData>,
  { includeMessages = false, maxMessages = 5 }: DisplayOptions = {},
): string {
  const { id, title, createdAt, updatedAt, messageCount, metadata, messages = [] } = session;
  const lines = [
    title,
    `  ID: ${id}`,
    `  Created: ${shown(createdAt)}   Updated: ${shown(updatedAt)}   Messages: ${messageCount}`,
  ];
  if (Object.keys(metadata).length > 0) lines.push(`  Metadata: ${JSON.stringify(metadata)}`);
  if (includeMessages && maxMessages > 0)
    for (const { role, content, status } of messages.slice(-maxMessages))
      lines.push(`  ${role}: ${content}${status === "complete" ? "" : ` [${status}]`}`);
  return lines.join("\n");
}

/** A numbered list for people. */
export function formatSessionsList(sessions: readonly SessionSummary[]): string {
  if (sessions.length === 0) return "No sessions.";
  return sessions
    .map(
      ({ id, title, updatedAt, messageCount }, place) =>
        `${place + 1}. ${title} (${messageCount} messages, ${shown(updatedAt)})\n   ${id}`,
    )
    .join("\n");
}
