import type { ConversationId } from "@colloquy/core";
import type { Shelf } from "./shelf.js";

/** Moves the place of a conversation whose instant has grown, as its script answered: owner, session, instant or nothing. */
export async function settle(
  { places }: Shelf,
  id: ConversationId,
  [owner = "", session = "", updatedAt = ""]: readonly string[],
): Promise<void> {
  if (updatedAt === "") return;
  await places.move({
    id,
    ...(owner === "" ? {} : { ownerId: JSON.parse(owner) as string }),
    ...(session === "" ? {} : { sessionId: JSON.parse(session) as string }),
    updatedAtMs: Number(updatedAt),
  });
}
