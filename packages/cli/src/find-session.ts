import { type AnyProvider, type Colloquy, ColloquyError, type Session } from "@colloquy/core";
import { usageError } from "./usage-error.js";

/** The one session that is meant: by its id, by the beginning of its id, or by its name. */
export async function findSession(colloquy: Colloquy<readonly AnyProvider[]>, reference: string): Promise<Session> {
  const byPrefix: Session[] = [];
  const byName: Session[] = [];
  for await (const session of colloquy.sessions.list()) {
    if (session.id === reference) return session;
    if (session.id.startsWith(reference)) byPrefix.push(session);
    if (session.name === reference) byName.push(session);
  }
  const found = byName.length > 0 ? byName : byPrefix;
  if (found.length === 1) return found[0] as Session;
  if (found.length === 0)
    throw new ColloquyError({
      code: "SESSION_NOT_FOUND",
      message: `The store holds no session "${reference}".`,
      userAction: "List the sessions with `colloquy sessions list`, and check --store.",
    });
  const ids = found.slice(0, 5).map(({ id }) => id);
  throw usageError(
    `"${reference}" names ${found.length} sessions.`,
    `Use more of the id: ${ids.join(", ")}${found.length > 5 ? ", …" : ""}`,
  );
}
