import { usageError } from "../usage-error.js";

/** A session that somebody has started. */
export interface StartedSession {
  readonly sessionId: string;
  readonly streamUrl: string;
  readonly tokenValue: string;
}

const howTo = "Give the JSON that StartSession answers, with SessionId, StreamUrl and TokenValue.";

/** The service's reply to StartSession, or the same with our names. Nothing of it is repeated in an error. */
export function readStartReply(text: string, from: string): StartedSession {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    throw usageError(`${from} is no JSON.`, howTo);
  }
  if (typeof read !== "object" || read === null) throw usageError(`${from} is no JSON object.`, howTo);
  const fields = read as Readonly<Record<string, unknown>>;
  const field = (name: string): string => {
    const value = fields[name] ?? fields[name[0]?.toLowerCase() + name.slice(1)];
    if (typeof value !== "string" || value === "") throw usageError(`${from} lacks ${name}.`, howTo);
    return value;
  };
  return { sessionId: field("SessionId"), streamUrl: field("StreamUrl"), tokenValue: field("TokenValue") };
}
