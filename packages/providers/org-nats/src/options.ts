import type { CredentialSource, LimitRule, Problem } from "@colloquy/core/contract";
import { type NatsAccess, problemsOfAccess } from "./nats/servers.js";
import type { StreamOptions } from "./nats/stream.js";
import { problemOfSubject } from "./subjects.js";
import { problemOfBaseUrl } from "./urls.js";

/**
 * Which server answers: one that does what the client's documentation says, the server that exists with its publisher mended, or
 * as it is, never publishing.
 */
export type OrgDialect = "as-documented" | "repaired" | "as-shipped";

export interface OrgNatsAccess extends NatsAccess {
  /** Keeps answers in a JetStream stream, with a place of its own for each session. Default: off. */
  readonly jetStream?: boolean | StreamOptions;
}

export interface OrgNatsOptions {
  /** The sessions server. Default `http://localhost:8000`. */
  readonly baseUrl?: string;
  /** Default: found out with one harmless request, before the first session is made. */
  readonly dialect?: OrgDialect;
  /** NATS, which tells when to look. `false`: only looking in intervals. Default: what `ORG_NATS_URL` names. */
  readonly nats?: OrgNatsAccess | false;
  /** How often an open question is looked at, at first, in milliseconds; less often later. Default 2,000. */
  readonly pollMs?: number;
  /** For a gateway that asks for one: a token, or a function that fetches it for each request. Default: none is sent. */
  readonly personalAccessToken?: CredentialSource;
  /** The servers have none. For a gateway that has. */
  readonly limits?: readonly LimitRule[];
  /** Names new sessions. Default: random UUIDs. */
  readonly newSessionId?: () => string;
}

const defaultBaseUrl = "http://localhost:8000";
/** ASSUMED: what a person does not notice, and a server does not either. */
export const defaultPollMs = 2_000;

export function baseUrlOf({ baseUrl = defaultBaseUrl }: OrgNatsOptions): string {
  return baseUrl.replace(/\/+$/, "");
}

/** Everything wrong with the options, without network. */
export function problemsOfOptions(options: OrgNatsOptions): readonly Problem[] {
  const { baseUrl = defaultBaseUrl, personalAccessToken, pollMs, nats = {}, dialect } = options;
  const problems: Problem[] = [];
  const wrongUrl = problemOfBaseUrl(baseUrl, personalAccessToken !== undefined);
  if (wrongUrl !== undefined) problems.push({ field: "baseUrl", message: wrongUrl });
  if (dialect !== undefined && !["as-documented", "repaired", "as-shipped"].includes(dialect))
    problems.push({ field: "dialect", message: 'Must be "as-documented", "repaired" or "as-shipped".' });
  if (pollMs !== undefined && !(Number.isFinite(pollMs) && pollMs > 0))
    problems.push({ field: "pollMs", message: "Must be a number above 0." });
  if (typeof personalAccessToken === "string" && !/^[\x21-\x7e]+$/.test(personalAccessToken))
    problems.push({
      field: "personalAccessToken",
      message: "Is empty, or holds a line break, a space or another character that a header cannot carry.",
    });
  if (nats !== false) problems.push(...problemsOfAccess(nats, "nats.servers"), ...problemsOfStream(nats));
  return problems;
}

/** A stream on everything would capture the protocol of the streams themselves, and then nothing works any more. */
function problemsOfStream({ jetStream = false }: OrgNatsAccess): readonly Problem[] {
  if (typeof jetStream === "boolean") return [];
  const { stream, subjects = [], maxAgeMs } = jetStream;
  const problems: Problem[] = [];
  if (stream !== undefined && !/^[\w-]+$/.test(stream))
    problems.push({ field: "nats.jetStream.stream", message: "May hold letters, digits, - and _." });
  if (
    subjects.some((one) => /^[*>]/.test(one) || problemOfSubject(one.replaceAll(/(?:^|\.)[*>]/g, ".x")) !== undefined)
  )
    problems.push({ field: "nats.jetStream.subjects", message: "Must each begin with a word, such as hitl.*" });
  if (maxAgeMs !== undefined && !(Number.isFinite(maxAgeMs) && maxAgeMs >= 1_000))
    problems.push({ field: "nats.jetStream.maxAgeMs", message: "Must be a second at least." });
  return problems;
}
