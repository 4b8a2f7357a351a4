/** The first frame after each connect: JSON as text, in this order of keys. */
export interface OpenMessage {
  /** A fresh UUID for each connect. */
  readonly requestId: string;
  readonly token: string;
  /** One UUID for the whole life of a session, over all of its connections. */
  readonly clientId: string;
  readonly clientVersion: string;
}

export function encodeOpenMessage(open: OpenMessage): string {
  return JSON.stringify({
    MessageSchemaVersion: "1.0",
    RequestId: open.requestId,
    TokenValue: open.token,
    ClientId: open.clientId,
    ClientVersion: open.clientVersion,
  });
}

/** What the service says when it closes a session: empty after a normal end. Never throws. */
export function readClosingText(payload: Buffer): string {
  try {
    const read = JSON.parse(payload.toString("utf8")) as Record<string, unknown> | null;
    const output = read?.["Output"];
    return typeof output === "string" ? output : "";
  } catch {
    return "";
  }
}

/** What a client without a terminal says. */
export const defaultSize = { columns: 300, rows: 100 } as const;

/** JSON of the terminal's size in characters. */
export function encodeSize(columns: number, rows: number): Buffer {
  return Buffer.from(JSON.stringify({ cols: columns, rows }), "latin1");
}
