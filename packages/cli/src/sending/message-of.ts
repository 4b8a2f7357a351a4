import type { OutboundMessage } from "@colloquy/core";
import type { SendFlags } from "../commands/send.js";
import { usageError } from "../usage-error.js";

const mediaKinds = ["image", "video", "audio", "document"] as const;

/** The message that the options describe. */
export function messageOf(flags: SendFlags, to: string): OutboundMessage {
  const kinds = mediaKinds.filter((kind) => flags[kind] !== undefined);
  const [kind] = kinds;
  if (kinds.length > 1) throw usageError("One message carries one file.", `Leave one of --${kinds.join(", --")}.`);
  if (kind === undefined && flags.text === undefined)
    throw usageError("The message is empty.", "Give --text, --image, --video, --audio or --document.");
  return {
    to,
    ...(flags.id === undefined ? {} : { id: flags.id }),
    ...(flags.text === undefined ? {} : { text: flags.text }),
    ...(kind === undefined ? {} : { media: mediaOf(kind, flags) }),
  };
}

function mediaOf(kind: (typeof mediaKinds)[number], flags: SendFlags): NonNullable<OutboundMessage["media"]> {
  return { kind, url: flags[kind] ?? "", ...(flags.fileName === undefined ? {} : { fileName: flags.fileName }) };
}
