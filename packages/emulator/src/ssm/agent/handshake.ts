import type { Assignment } from "./documents.js";

/** The agent's first message: what the client is asked to do. */
export function handshakeRequest(
  agentVersion: string,
  { sessionType, properties }: Assignment,
  encryption: { kmsKeyId: string; challenge: string } | undefined,
): Buffer {
  const sessionAction = {
    ActionType: "SessionType",
    ActionParameters: { SessionType: sessionType, Properties: properties },
  };
  const keyAction = encryption && {
    ActionType: "KMSEncryption",
    ActionParameters: { KMSKeyId: encryption.kmsKeyId, Challenge: encryption.challenge },
  };
  const RequestedClientActions = keyAction === undefined ? [sessionAction] : [sessionAction, keyAction];
  return json({ AgentVersion: agentVersion, RequestedClientActions });
}

export interface HandshakeAnswer {
  clientVersion: string;
  /** Why the session cannot go on, if so. */
  problem?: string;
  /** The data key as the key service sealed it, when the client made one. */
  sealedKey?: Buffer;
  /** The client put the challenge into the key's context. */
  answersChallenge: boolean;
}

/** Undefined for what is no answer. */
export function readHandshakeResponse(payload: Buffer, expectsKey: boolean): HandshakeAnswer | undefined {
  const response = parsed(payload);
  if (response === undefined) return undefined;
  const clientVersion = text(response["ClientVersion"]);
  const given = response["ProcessedClientActions"];
  const actions = (Array.isArray(given) ? given : []).filter(isRecord);
  const failed = actions.find(({ ActionStatus: status }) => status !== 1);
  const ofType = (type: string): Record<string, unknown> | undefined =>
    actions.find(({ ActionType: actionType }) => actionType === type);
  const answer: HandshakeAnswer = { clientVersion, answersChallenge: false };
  if (failed !== undefined) {
    const error = text(failed["Error"]);
    return { ...answer, problem: `Failed to process action ${text(failed["ActionType"])}: ${error}` };
  }
  if (ofType("SessionType") === undefined) return { ...answer, problem: "The client did not set the session type." };
  if (!expectsKey) return answer;
  const result = ofType("KMSEncryption")?.["ActionResult"];
  const sealed = isRecord(result) ? text(result["KMSCipherTextKey"]) : "";
  if (sealed === "") return { ...answer, problem: "The client made no data key." };
  const answersChallenge = isRecord(result) && result["ChallengeAcknowledgement"] === true;
  return { ...answer, sealedKey: Buffer.from(sealed, "base64"), answersChallenge };
}

export function handshakeComplete(tookMs: number, customerMessage: string): Buffer {
  return json({ HandshakeTimeToComplete: Math.round(tookMs * 1e6), CustomerMessage: customerMessage });
}

export const challengeMessage = (bytes: Buffer): Buffer => json({ Challenge: bytes.toString("base64") });

export function readChallenge(payload: Buffer): Buffer {
  return Buffer.from(text(parsed(payload)?.["Challenge"]), "base64");
}

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

function parsed(payload: Buffer): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(payload.toString("utf8")) as unknown;
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

const text = (value: unknown): string => (typeof value === "string" ? value : "");
