import { isRecord, type JsonRecord } from "../json.js";

/** Something that was told on a subject: an answer, or what else somebody publishes there. Nobody signs it. */
export interface HumanEvent {
  /** `human_intervention_results` for answers. */
  readonly eventType?: string;
  readonly senderSubjectId?: string;
  /** The answer as it was posted, fitting or not. */
  readonly payload: unknown;
}

/** Reads a message: `event_payload` for answers, `event_data` for tasks. Total: what is no such event is all payload. */
export function readHumanEvent(bytes: Uint8Array): HumanEvent {
  const text = new TextDecoder().decode(bytes);
  const body = parsed(text);
  if (!isRecord(body) || !(Object.hasOwn(body, "event_payload") || Object.hasOwn(body, "event_data")))
    return { payload: body === undefined ? text : body };
  const eventType = textIn(body, "event_type");
  const senderSubjectId = textIn(body, "sender_subject_id");
  return {
    ...(eventType === undefined ? {} : { eventType }),
    ...(senderSubjectId === undefined ? {} : { senderSubjectId }),
    payload: Object.hasOwn(body, "event_payload") ? body["event_payload"] : body["event_data"],
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function textIn(body: JsonRecord, key: string): string | undefined {
  const value = body[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}
