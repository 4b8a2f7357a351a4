import type { MediaKind, OutboundMessage, Problem } from "@colloquy/core/contract";
import { addressKind, toJid } from "./phone.js";
import { isWebUrl } from "./urls.js";
import type { SendMessageBody } from "./wire-types.js";

/** WhatsApp's own bounds of a poll, as the documentation gives them. */
export const pollOptionCount: { readonly min: number; readonly max: number } = { min: 2, max: 12 };

const onceViewable: ReadonlySet<MediaKind> = new Set(["image", "video", "audio"]);
const integerText = /^\d{1,15}$/;
const isBlank = (text: string | undefined): boolean => text === undefined || text.trim() === "";

/** What the provider would refuse, or silently lose. Empty when the message can go. */
export function problemsOfMessage(message: OutboundMessage): readonly Problem[] {
  const problems: Problem[] = [];
  const problem = (field: string, text: string): void => void problems.push({ field, message: text });
  const kind = addressKind(message.to);
  if (kind === undefined) problem("to", "Must be a phone number in E.164 or a JID of a user, group or channel.");
  const bodies = (["media", "contact", "location", "poll"] as const).filter((name) => message[name] !== undefined);
  if (bodies.length > 1) problem(bodies[1] as string, `Only one of ${bodies.join(", ")} fits into one message.`);
  if (bodies.length === 0 && isBlank(message.text))
    problem("text", "A message needs a text, media, contact, location or poll.");
  if (message.text !== undefined && bodies.some((name) => name !== "media"))
    problem("text", "WhatsApp shows no text beside a contact, location or poll; send it as a message of its own.");
  if (message.replyTo !== undefined && !integerText.test(message.replyTo))
    problem("replyTo", "Must be the number that sending gave as the message's id.");
  if (message.mentions !== undefined && message.mentions.length > 0) {
    if (kind !== undefined && kind !== "group") problem("mentions", "People can be mentioned in groups only.");
    if (!message.mentions.every((name) => ["phone", "user", "lid"].includes(addressKind(name) ?? "")))
      problem("mentions", "Each must be a phone number in E.164 or a JID of a user.");
  }
  if (message.viewOnce === true && !(message.media && onceViewable.has(message.media.kind)))
    problem("viewOnce", "Only images, videos and audio can be viewed once.");
  return [...problems, ...problemsOfMedia(message), ...problemsOfStructure(message)];
}

function problemsOfMedia({ media }: OutboundMessage): readonly Problem[] {
  if (!media) return [];
  const problems: Problem[] = [];
  if (!Object.hasOwn(urlField, media.kind))
    problems.push({ field: "media.kind", message: "Must be image, video, audio, document or sticker." });
  if (!isWebUrl(media.url))
    problems.push({ field: "media.url", message: "Must be an http or https URL that the provider can fetch." });
  if (media.fileName !== undefined && media.kind !== "document")
    problems.push({ field: "media.fileName", message: "Only documents have a file name." });
  return problems;
}

function problemsOfStructure({ contact, location, poll }: OutboundMessage): readonly Problem[] {
  const problems: Problem[] = [];
  if (contact && isBlank(contact.name)) problems.push({ field: "contact.name", message: "May not be empty." });
  if (contact && isBlank(contact.phone)) problems.push({ field: "contact.phone", message: "May not be empty." });
  if (location && !(Math.abs(location.latitude) <= 90))
    problems.push({ field: "location.latitude", message: "Must be from -90 to 90." });
  if (location && !(Math.abs(location.longitude) <= 180))
    problems.push({ field: "location.longitude", message: "Must be from -180 to 180." });
  if (poll && isBlank(poll.question)) problems.push({ field: "poll.question", message: "May not be empty." });
  const { min, max } = pollOptionCount;
  if (poll && (poll.options.length < min || poll.options.length > max))
    problems.push({ field: "poll.options", message: `Must be ${min} to ${max}.` });
  if (poll?.options.some(isBlank)) problems.push({ field: "poll.options", message: "May not be empty." });
  return problems;
}

const urlField = {
  image: "imageUrl",
  video: "videoUrl",
  audio: "audioUrl",
  document: "documentUrl",
  sticker: "stickerUrl",
} as const satisfies Record<MediaKind, keyof SendMessageBody>;

/** The message with the documented keys and no others. */
export function bodyOfMessage(message: OutboundMessage): SendMessageBody {
  const { text, media, contact, location, poll, replyTo, mentions, viewOnce } = message;
  return {
    to: message.to,
    ...(isBlank(text) ? {} : { text: text as string }),
    ...(media ? { [urlField[media.kind]]: media.url } : {}),
    ...(media?.fileName === undefined ? {} : { fileName: media.fileName }),
    ...(contact ? { contact: { name: contact.name, phone: contact.phone } } : {}),
    ...(location ? { location: placeOf(location) } : {}),
    ...(poll
      ? { poll: { question: poll.question, options: poll.options, multiSelect: poll.multiSelect ?? false } }
      : {}),
    ...(replyTo === undefined ? {} : { replyTo: Number(replyTo) }),
    ...(mentions === undefined || mentions.length === 0 ? {} : { mentions: mentions.map(toJid) }),
    ...(viewOnce === true ? { viewOnce } : {}),
  };
}

function placeOf({
  latitude,
  longitude,
  name,
  address,
}: NonNullable<OutboundMessage["location"]>): NonNullable<SendMessageBody["location"]> {
  return {
    latitude,
    longitude,
    ...(name === undefined ? {} : { name }),
    ...(address === undefined ? {} : { address }),
  };
}
