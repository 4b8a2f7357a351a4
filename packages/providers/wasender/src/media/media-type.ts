import type { OpenedMedia } from "@colloquy/core/contract";

interface Signature {
  readonly contentType: string;
  readonly matches: (head: Uint8Array) => boolean;
}

const startsWith =
  (...texts: readonly string[]) =>
  (head: Uint8Array): boolean =>
    texts.some((text) => textAt(head, 0, text.length) === text);

const riff =
  (form: string) =>
  (head: Uint8Array): boolean =>
    textAt(head, 0, 4) === "RIFF" && textAt(head, 8, 4) === form;

/** ISO base media: the brand behind `ftyp` tells what it holds. */
const brand =
  (pattern: RegExp) =>
  (head: Uint8Array): boolean =>
    textAt(head, 4, 4) === "ftyp" && pattern.test(textAt(head, 8, 4));

/** First bytes of the kinds of files that WhatsApp shows. */
const signatures: readonly Signature[] = [
  { contentType: "image/jpeg", matches: startsWith("\xff\xd8\xff") },
  { contentType: "image/png", matches: startsWith("\x89PNG\r\n\x1a\n") },
  { contentType: "image/gif", matches: startsWith("GIF87a", "GIF89a") },
  { contentType: "image/webp", matches: riff("WEBP") },
  { contentType: "audio/mp4", matches: brand(/^M4[AB] $/) },
  { contentType: "video/3gpp", matches: brand(/^3g/) },
  { contentType: "video/mp4", matches: brand(/^/) },
  { contentType: "audio/mpeg", matches: startsWith("ID3", "\xff\xfb", "\xff\xf3", "\xff\xf2") },
  { contentType: "audio/aac", matches: startsWith("\xff\xf1", "\xff\xf9", "ADIF") },
  { contentType: "audio/ogg", matches: startsWith("OggS") },
  { contentType: "audio/amr", matches: startsWith("#!AMR") },
  { contentType: "application/pdf", matches: startsWith("%PDF-") },
  { contentType: "application/zip", matches: startsWith("PK\x03\x04") },
  { contentType: "application/msword", matches: startsWith("\xd0\xcf\x11\xe0") },
];

const byExtension: Readonly<Record<string, string>> = {
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  png: "image/png",
  gif: "image/gif",
  webp: "image/webp",
  mp4: "video/mp4",
  "3gp": "video/3gpp",
  mp3: "audio/mpeg",
  aac: "audio/aac",
  m4a: "audio/mp4",
  ogg: "audio/ogg",
  opus: "audio/ogg",
  amr: "audio/amr",
  pdf: "application/pdf",
  zip: "application/zip",
  doc: "application/msword",
  xls: "application/vnd.ms-excel",
  ppt: "application/vnd.ms-powerpoint",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  pptx: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
  txt: "text/plain",
  csv: "text/csv",
};

/** Containers of other formats: there the name says more than the first bytes. */
const containers: ReadonlySet<string> = new Set(["application/zip", "application/msword", "audio/ogg"]);

/** What a file is: by its first bytes, else by what its source says, else by its name. */
export function contentTypeOf(
  media: Pick<OpenedMedia, "head" | "declaredType">,
  fileName?: string,
): string | undefined {
  const byName =
    fileName === undefined ? undefined : byExtension[/\.([^.]+)$/.exec(fileName)?.[1]?.toLowerCase() ?? ""];
  const byContent = signatures.find(({ matches }) => matches(media.head))?.contentType;
  if (byContent !== undefined && !containers.has(byContent)) return byContent;
  if (byContent !== undefined) return byName ?? byContent;
  return media.declaredType?.split(";")[0]?.trim() || byName;
}

function textAt(bytes: Uint8Array, from: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(from, from + length));
}
