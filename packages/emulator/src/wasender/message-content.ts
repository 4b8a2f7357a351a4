import { digitsOf } from "./jid.js";

type Content = Record<string, unknown>;

/** The body of a send as WhatsApp carries it. The first kind that is present wins; `text` is then its caption. */
export function messageContent(body: Content): Content {
  const content = mediaContent(body) ?? cardContent(body) ?? textContent(body);
  return body["viewOnce"] === true ? { viewOnceMessage: { message: content } } : content;
}

function textContent(body: Content): Content {
  const { text, mentions } = body;
  if (!Array.isArray(mentions) || mentions.length === 0) return { conversation: text };
  return { extendedTextMessage: { text, contextInfo: { mentionedJid: mentions } } };
}

function mediaContent(body: Content): Content | undefined {
  const caption = typeof body["text"] === "string" ? { caption: body["text"] } : {};
  const url = (field: string): string | undefined => (typeof body[field] === "string" ? body[field] : undefined);
  const image = url("imageUrl");
  if (image !== undefined) return { imageMessage: { url: image, mimetype: "image/jpeg", ...caption } };
  const video = url("videoUrl");
  if (video !== undefined) return { videoMessage: { url: video, mimetype: "video/mp4", ...caption } };
  const audio = url("audioUrl");
  if (audio !== undefined) return { audioMessage: { url: audio, mimetype: "audio/ogg; codecs=opus", ptt: true } };
  const sticker = url("stickerUrl");
  if (sticker !== undefined) return { stickerMessage: { url: sticker, mimetype: "image/webp" } };
  const document = url("documentUrl");
  if (document === undefined) return undefined;
  return { documentMessage: { url: document, fileName: fileName(body, document), ...caption } };
}

function cardContent(body: Content): Content | undefined {
  const { contact, location, poll } = body as Record<string, Content | undefined>;
  if (contact) {
    const { name, phone } = contact as { name: string; phone: string };
    const number = digitsOf(phone);
    const vcard = `BEGIN:VCARD\nVERSION:3.0\nFN:${name}\nTEL;type=CELL;waid=${number}:+${number}\nEND:VCARD`;
    return { contactMessage: { displayName: name, vcard } };
  }
  if (location) {
    const { latitude, longitude, name, address } = location;
    return { locationMessage: { degreesLatitude: latitude, degreesLongitude: longitude, name, address } };
  }
  if (!poll) return undefined;
  const options = (poll["options"] as string[]).map((optionName) => ({ optionName }));
  const selectableOptionsCount = poll["multiSelect"] === true ? 0 : 1;
  return { pollCreationMessageV3: { name: poll["question"], options, selectableOptionsCount } };
}

function fileName(body: Content, url: string): string {
  if (typeof body["fileName"] === "string") return body["fileName"];
  const extension = /\.(\w{1,8})$/.exec(new URL(url).pathname)?.[1];
  return extension === undefined ? "document" : `document.${extension}`;
}
