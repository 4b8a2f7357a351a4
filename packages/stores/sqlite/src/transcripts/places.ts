import { ColloquyError } from "@colloquy/core/contract";

// Numbers up to 2^53 are exact: 2^29 conversations of 2^24 - 1 messages each, ever.
const places = 2 ** 24;

/** The key of a message: see the schema. */
export function keyOf(conversation: number, seq: number): number {
  return conversation * places + Math.min(seq, places - 1);
}

export function conversationOf(key: number): number {
  return Math.floor(key / places);
}

export function seqOf(key: number): number {
  return key % places;
}

export function hasRoom(lastSeq: number): boolean {
  return lastSeq < places;
}

/** Throws `INPUT_INVALID`. */
export function checkRoom(id: string, lastSeq: number): void {
  if (!hasRoom(lastSeq))
    throw new ColloquyError({
      code: "INPUT_INVALID",
      message: `Conversation ${id} has no room for more: it takes ${(places - 1).toLocaleString("en-US")} messages.`,
      userAction: "Go on in a new conversation, for example a fork.",
    });
}
