import type { Call } from "../call.js";

const pdf = new TextEncoder().encode("%PDF-1.7 a bill");

const pdfBase64 = Buffer.from(pdf).toString("base64");

const form = (): FormData => {
  const data = new FormData();
  data.set("file", new Blob([pdf], { type: "application/pdf" }));
  return data;
};

/** Files, in both directions. */
export const mediaCalls: readonly Call[] = [
  {
    route: "POST /decrypt-media",
    theirs: ({ theirs, received }) => theirs.decryptMediaFile(received),
    ours: ({ ours, received }) => ours.media.decrypt({ message: received.messages }),
  },
  {
    route: "POST /upload",
    what: "base64",
    theirs: ({ theirs }) => theirs.uploadMediaFile({ base64: pdfBase64, mimetype: "application/pdf" }),
    ours: ({ ours }) => ours.media.uploadBase64({ base64: pdfBase64, contentType: "application/pdf" }),
  },
  {
    route: "POST /upload",
    what: "bytes",
    mayFail: true,
    theirs: ({ theirs }) => theirs.uploadMediaFile(form(), true),
    ours: ({ ours }) => ours.media.upload({ bytes: pdf, contentType: "application/pdf" }),
  },
];
