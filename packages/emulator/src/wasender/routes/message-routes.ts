import { dataAnswer, topLevelAnswer } from "../answer.js";
import { readChat } from "../chats.js";
import { spendLimits } from "../limits.js";
import { readMessage } from "../message-validation.js";
import { deleteMessage, editMessage, findMessage, messageInfo, resendMessage } from "../messages.js";
import { param, phoneRoute, type Route } from "../route.js";
import { acceptMessage } from "../sending.js";
import { flag, required, text, validate } from "../validation.js";

export const messageRoutes: Route[] = [
  phoneRoute("POST", "/send-message", ({ account, session, body }) => {
    const fields = readMessage(body);
    const headers = spendLimits(account, session, "send");
    const { msgId, to } = acceptMessage(account, session, fields, body as Record<string, unknown>);
    return { ...dataAnswer({ msgId, jid: to, status: "in_progress" }), headers };
  }),
  phoneRoute("POST", "/messages/read", ({ account, session, body }) => {
    const fields = validate(body, {
      "key.id": required(text()),
      "key.remoteJid": required(text()),
      "key.fromMe": required(flag()),
    });
    readChat(account, session, String(fields["key.remoteJid"]));
    return dataAnswer({ status: "read" });
  }),
  phoneRoute("GET", "/messages/:id/info", (call) =>
    dataAnswer(messageInfo(findMessage(call.account, call.session, param(call, "id")))),
  ),
  phoneRoute("POST", "/messages/:id/resend", (call) => {
    resendMessage(call.account, call.session, param(call, "id"));
    return topLevelAnswer({ message: "Message resend initiated successfully." });
  }),
  phoneRoute("PUT", "/messages/:id", (call) => {
    const { account, session, body } = call;
    const message = findMessage(account, session, param(call, "id"));
    const fields = validate(body, { text: required(text()) });
    return dataAnswer(editMessage(account, session, message, String(fields["text"])));
  }),
  phoneRoute("DELETE", "/messages/:id", (call) => {
    const { account, session } = call;
    deleteMessage(account, session, findMessage(account, session, param(call, "id")));
    return topLevelAnswer({ message: "Message deleted successfully." });
  }),
];
