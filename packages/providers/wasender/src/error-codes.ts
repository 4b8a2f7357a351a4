import type { ErrorCode } from "@colloquy/core/contract";

interface KnownText {
  /** Lower case, without what varies. An error text that contains it is this one. */
  readonly contains: string;
  readonly code: ErrorCode;
  readonly userAction?: string;
}

/**
 * Texts of refusals that the documentation prints, and what they mean. They come first: the HTTP status of most is not
 * documented.
 */
const knownTexts: readonly KnownText[] = [
  {
    contains: "session is not connected",
    code: "SESSION_NOT_CONNECTED",
  },
  { contains: "active subscription", code: "SUBSCRIPTION_REQUIRED" },
  { contains: "reached your whatsapp session limit", code: "QUOTA_EXCEEDED" },
  {
    contains: "cannot send bulk message",
    code: "QUOTA_EXCEEDED",
    userAction: "Send to fewer recipients, or upgrade the trial.",
  },
  { contains: "you can only send", code: "RATE_LIMITED" },
  { contains: "too many attempts", code: "RATE_LIMITED" },
  { contains: "not authorized to modify this message", code: "PERMISSION_DENIED" },
  {
    contains: "only messages with status 'failed' can be resent",
    code: "PROVIDER_REJECTED",
    userAction: "Resend only rows of the message log whose status is failed.",
  },
  { contains: "invalid jid provided", code: "INPUT_INVALID", userAction: "Give the JID of a chat." },
  {
    contains: "no supported media object",
    code: "INPUT_INVALID",
    userAction: "Pass a message that holds an image, video, audio, document or sticker.",
  },
  { contains: "validation failed", code: "INPUT_INVALID" },
];

/** Which kind of token a route asked for when it refused one. */
export const credentialTexts: readonly {
  readonly contains: string;
  readonly wants: "personal_access_token" | "session_key" | "any";
}[] = [
  { contains: "invalid api key", wants: "session_key" },
  // The provider's own spelling.
  { contains: "unnotarized", wants: "personal_access_token" },
  { contains: "unauthenticated", wants: "any" },
  { contains: "api key is required", wants: "any" },
];

export function knownText(text: string): KnownText | undefined {
  const lower = text.toLowerCase();
  return knownTexts.find(({ contains }) => lower.includes(contains));
}
