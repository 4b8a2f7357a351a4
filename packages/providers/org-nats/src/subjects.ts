/** What the server adds to a session's subject id. One token with it, so no wildcard fits the part before it. */
const suffix = "__human_intervention_results";

/** On which NATS subject the answers of a session are told. */
export function answerSubject(subjectId: string): string {
  return `${subjectId}${suffix}`;
}

/** A subject id of its own for each session, so that answers cannot be mixed up, below `hitl.`, so that one stream holds all. */
export function subjectIdFor(sessionId: string): string {
  return `hitl.${sessionId}`;
}

/** Why a text cannot be a subject, or a part of one; `undefined` when it can. */
export function problemOfSubject(subject: unknown): string | undefined {
  if (typeof subject !== "string" || subject === "") return "Must be a text that is not empty.";
  // A space would split the line of the protocol: what follows it would be taken for a reply subject.
  if (/[\s\p{Cc}]/u.test(subject)) return "May not hold a space or a control character.";
  if (/[*>]/.test(subject)) return "May not hold a wildcard: * or >.";
  if (subject.split(".").includes("")) return "May not have an empty token: a dot first, last or twice.";
  return undefined;
}

/** Why a text cannot be a session id: it is a part of the path and, after `hitl.`, of the subject. */
export function problemOfSessionId(id: unknown): string | undefined {
  if (typeof id !== "string" || id.trim() === "") return "Must be a text that is not blank.";
  if (/[\s/\\?#\p{Cc}]/u.test(id)) return "May not hold a space, a slash, ? or #.";
  // `/sessions/expire` is another route.
  return id === "expire" || id === "." || id === ".." ? "Is not usable as an id." : undefined;
}
