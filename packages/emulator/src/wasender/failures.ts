import { type Answer, answer } from "./answer.js";

/**
 * Three shapes of failure: `controller` puts the text in `error`, `framework` in `message` (with `success: false`),
 * `throttle` in `message` with `retry_after` and no `success` at all.
 */
interface Failure {
  family: "controller" | "framework";
  status: number;
  text: string;
}

/**
 * Every refusal in one table. The texts are the provider's where it documents them. Most HTTP statuses are not
 * documented: they are this emulator's choice, and a client must not depend on more than their class.
 */
const failures = {
  noToken: { family: "framework", status: 401, text: "API key is required" },
  badSessionKey: { family: "framework", status: 401, text: "Invalid API key" },
  badAccessToken: { family: "framework", status: 401, text: "Unnotarized" },
  noSubscription: {
    family: "framework",
    status: 403,
    text: "Active subscription or trial is required to use the API",
  },
  notConnected: {
    family: "framework",
    status: 400,
    text: "Your Whatsapp Session is not connected please connect your session first.",
  },
  sessionLimit: {
    family: "controller",
    status: 403,
    text: "You have reached your WhatsApp session limit. Please upgrade your plan to add more sessions.",
  },
  connectWithoutSubscription: {
    family: "controller",
    status: 403,
    text: "You need to have an active subscription to connect a WhatsApp session.",
  },
  restartWhileDown: {
    family: "controller",
    status: 400,
    text: "WhatsApp session is not connected. Cannot restart.",
  },
  resendWrongState: {
    family: "controller",
    status: 400,
    text: "Only messages with status 'failed' can be resent.",
  },
  resendForeignLog: { family: "controller", status: 403, text: "You are not authorized to modify this message." },
  resendNotLogged: {
    family: "controller",
    status: 400,
    text: "Message logging is disabled for this session. The message cannot be resent.",
  },
  presenceBadJid: {
    family: "controller",
    status: 400,
    text: "Error sending presence update: Invalid JID provided.",
  },
  decryptWithoutMedia: {
    family: "controller",
    status: 400,
    text: "No supported media object (image, video, etc.) found in the message.",
  },
  sessionNotFound: { family: "controller", status: 404, text: "WhatsApp session not found." },
  qrNotInitialised: {
    family: "controller",
    status: 400,
    text: "WhatsApp session is not initialized. Please connect the session first.",
  },
  qrNotAvailable: {
    family: "controller",
    status: 400,
    text: "Failed to get QR code. Please connect the session again.",
  },
  passkeyNotRequested: {
    family: "controller",
    status: 400,
    text: "No passkey request is pending for this WhatsApp session.",
  },
  passkeyTokenInvalid: { family: "controller", status: 400, text: "Invalid or expired passkey token." },
  messageNotFound: { family: "controller", status: 404, text: "Message not found." },
  contactNotFound: { family: "controller", status: 404, text: "Contact not found." },
  pnNotFound: { family: "controller", status: 404, text: "No phone number found for this LID." },
  groupNotFound: { family: "controller", status: 404, text: "Group not found." },
  groupNotAuthorized: { family: "controller", status: 403, text: "not-authorized" },
  inviteInvalid: { family: "controller", status: 404, text: "Invalid or expired invite code." },
  uploadEmpty: { family: "controller", status: 400, text: "No file content was provided." },
  uploadWithoutType: { family: "controller", status: 400, text: "Content-Type header is required." },
  uploadWrongContent: {
    family: "controller",
    status: 415,
    text: "The file content does not match a supported media type.",
  },
  uploadTooLarge: { family: "controller", status: 413, text: "The file exceeds the maximum allowed size." },
  bodyTooLarge: { family: "framework", status: 413, text: "The POST data is too large." },
  serviceUnavailable: { family: "framework", status: 503, text: "Service Unavailable" },
} as const;

export type FailureName = keyof typeof failures;

/** Thrown by a handler instead of an answer; the server sends `answer`. */
export class Refusal extends Error {
  readonly answer: Answer;
  constructor(refused: Answer) {
    super(`refused with ${refused.status}`);
    this.answer = refused;
  }
}

export function failureAnswer(name: FailureName): Answer {
  const { family, status, text }: Failure = failures[name];
  return answer(status, family === "controller" ? { success: false, error: text } : { success: false, message: text });
}

export function refuse(name: FailureName): never {
  throw new Refusal(failureAnswer(name));
}

export function validationRefusal(errors: Record<string, string[]>): Refusal {
  return new Refusal(answer(422, { success: false, message: "Validation failed", errors }));
}

export function notFoundAnswer(path: string): Answer {
  return answer(404, { success: false, message: `The route api${path} could not be found.` });
}

/** The throttle family: seconds in the body, rounded up so that a client that obeys it is never early. */
export function throttleAnswer(message: string, retryAfterMs: number): Answer {
  return answer(429, { message, retry_after: Math.max(1, Math.ceil(retryAfterMs / 1000)) });
}
