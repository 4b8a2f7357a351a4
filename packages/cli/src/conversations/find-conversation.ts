import { type AnyProvider, type Colloquy, ColloquyError, type Conversation } from "@colloquy/core";
import { usageError } from "../usage-error.js";

/** Looking further for the beginning of an id would read the whole store. */
const mostLookedAt = 10_000;

/** The one conversation that is meant: by its id, by its title, or by the beginning of its id. */
export async function findConversation(
  { conversations }: Colloquy<readonly AnyProvider[]>,
  reference: string,
): Promise<Conversation> {
  const exact = await conversations.find(reference);
  if (exact) return exact;
  const byTitle: Conversation[] = [];
  for await (const one of conversations.list({ titleContains: reference }))
    if (one.title === reference) byTitle.push(one);
  const found = byTitle.length > 0 ? byTitle : await beginningWith(conversations, reference);
  const [only] = found;
  if (only === undefined)
    throw new ColloquyError({
      code: "SESSION_NOT_FOUND",
      message: `The store holds no conversation "${reference}".`,
      userAction: "List them with `colloquy conversations list`, and check --store.",
    });
  if (found.length === 1) return only;
  const ids = found.slice(0, 5).map(({ id }) => id);
  throw usageError(
    `"${reference}" names ${found.length} conversations.`,
    `Use more of the id: ${ids.join(", ")}${found.length > 5 ? ", …" : ""}`,
  );
}

async function beginningWith(
  conversations: Colloquy<readonly AnyProvider[]>["conversations"],
  reference: string,
): Promise<readonly Conversation[]> {
  const found: Conversation[] = [];
  let looked = 0;
  for await (const one of conversations.list({ limit: 1_000 })) {
    if (one.id.startsWith(reference)) found.push(one);
    looked += 1;
    if (looked >= mostLookedAt) break;
  }
  return found;
}
