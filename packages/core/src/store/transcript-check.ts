import { ColloquyError, type InstantMs } from "../contract/index.js";
import type { NewConversation, NewTranscriptMessage, TranscriptRole, TranscriptStatus } from "./transcript-rows.js";
import type { ConversationTarget, MessageChange } from "./transcripts.js";

const mostIdLength = 256;
const roles: readonly TranscriptRole[] = ["system", "user", "assistant", "tool"];
const statuses: readonly TranscriptStatus[] = ["complete", "streaming", "failed", "aborted"];

/** For ids of conversations, messages, owners and operations: see `ConversationId`. Throws `INPUT_INVALID`. */
export function checkId(what: string, id: string): void {
  if (typeof id !== "string" || id === "" || id.length > mostIdLength || /[\p{Cc}\p{Cs}]/u.test(id))
    throw invalid(
      `The id of ${what} must have 1 to ${mostIdLength} characters, well-formed, none of them a control character.`,
    );
}

/** Throws `INPUT_INVALID` for what is no whole number from 1 to `most`. */
export function limitOf(limit: number | undefined, usual: number, most: number): number {
  const wanted = limit ?? usual;
  if (!Number.isSafeInteger(wanted) || wanted < 1 || wanted > most)
    throw invalid(`\`limit\` must be a whole number from 1 to ${most.toLocaleString("en-US")}.`);
  return wanted;
}

export function checkConversation(conversation: NewConversation): void {
  checkPlace(conversation);
  checkInstant("createdAtMs", conversation.createdAtMs);
  checkInstant("updatedAtMs", conversation.updatedAtMs);
}

export function checkTarget(target: ConversationTarget): void {
  checkPlace(target);
  checkInstant("atMs", target.atMs);
}

function checkPlace(place: Pick<NewConversation, "id" | "ownerId" | "expiresAtMs">): void {
  checkId("a conversation", place.id);
  if (place.ownerId !== undefined) checkId("an owner", place.ownerId);
  checkInstant("expiresAtMs", place.expiresAtMs);
}

export function checkMessages(messages: readonly NewTranscriptMessage[]): void {
  for (const { id, role, content, status, atMs } of messages) {
    checkId("a message", id);
    if (!roles.includes(role)) throw invalid(`The role of message ${id} must be one of ${roles.join(", ")}.`);
    if (typeof content !== "string") throw invalid(`The content of message ${id} must be a text.`);
    checkStatus(id, status);
    checkInstant("atMs", atMs);
  }
}

export function checkMessageChange(id: string, change: MessageChange): void {
  checkStatus(id, change.status);
  if (change.content !== undefined && change.appendText !== undefined)
    throw invalid("A change has either `content` or `appendText`.");
}

function checkStatus(id: string, status: TranscriptStatus | undefined): void {
  if (status !== undefined && !statuses.includes(status))
    throw invalid(`The status of message ${id} must be one of ${statuses.join(", ")}.`);
}

/** Whole milliseconds, so that every store compares the same. */
export function checkInstant(name: string, instant: InstantMs | null | undefined): void {
  if (instant !== undefined && instant !== null && !Number.isSafeInteger(instant))
    throw invalid(`\`${name}\` must be a whole number of milliseconds.`);
}

export function invalid(message: string): ColloquyError {
  return new ColloquyError({ code: "INPUT_INVALID", message });
}
