/** What an agent asks for when a session opens. */
export interface HandshakeRequest {
  readonly agentVersion: string;
  readonly actions: readonly RequestedAction[];
}

export interface RequestedAction {
  readonly type: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

export const actionStatus = { success: 1, failed: 2, unsupported: 3 } as const;

/** The outcome of one requested action. The order of keys is the order on the wire. */
export interface ProcessedAction {
  readonly ActionType: string;
  readonly ActionStatus: number;
  readonly ActionResult: Readonly<Record<string, unknown>> | null;
  readonly Error: string;
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

const asText = (value: unknown): string => (typeof value === "string" ? value : "");

/** Undefined for what is no request. Never throws. */
export function readHandshakeRequest(payload: Buffer): HandshakeRequest | undefined {
  const read = asRecord(parsed(payload));
  const actions = read["RequestedClientActions"];
  if (!Array.isArray(actions)) return undefined;
  return {
    agentVersion: asText(read["AgentVersion"]),
    actions: actions.map((action: unknown) => {
      const { ActionType, ActionParameters } = asRecord(action) as { ActionType?: unknown; ActionParameters?: unknown };
      return { type: asText(ActionType), parameters: asRecord(ActionParameters) };
    }),
  };
}

export function encodeHandshakeResponse(
  clientVersion: string,
  actions: readonly ProcessedAction[],
  errors: readonly string[],
): Buffer {
  return Buffer.from(
    JSON.stringify({
      ClientVersion: clientVersion,
      ProcessedClientActions: actions,
      Errors: errors.length === 0 ? null : errors,
    }),
  );
}

/** The message for the person at the keyboard; empty when there is none. */
export function readCustomerMessage(payload: Buffer): string {
  return asText(asRecord(parsed(payload))["CustomerMessage"]);
}

/** The challenge's bytes, or undefined for what is no challenge. */
export function readChallenge(payload: Buffer): Buffer | undefined {
  const text = asRecord(parsed(payload))["Challenge"];
  return typeof text === "string" ? Buffer.from(text, "base64") : undefined;
}

export function encodeChallenge(bytes: Buffer): Buffer {
  return Buffer.from(JSON.stringify({ Challenge: bytes.toString("base64") }));
}

/** The session type that is asked for and the strings that come with it. */
export function readSessionType({ parameters }: RequestedAction): { type: string; properties: Record<string, string> } {
  const properties: Record<string, string> = {};
  for (const [name, value] of Object.entries(asRecord(parameters["Properties"])))
    if (typeof value === "string") properties[name] = value;
  return { type: asText(parameters["SessionType"]), properties };
}

/** The key that is asked for, and the challenge that it may be bound to. */
export function readEncryption({ parameters }: RequestedAction): { keyId: string; challenge: string } {
  return { keyId: asText(parameters["KMSKeyId"]), challenge: asText(parameters["Challenge"]) };
}

function parsed(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString("utf8"));
  } catch {
    return undefined;
  }
}
