import type { Difference } from "./compare.js";

interface Rule {
  readonly id: string;
  readonly applies: (difference: Difference, route: string, what: string | undefined) => boolean;
  readonly why: string;
}

const isEmptyBody = ({ theirs, ours }: Difference): boolean => ours === undefined && JSON.stringify(theirs) === "{}";

/** Every way in which the two may differ, and why. The first that applies counts. */
export const rules: readonly Rule[] = [
  {
    id: "no-method",
    applies: ({ field, theirs }) => field === "request" && theirs === undefined,
    why: "wasenderapi has no method for it.",
  },
  {
    id: "user-agent",
    applies: ({ field }) => field === "header user-agent",
    why: "Each client says its own name; wasenderapi 0.4.0 calls itself 0.1.0.",
  },
  {
    id: "raw-upload",
    applies: (_difference, route, what) => route === "POST /upload" && what === "bytes",
    why: "wasenderapi drops the form: neither bytes nor content type go out, so the upload can only fail. Ours sends the bytes under their media type, as documented.",
  },
  {
    id: "qr-as-image",
    applies: ({ field, theirs }) => field === "body" && JSON.stringify({ theirs }).includes("qr_as_image"),
    why: "`qr_as_image` is documented nowhere and the service answers the raw text all the same; ours does not ask.",
  },
  {
    id: "empty-object",
    applies: (difference) => difference.field === "body" && isEmptyBody(difference),
    why: "wasenderapi sends `{}` where nothing is to be said; ours sends no body.",
  },
  {
    id: "type-of-nothing",
    applies: ({ field, theirs, ours }) =>
      field === "header content-type" && theirs === "application/json" && ours === undefined,
    why: "Without a body there is no content type to tell.",
  },
  {
    id: "path-injection",
    applies: ({ field }, _route, what) => ["path", "query"].includes(field) && what === "with what is no contact",
    why: "wasenderapi puts the parameter into the URL as it is, so it becomes path and query; ours is one encoded piece.",
  },
  {
    id: "encoding",
    applies: ({ field, theirs, ours }) =>
      field === "path" && decodeURIComponent(String(theirs)) === decodeURIComponent(String(ours)),
    why: "Ours percent-encodes every parameter; wasenderapi only some. Both name the same thing.",
  },
  {
    id: "participants-as-jids",
    applies: ({ field }, route) => field === "body" && route.endsWith("/participants/add"),
    why: "Ours turns a phone number into the JID that the route documents; wasenderapi passes it on as it is.",
  },
  {
    id: "location-as-text",
    applies: ({ field }, _route, what) => field === "body" && what === "location",
    why: "wasenderapi takes coordinates as text and means to make numbers of them, but looks for a marker that it has just removed; ours takes numbers only.",
  },
  {
    id: "decrypt-documented-keys",
    applies: ({ field }, route) => field === "body" && route === "POST /decrypt-media",
    why: "wasenderapi sends the whole webhook back, names and texts of people included; ours sends only the documented keys.",
  },
];

/** Undefined for a difference that nobody has explained. */
export function explain(difference: Difference, route: string, what: string | undefined): Rule | undefined {
  return rules.find(({ applies }) => applies(difference, route, what));
}
