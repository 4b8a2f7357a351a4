import type { JsonValue, Operation } from "@colloquy/core/contract";
import { z } from "zod";
import { decodeBody } from "../decode.js";
import { invalidInput, requiredText } from "../input.js";
import { isRecord, type JsonRecord, present, recordAt, textAt } from "../json.js";
import { base64Body, mediaOf, rawBody, type UploadInput } from "../media/upload-body.js";
import { unwrapped } from "../message-content.js";

export interface PublicMedia {
  /** Public: whoever has it can fetch the file while it lasts. */
  readonly publicUrl: string;
}

// Older versions answer decrypting without `success`; the address is what counts.
const shape = z.looseObject({ publicUrl: z.string().min(1) });

// A repeated upload leaves a second copy that ends by itself, so repeating is harmless.
const uploading = {
  method: "POST",
  path: "/upload",
  credential: "session_key",
  repeatable: "always",
  buckets: [],
} as const;

export const upload: Operation<UploadInput, PublicMedia> = {
  ...uploading,
  name: "media.upload",
  summary: "Stores a file for 24 h and gives its public address, to be sent in a message.",
  media: mediaOf,
  encode: (input, context) => ({ body: rawBody("media.upload", input, context) }),
  decode: (response) => ({ publicUrl: decodeBody("media.upload", shape, response).publicUrl }),
};

/** Base64 that is there already, or a whole `data:` URL. */
export interface EncodedUpload {
  readonly base64: string;
  /** Wins over the one in a `data:` URL. */
  readonly contentType?: string;
}

export type UploadBase64Input = EncodedUpload | UploadInput;

export const uploadBase64: Operation<UploadBase64Input, PublicMedia> = {
  ...uploading,
  name: "media.uploadBase64",
  summary: "The same for base64, or for a file that goes out as base64.",
  media: (input) => ("base64" in input ? undefined : mediaOf(input)),
  encode: (input, context) => {
    if (!("base64" in input)) return { body: base64Body("media.uploadBase64", input, context) };
    const base64 = requiredText("media.uploadBase64", "base64", input.base64);
    return { body: { kind: "json", value: present({ base64, mimetype: input.contentType }) } };
  },
  decode: (response) => ({ publicUrl: decodeBody("media.uploadBase64", shape, response).publicUrl }),
};

const mediaKinds = ["imageMessage", "videoMessage", "audioMessage", "documentMessage", "stickerMessage"] as const;
const mediaFields = ["url", "mimetype", "mediaKey", "fileSha256", "fileLength", "fileName"] as const;

export interface DecryptInput {
  /** One message of a webhook: `data.messages` with its `key` and `message`. Wrapped content is unwrapped. */
  readonly message: JsonRecord;
}

export const decrypt: Operation<DecryptInput, PublicMedia> = {
  name: "media.decrypt",
  summary: "Decrypts the media of a received message and gives an address that lasts 1 h.",
  method: "POST",
  path: "/decrypt-media",
  credential: "session_key",
  repeatable: "always",
  buckets: [],
  encode: ({ message }) => {
    const id = textAt(recordAt(message, "key"), "id");
    const content = unwrapped(recordAt(message, "message"));
    const kind = mediaKinds.find((name) => isRecord(content[name]));
    if (id === undefined || kind === undefined)
      throw invalidInput("media.decrypt", [
        { field: "message", message: "Must hold key.id and an image, video, audio, document or sticker." },
      ]);
    return {
      body: {
        kind: "json",
        value: { data: { messages: { key: { id }, message: { [kind]: partOf(recordAt(content, kind)) } } } },
      },
    };
  },
  decode: (response) => ({ publicUrl: decodeBody("media.decrypt", shape, response).publicUrl }),
};

/** The documented fields; `mediaKey` and the rest travel as the webhook gave them. */
function partOf(part: JsonRecord): { readonly [key: string]: JsonValue } {
  const missing = ["url", "mimetype", "mediaKey"].filter((name) => part[name] === undefined || part[name] === null);
  if (missing.length > 0)
    throw invalidInput("media.decrypt", [{ field: "message", message: `The media lacks ${missing.join(", ")}.` }]);
  const fields = mediaFields.map((name) => [name, part[name] ?? undefined] as const);
  return present(Object.fromEntries(fields) as Record<string, JsonValue | undefined>);
}

export type MediaOperations = {
  readonly upload: typeof upload;
  readonly uploadBase64: typeof uploadBase64;
  readonly decrypt: typeof decrypt;
};

export const media: MediaOperations = { upload, uploadBase64, decrypt };
