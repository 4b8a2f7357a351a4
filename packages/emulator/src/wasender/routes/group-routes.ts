import { dataAnswer, topLevelAnswer } from "../answer.js";
import { addMembers, changeSettings, joinGroup, leaveGroup, rankMembers, removeMembers } from "../group-changes.js";
import {
  findGroup,
  findInvite,
  findOwnGroup,
  foundGroup,
  type Group,
  groupCreated,
  groupInvite,
  groupMetadata,
  groupParticipants,
  groupsOf,
} from "../groups.js";
import { ownJid } from "../message.js";
import { listOrPage } from "../paginator.js";
import { param, phoneRoute, type Route, type SessionCall } from "../route.js";
import { flag, list, oneOf, required, text, url, validate } from "../validation.js";
import { emitWebhook } from "../webhooks.js";

export const groupRoutes: Route[] = [
  phoneRoute("GET", "/groups", ({ account, session, query }) => {
    const rows = groupsOf(account, session).map(({ jid, subject: name, imgUrl }) => ({ jid, name, imgUrl }));
    return dataAnswer(listOrPage(rows, query));
  }),
  phoneRoute("POST", "/groups", ({ account, session, body }) => {
    const fields = validate(body, { name: required(text(100)), participants: list() });
    const group = foundGroup(account, ownJid(session), String(fields["name"]), people(fields));
    emitWebhook(account, session, "groups.upsert", [groupMetadata(group)]);
    return dataAnswer(groupCreated(group));
  }),
  phoneRoute("POST", "/groups/invite/accept", ({ account, session, body }) => {
    const { code } = validate(body, { code: required(text()) });
    const group = findInvite(account, String(code));
    joinGroup(account, session, group);
    return dataAnswer({ id: group.jid });
  }),
  phoneRoute("GET", "/groups/invite/:code", (call) =>
    dataAnswer(groupInvite(findInvite(call.account, param(call, "code")))),
  ),
  phoneRoute("GET", "/groups/:group/metadata", (call) => dataAnswer(groupMetadata(joined(call))), "groupMetadata"),
  phoneRoute(
    "GET",
    "/groups/:group/participants",
    (call) => dataAnswer(groupParticipants(joined(call))),
    "groupParticipants",
  ),
  phoneRoute("POST", "/groups/:group/participants/add", (call) => {
    const fields = validate(call.body, { participants: required(list(1)) });
    return dataAnswer(addMembers(call.account, call.session, administered(call), people(fields)));
  }),
  phoneRoute("POST", "/groups/:group/participants/remove", (call) => {
    const fields = validate(call.body, { participants: required(list(1)) });
    return dataAnswer(removeMembers(call.account, call.session, administered(call), people(fields)));
  }),
  phoneRoute("PUT", "/groups/:group/participants/update", (call) => {
    const fields = validate(call.body, {
      action: required(oneOf("promote", "demote")),
      participants: required(list(1)),
    });
    const action = fields["action"] === "promote" ? "promote" : "demote";
    const participants = rankMembers(call.account, call.session, administered(call), action, people(fields));
    return dataAnswer({ participants });
  }),
  phoneRoute("PUT", "/groups/:group/settings", (call) => {
    const fields = validate(call.body, {
      subject: text(100),
      description: text(2048),
      announce: flag(),
      restrict: flag(),
      joinApproval: flag(),
      memberAdd: flag(),
      profilePicUrl: url(),
    });
    const group = administered(call);
    changeSettings(call.account, group, fields);
    return dataAnswer({ subject: group.subject, description: group.desc });
  }),
  phoneRoute("GET", "/groups/:group/picture", (call) => dataAnswer({ imgUrl: joined(call).imgUrl })),
  phoneRoute("GET", "/groups/:group/invite-link", (call) =>
    topLevelAnswer({ inviteLink: `https://chat.whatsapp.com/${administered(call).inviteCode}` }),
  ),
  phoneRoute("POST", "/groups/:group/leave", (call) => {
    leaveGroup(call.account, call.session, joined(call));
    return dataAnswer({});
  }),
];

const joined = (call: SessionCall): Group => findGroup(call.account, call.session, param(call, "group"));

const administered = (call: SessionCall): Group => findOwnGroup(call.account, call.session, param(call, "group"));

const people = (fields: Record<string, unknown>): string[] => (fields["participants"] ?? []) as string[];
