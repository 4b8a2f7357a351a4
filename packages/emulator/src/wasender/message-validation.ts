import { isGroupJid, isRecipient } from "./jid.js";
import {
  flag,
  integer,
  list,
  matching,
  number,
  type Rule,
  record,
  required,
  text,
  url,
  validate,
  valueAt,
} from "./validation.js";

const mediaFields = ["imageUrl", "videoUrl", "documentUrl", "audioUrl", "stickerUrl"];
const structuredFields = ["contact", "location", "poll"];

const rules: Record<string, Rule> = {
  to: required(matching(isRecipient)),
  text: text(),
  ...Object.fromEntries(mediaFields.map((field) => [field, url()])),
  ...Object.fromEntries(structuredFields.map((field) => [field, record()])),
  fileName: text(255),
  replyTo: integer(),
  mentions: list(),
  viewOnce: flag(),
};

const nestedRules: Record<string, Record<string, Rule>> = {
  contact: { "contact.name": required(text()), "contact.phone": required(text()) },
  location: {
    "location.latitude": required(number()),
    "location.longitude": required(number()),
    "location.name": text(),
    "location.address": text(),
  },
  poll: {
    "poll.question": required(text()),
    "poll.options": required(list(2, 12)),
    "poll.multiSelect": flag(),
  },
};

/** The known fields of a send, nested ones put back into their objects. Refuses with the validation bag. */
export function readMessage(body: unknown): Record<string, unknown> {
  const nested = structuredFields.filter((field) => isPresent(body, field)).map((field) => nestedRules[field]);
  const fields = validate(body, Object.assign({}, rules, ...nested), complaints(body));
  const message: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    const [outer = name, inner] = name.split(".");
    if (inner === undefined) message[name] = structuredFields.includes(name) ? {} : value;
    else Object.assign(message[outer] as object, { [inner]: value });
  }
  return message;
}

/** Rules that need more than one field. */
function complaints(body: unknown): Record<string, string> {
  const found: Record<string, string> = {};
  if (![...mediaFields, ...structuredFields, "text"].some((field) => isPresent(body, field))) {
    found["text"] = "The text field is required when no media is present.";
  }
  const to = valueAt(body, "to");
  if (isPresent(body, "mentions") && !(typeof to === "string" && isGroupJid(to))) {
    found["mentions"] = "The mentions field can only be used when sending to a group.";
  }
  if (
    valueAt(body, "viewOnce") === true &&
    !["imageUrl", "videoUrl", "audioUrl"].some((field) => isPresent(body, field))
  ) {
    found["viewOnce"] = "The view once field can only be used with image, video or audio messages.";
  }
  return found;
}

function isPresent(body: unknown, field: string): boolean {
  const value = valueAt(body, field);
  return value !== undefined && value !== null && value !== "";
}
