import { facetWith, manifestWith, operationWith, type ProviderFault } from "./fault.js";

/** What a provider says of itself, wrongly. */
export const declarationFaults: readonly ProviderFault[] = [
  {
    name: "leaves a duration at zero",
    change: manifestWith(({ timings }) => ({ timings: { ...timings, livenessMs: 0 } })),
    fails: ["the manifest names provider, date and credentials, and gives every duration"],
  },
  {
    name: "calls itself otherwise in its manifest",
    change: manifestWith(() => ({ id: "somebody-else" })),
    fails: ["the manifest names provider, date and credentials, and gives every duration"],
  },
  {
    name: "has a figure in its manifest that JSON cannot hold",
    change: manifestWith(({ limits }) => ({
      limits: limits.map((rule) => ({ ...rule, windowMs: Number.POSITIVE_INFINITY })),
    })),
    fails: [
      "the manifest is plain data that survives JSON",
      "every limit says how many in which time, from which source and of which date",
    ],
  },
  {
    name: "does not say where a limit comes from",
    change: manifestWith(({ limits }) => ({ limits: limits.map((rule) => ({ ...rule, source: "" })) })),
    fails: ["every limit says how many in which time, from which source and of which date"],
  },
  {
    name: "names an operation after another place",
    change: operationWith("messages.edit", () => ({ name: "messages.update" })),
    fails: ["every operation is named by its place in the tree, and described"],
  },
  {
    name: "spends a bucket that no limit describes",
    change: operationWith("messages.send", () => ({ buckets: ["sends", "attachments"] })),
    fails: ["every bucket that an operation spends has a limit"],
  },
  {
    name: "carries a credential that its manifest does not describe",
    change: manifestWith(({ credentials }) => ({
      credentials: credentials.filter(({ kind }) => kind !== "session_key"),
    })),
    fails: ["every credential that an operation carries is in the manifest"],
  },
  {
    name: "leaves a place of a path unfilled",
    change: operationWith("sessions.get", () => ({ encode: () => ({}) })),
    fails: ["every place of a path is filled by its operation"],
  },
  {
    name: "lists a status word in capitals",
    change: manifestWith(({ statusWords }) => ({ statusWords: [...statusWords, "ONLINE"] })),
    fails: ["the status words are lower case and each is named once"],
  },
  {
    name: "lists a status word that it does not know",
    change: manifestWith(({ statusWords }) => ({ statusWords: [...statusWords, "forgotten"] })),
    fails: ["interpret knows every status word of the manifest, however it is spelled"],
  },
  {
    name: "sends without saying which messages",
    change: ({ manifest: { messages: _messages, ...manifest } }) => ({ manifest }),
    fails: ["the manifest tells which messages are taken and how long a text may be"],
  },
  {
    name: "declares a kind of message that it refuses",
    change: facetWith("send", ({ check }) => ({
      check: (message) => (message.poll ? [{ field: "poll", message: "is not possible." }] : check(message)),
    })),
    fails: ["every kind of message that the manifest declares is taken"],
  },
  {
    name: "shows another kind of challenge than it declares",
    change: facetWith("pairing", () => ({ kinds: ["code"] })),
    fails: ["a pairing shows a code and ends connected when somebody scanned it"],
  },
  {
    name: "finds no fault with its options",
    change: () => ({ validateConfig: () => [] }),
    fails: ["wrong options are found without network"],
  },
  {
    name: "finds no fault with a session's input",
    change: () => ({ validateSession: () => [] }),
    fails: ["a wrong session input is refused without network"],
  },
];
