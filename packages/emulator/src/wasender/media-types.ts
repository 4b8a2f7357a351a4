export type MediaFamily = "image" | "video" | "audio" | "sticker" | "document";

const mebibyte = 1024 * 1024;

/** The newest published upload limits (August 2026). */
export const uploadLimitBytes: Record<MediaFamily, number> = {
  image: 16 * mebibyte,
  video: 50 * mebibyte,
  audio: 16 * mebibyte,
  sticker: 5 * mebibyte,
  document: 100 * mebibyte,
};

interface KnownType {
  extension: string;
  family: MediaFamily;
  /** Whether the first bytes can be such a file. */
  matches: (head: Buffer) => boolean;
}

const startsWith =
  (...signatures: string[]) =>
  (head: Buffer): boolean =>
    signatures.some((signature) => head.subarray(0, signature.length).equals(Buffer.from(signature, "latin1")));

const riff =
  (form: string) =>
  (head: Buffer): boolean =>
    head.subarray(0, 4).toString("latin1") === "RIFF" && head.subarray(8, 12).toString("latin1") === form;

const isoMedia = (head: Buffer): boolean => head.subarray(4, 8).toString("latin1") === "ftyp";
const mp3 = startsWith("ID3", "\xff\xfb", "\xff\xf3", "\xff\xf2");
const zip = startsWith("PK\x03\x04");
const anything = (): boolean => true;

const knownTypes: Record<string, KnownType> = {
  "image/jpeg": { extension: "jpg", family: "image", matches: startsWith("\xff\xd8\xff") },
  "image/png": { extension: "png", family: "image", matches: startsWith("\x89PNG\r\n\x1a\n") },
  "image/gif": { extension: "gif", family: "image", matches: startsWith("GIF8") },
  "image/webp": { extension: "webp", family: "sticker", matches: riff("WEBP") },
  "video/mp4": { extension: "mp4", family: "video", matches: isoMedia },
  "video/3gpp": { extension: "3gp", family: "video", matches: isoMedia },
  "audio/mpeg": { extension: "mp3", family: "audio", matches: mp3 },
  "audio/mp3": { extension: "mp3", family: "audio", matches: mp3 },
  "audio/aac": { extension: "aac", family: "audio", matches: startsWith("\xff\xf1", "\xff\xf9", "ADIF") },
  "audio/mp4": { extension: "m4a", family: "audio", matches: isoMedia },
  "audio/ogg": { extension: "ogg", family: "audio", matches: startsWith("OggS") },
  "audio/amr": { extension: "amr", family: "audio", matches: startsWith("#!AMR") },
  "application/pdf": { extension: "pdf", family: "document", matches: startsWith("%PDF-") },
  "application/zip": { extension: "zip", family: "document", matches: zip },
  "application/msword": { extension: "doc", family: "document", matches: startsWith("\xd0\xcf\x11\xe0") },
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": {
    extension: "docx",
    family: "document",
    matches: zip,
  },
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {
    extension: "xlsx",
    family: "document",
    matches: zip,
  },
  "text/plain": { extension: "txt", family: "document", matches: anything },
  "text/csv": { extension: "csv", family: "document", matches: anything },
};

/** A type that may be uploaded, without its parameters; undefined for any other. */
export function knownType(mimetype: string): KnownType | undefined {
  const bare = mimetype.split(";")[0]?.trim().toLowerCase() ?? "";
  return Object.hasOwn(knownTypes, bare) ? knownTypes[bare] : undefined;
}
