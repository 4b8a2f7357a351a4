import type { Call } from "../call.js";
import { ada, file, to } from "./people.js";

/** What is sent, and what can be done with it. */
export const messagesCalls: readonly Call[] = [
  {
    route: "POST /send-message",
    what: "text",
    theirs: ({ theirs }) => theirs.sendText({ to, text: "hello" }),
    ours: ({ ours }) => ours.messages.send({ to, text: "hello" }),
  },
  {
    route: "POST /send-message",
    what: "picture with a caption",
    theirs: ({ theirs }) => theirs.sendImage({ to, imageUrl: `${file}.png`, text: "look", viewOnce: true }),
    ours: ({ ours }) =>
      ours.messages.send({ to, text: "look", viewOnce: true, media: { kind: "image", url: `${file}.png` } }),
  },
  {
    route: "POST /send-message",
    what: "document",
    theirs: ({ theirs }) => theirs.sendDocument({ to, documentUrl: `${file}.pdf` }),
    ours: ({ ours }) => ours.messages.send({ to, media: { kind: "document", url: `${file}.pdf` } }),
  },
  {
    route: "POST /send-message",
    what: "location",
    theirs: ({ theirs }) => theirs.sendLocation({ to, location: { latitude: "51.5", longitude: -0.12 } }),
    ours: ({ ours }) => ours.messages.send({ to, location: { latitude: 51.5, longitude: -0.12 } }),
  },
  {
    route: "POST /send-message",
    what: "contact",
    theirs: ({ theirs }) => theirs.sendContact({ to, contact: { name: "Ada", phone: to } }),
    ours: ({ ours }) => ours.messages.send({ to, contact: { name: "Ada", phone: to } }),
  },
  {
    route: "POST /send-message",
    what: "mention in a group",
    theirs: ({ theirs, group }) => theirs.sendMessageWithMentions(group, "hello @15550101", [ada]),
    ours: ({ ours, group }) => ours.messages.send({ to: group, text: "hello @15550101", mentions: [ada] }),
  },
  {
    route: "POST /send-message",
    what: "answer to a message",
    theirs: ({ theirs, msgId }) => theirs.sendQuotedMessage({ to, text: "yes", replyTo: msgId }),
    ours: ({ ours, msgId }) => ours.messages.send({ to, text: "yes", replyTo: String(msgId) }),
  },
  {
    route: "GET /messages/{msgId}/info",
    theirs: ({ theirs, msgId }) => theirs.getMessageInfo(msgId),
    ours: ({ ours, msgId }) => ours.messages.info({ messageId: msgId }),
  },
  {
    route: "PUT /messages/{msgId}",
    theirs: ({ theirs, msgId }) => theirs.editMessage(msgId, "hello!"),
    ours: ({ ours, msgId }) => ours.messages.edit({ messageId: msgId, text: "hello!" }),
  },
  {
    route: "DELETE /messages/{msgId}",
    theirs: ({ theirs, msgId }) => theirs.deleteMessage(msgId),
    ours: ({ ours, msgId }) => ours.messages.remove({ messageId: msgId }),
  },
  {
    route: "POST /send-presence-update",
    theirs: ({ theirs }) => theirs.sendPresenceUpdate(ada, "composing", 500),
    ours: ({ ours }) => ours.presence.set({ chatId: ada, kind: "composing", delayMs: 500 }),
  },
];
