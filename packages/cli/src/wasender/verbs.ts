/** A command below `colloquy wasender`, as its help tells it. What it does is in `calls/`, which needs the provider's package. */
export interface Verb {
  readonly summary: string;
  /** After the session: `<name>`, `<names...>` or `[name]`, each with what it is. */
  readonly args?: readonly (readonly [name: string, description: string])[];
  readonly options?: readonly (readonly [flags: string, description: string])[];
}

const contact = ["<contact>", "phone number in E.164, or a JID"] as const;
const group = ["<group>", "subject of a group, or its JID"] as const;
const people = ["<people...>", "phone numbers in E.164, or JIDs"] as const;
const pages: NonNullable<Verb["options"]> = [
  ["--limit <number>", "stop after so many (default 100)"],
  ["--all", "go through every page"],
];

export type VerbName =
  | "contacts list"
  | "contacts get"
  | "contacts picture"
  | "contacts block"
  | "contacts unblock"
  | "contacts save"
  | "groups list"
  | "groups show"
  | "groups create"
  | "groups settings"
  | "groups invite"
  | "groups invitation"
  | "groups join"
  | "groups leave"
  | "groups members list"
  | "groups members add"
  | "groups members remove"
  | "groups members promote"
  | "groups members demote"
  | "media upload"
  | "media decrypt"
  | "logs messages"
  | "logs sessions"
  | "webhook show"
  | "webhook set";

/** Commands by their words. */
export const verbs: Readonly<Record<VerbName, Verb>> = {
  "contacts list": { summary: "everybody in the address book", options: pages },
  "contacts get": { summary: "what is known of one contact", args: [contact] },
  "contacts picture": { summary: "where the profile picture can be fetched", args: [contact] },
  "contacts block": { summary: "block a contact", args: [contact] },
  "contacts unblock": { summary: "unblock a contact", args: [contact] },
  "contacts save": {
    summary: "add a contact or rename it",
    args: [contact, ["<name>", "as the address book shall have it"]],
    options: [["--on-phone", "save it in the phone's own address book, too"]],
  },
  "groups list": { summary: "every group of the account", options: pages },
  "groups show": { summary: "one group and who is in it", args: [group] },
  "groups create": {
    summary: "make a group",
    args: [
      ["<name>", "its subject"],
      ["[people...]", people[1]],
    ],
  },
  "groups settings": {
    summary: "change a group; what is not given stays",
    args: [group],
    options: [
      ["--subject <text>", "what it is called"],
      ["--description <text>", "what it is about"],
      ["--picture <url>", "public URL of its picture"],
      ["--announce", "only admins write"],
      ["--no-announce", "everybody writes"],
      ["--restrict", "only admins change subject, description and picture"],
      ["--no-restrict", "everybody changes them"],
      ["--approve", "admins approve who joins"],
      ["--no-approve", "whoever has the link joins"],
      ["--members-add", "members add others"],
      ["--no-members-add", "only admins add others"],
    ],
  },
  "groups invite": { summary: "the link by which people join", args: [group] },
  "groups invitation": { summary: "what group an invitation is for", args: [["<code>", "the code or the whole link"]] },
  "groups join": { summary: "join a group by its invitation", args: [["<code>", "the code or the whole link"]] },
  "groups leave": { summary: "leave a group", args: [group] },
  "groups members list": { summary: "who is in a group, and who leads it", args: [group] },
  "groups members add": { summary: "add people; fails when one could not be added", args: [group, people] },
  "groups members remove": { summary: "remove people; fails when one could not be removed", args: [group, people] },
  "groups members promote": { summary: "make people admins", args: [group, people] },
  "groups members demote": { summary: "make admins members again", args: [group, people] },
  "media upload": {
    summary: "store a file for 24 hours and get its public address",
    args: [["<file>", "path of the file"]],
    options: [["--type <media-type>", "such as image/png; told from its first bytes or its name when left out"]],
  },
  "media decrypt": {
    summary: "get the public address of a received file, for an hour",
    args: [["<file>", "the webhook that brought it, as JSON; - reads the standard input"]],
  },
  "logs messages": {
    summary: "what the session sent, newest first",
    options: [
      ["--status <status>", "only sent, failed or in_progress"],
      ...pages,
      ["--follow", "go on with what is new or changes, oldest first, until Ctrl-C"],
      ["--every <duration>", "with --follow: how often to look (default 5s)"],
    ],
  },
  "logs sessions": { summary: "status changes and restarts, newest first", options: pages },
  "webhook show": { summary: "where the provider delivers events, and which" },
  "webhook set": {
    summary: "change where events are delivered; what is not given stays",
    options: [
      ["--url <url>", "where to"],
      ["--no-url", "take the address away"],
      ["--subscribe <names>", "to which events, separated by commas"],
      ["--enable", "deliver"],
      ["--disable", "keep the address, but deliver nothing"],
    ],
  },
};
