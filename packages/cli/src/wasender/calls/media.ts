import { readInput } from "../../read-input.js";
import { usageError } from "../../usage-error.js";
import { flag, type Given, text, type VerbCall } from "../call.js";

type JsonObject = Readonly<Record<string, unknown>>;

const upload: VerbCall = async (given) => {
  const { api, context } = given;
  const contentType = flag(given, "type");
  const type = contentType === undefined ? {} : { contentType };
  const { value } = await api.media.upload({ file: text(given, 0), ...type }, { signal: context.signal });
  return {
    lines: [value.publicUrl],
    fields: { publicUrl: value.publicUrl },
    notes: ["Whoever has this address can fetch the file, for 24 hours."],
  };
};

const decrypt: VerbCall = async (given) => {
  const { api, context } = given;
  const message = messageOf(await parsed(given));
  const { value } = await api.media.decrypt({ message }, { signal: context.signal });
  return {
    lines: [value.publicUrl],
    fields: { publicUrl: value.publicUrl },
    notes: ["Whoever has this address can fetch the file, for an hour."],
  };
};

async function parsed(given: Given): Promise<unknown> {
  const written = await readInput(text(given, 0), given.context.io);
  try {
    return JSON.parse(written);
  } catch {
    throw usageError("The file is no JSON.", "Give the body of the webhook that brought the file.");
  }
}

/** The message inside a whole webhook, inside its `data`, or as it is. */
function messageOf(value: unknown): JsonObject {
  const data = isObject(value) && isObject(value["data"]) ? value["data"] : value;
  const messages = isObject(data) && "messages" in data ? data["messages"] : data;
  const message: unknown = Array.isArray(messages) ? messages[0] : messages;
  if (isObject(message)) return message;
  throw usageError("The file holds no message.", "Give the body of the webhook that brought the file.");
}

const isObject = (value: unknown): value is JsonObject => typeof value === "object" && value !== null;

export const mediaCalls: { readonly "media upload": VerbCall; readonly "media decrypt": VerbCall } = {
  "media upload": upload,
  "media decrypt": decrypt,
};
