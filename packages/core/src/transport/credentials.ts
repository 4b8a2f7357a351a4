import {
  type AnyOperation,
  type AnyProvider,
  ColloquyError,
  type CredentialContext,
  type CredentialDescription,
  type CredentialKind,
  isColloquyError,
  type SessionId,
} from "../contract/index.js";
import type { ExchangeSession } from "./exchange.js";

/**
 * The token of one attempt, or undefined for operations that carry none. Asked anew for each attempt, so a rotated key is
 * used at once. Throws `CREDENTIAL_MISSING`, `CREDENTIAL_WRONG_KIND` or `CONFIG_INVALID`, with nothing sent.
 */
export async function resolveCredential(
  provider: AnyProvider,
  operation: AnyOperation,
  session: ExchangeSession | undefined,
): Promise<string | undefined> {
  const kind = operation.credential;
  if (kind === "none") return undefined;
  const description = provider.manifest.credentials.find((credential) => credential.kind === kind);
  const isSessionSecret = description ? description.from === "session_secret" : kind === "session_key";
  const value =
    (isSessionSecret && session ? (await session.secrets())[kind] : undefined) ??
    (await configuredCredential(provider, kind, session?.id));
  if (isAbsent(value) && isOptional(description)) return undefined;
  return checked(value, provider, operation, description);
}

/** Fails at once, before queueing, where it is already plain that the token will be missing. */
export function assertCredentialPossible(
  provider: AnyProvider,
  operation: AnyOperation,
  session: ExchangeSession | undefined,
): void {
  if (operation.credential === "none") return;
  const description = provider.manifest.credentials.find(({ kind }) => kind === operation.credential);
  const isSessionSecret = description ? description.from === "session_secret" : operation.credential === "session_key";
  const source = provider.credentials[operation.credential];
  if (isAbsent(source) && !(isSessionSecret && session)) {
    if (isOptional(description)) return;
    throw missing(provider, operation, description);
  }
  if (typeof source === "string" && !(isSessionSecret && session)) checked(source, provider, operation, description);
}

/** A credential as it travels. */
export interface CarriedCredential {
  readonly header: string;
  readonly value: string;
}

export function carried(provider: AnyProvider, operation: AnyOperation, token: string): CarriedCredential {
  const header = provider.manifest.credentials.find(({ kind }) => kind === operation.credential)?.header;
  return header === undefined ? { header: "Authorization", value: `Bearer ${token}` } : { header, value: token };
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

/** A service that can run without: where a token was given it is carried, otherwise none is. */
function isOptional(description: CredentialDescription | undefined): boolean {
  return description?.required === false;
}

/** What the caller gave, fetched now. Throws `CREDENTIAL_MISSING` when the caller's resolver fails. */
export async function configuredCredential(
  provider: AnyProvider,
  kind: Exclude<CredentialKind, "none">,
  sessionId: SessionId | undefined,
): Promise<string | undefined> {
  const source = provider.credentials[kind];
  if (typeof source !== "function") return source;
  const context: CredentialContext = { providerId: provider.id, ...(sessionId === undefined ? {} : { sessionId }) };
  try {
    return await source(context);
  } catch (error) {
    if (isColloquyError(error)) throw error;
    // The resolver is the caller's, and its words may hold a token: only its kind of failure is told.
    throw new ColloquyError({
      code: "CREDENTIAL_MISSING",
      message: `The ${words(kind)} of ${provider.manifest.displayName} could not be fetched: its resolver failed (${error instanceof Error ? error.name : typeof error}).`,
      retryable: true,
    });
  }
}

function checked(
  value: unknown,
  provider: AnyProvider,
  operation: AnyOperation,
  description: CredentialDescription | undefined,
): string {
  if (isAbsent(value)) throw missing(provider, operation, description);
  // A line break would end the header and begin another; other characters outside ASCII cannot travel in one.
  if (typeof value !== "string" || !/^[\x21-\x7e]+$/.test(value))
    throw new ColloquyError({
      code: "CONFIG_INVALID",
      message: `The ${words(operation.credential)} of ${provider.manifest.displayName} holds a line break, a space or another character that cannot be sent.`,
    });
  for (const other of provider.manifest.credentials) {
    const seen = other.looksLike?.(value);
    if (seen !== undefined && seen !== operation.credential)
      throw new ColloquyError({
        code: "CREDENTIAL_WRONG_KIND",
        message: `${operation.name} needs a ${words(operation.credential)}, but what was given looks like a ${words(seen)}.`,
      });
  }
  return value;
}

function missing(
  provider: AnyProvider,
  operation: AnyOperation,
  description: CredentialDescription | undefined,
): ColloquyError {
  const variable = description?.environmentVariable;
  const userAction = variable
    ? `Set ${variable}, or give the token to ${provider.id}(…).`
    : description?.from === "session_secret"
      ? "Attach the session again, so that its key is fetched."
      : undefined;
  return new ColloquyError({
    code: "CREDENTIAL_MISSING",
    message: `${operation.name} needs a ${words(operation.credential)} of ${provider.manifest.displayName}${variable ? ` (${variable})` : ""}, but there is none.`,
    ...(userAction === undefined ? {} : { userAction }),
  });
}

function words(kind: string): string {
  return kind.replaceAll("_", " ");
}
