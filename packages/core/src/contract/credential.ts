import type { ProviderId, SessionId } from "./ids.js";

/** A token, or a function that fetches it: called once per request, so rotation and many tenants need no restart. */
export type CredentialSource = string | ((context: CredentialContext) => string | Promise<string>);

export interface CredentialContext {
  readonly providerId: ProviderId;
  /** Absent for calls on the whole account. */
  readonly sessionId?: SessionId;
}

/**
 * Which credential an operation carries.
 * `none` sends no `Authorization` header; any other name is a key of `Provider.credentials` or of the session's secrets.
 */
export type CredentialKind = "personal_access_token" | "session_key" | "none";

export interface CredentialDescription {
  readonly kind: Exclude<CredentialKind, "none">;
  /** Where it comes from: the caller's configuration, or the session's stored secrets. */
  readonly from: "configuration" | "session_secret";
  /** The variable the CLI and the docs name, for example `WASENDER_PERSONAL_ACCESS_TOKEN`. */
  readonly environmentVariable?: string;
  /** The header that carries it as it is. Default: `Authorization`, after `Bearer `. */
  readonly header?: string;
  /** False: calls go out without it when it was not given. */
  readonly required: boolean;
  /**
   * Tells obviously swapped credentials before they leave: returns the kind this text looks like, or undefined when unsure.
   */
  readonly looksLike?: (value: string) => Exclude<CredentialKind, "none"> | undefined;
}
