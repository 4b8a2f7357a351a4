import type { Group, GroupParticipant, GroupSettings } from "@colloquy/wasender";
import type { Fields, Output } from "../../output/output.js";
import { fieldList, table } from "../../output/table.js";
import { usageError } from "../../usage-error.js";
import type { Answer } from "../answer.js";
import { address, flag, type Given, text, texts, type VerbCall } from "../call.js";
import { groupOf } from "../group-reference.js";
import { upToLimit } from "../pages.js";

export const participantFields = ({ id, role }: GroupParticipant, output: Output): Fields => ({
  id: output.address(id),
  role,
});

function groupFields(group: Group, output: Output): Fields {
  const { jid, subject, description, owner, createdAtMs, participants, size } = group;
  return {
    jid: output.address(jid),
    subject,
    description,
    owner: output.address(owner),
    createdAtMs,
    size: size ?? participants?.length,
    ...(participants ? { participants: participants.map((person) => participantFields(person, output)) } : {}),
  };
}

function groupAnswer(group: Group, output: Output): Answer {
  const { subject, description, owner, createdAtMs, participants = [], size } = group;
  const facts = fieldList([
    ["jid", output.address(group.jid)],
    ["description", description],
    ["owner", output.address(owner)],
    ["made", createdAtMs === undefined ? undefined : new Date(createdAtMs).toISOString()],
    ["members", String(size ?? participants.length)],
  ]);
  const people = participants.map(({ id, role }) => [output.address(id) ?? "", role]);
  return {
    lines: [subject ?? "(no subject)", facts, ...(people.length === 0 ? [] : [table(["MEMBER", "ROLE"], people)])],
    fields: { group: groupFields(group, output) },
  };
}

const list: VerbCall = async (given) => {
  const { api, context } = given;
  const { output, signal } = context;
  const groups = upToLimit(given, (size) => api.groups.page.each(size, { signal }));
  return {
    headings: ["SUBJECT", "JID"],
    none: "The account is in no group.",
    rows: (async function* () {
      for await (const group of groups)
        yield { cells: [group.subject ?? "", output.address(group.jid) ?? ""], fields: groupFields(group, output) };
    })(),
  };
};

const show: VerbCall = async (given) => {
  const { api, context } = given;
  const { value } = await api.groups.metadata({ group: await groupOf(given) }, { signal: context.signal });
  return groupAnswer(value, context.output);
};

const create: VerbCall = async (given) => {
  const { api, context } = given;
  const participants = texts(given, 1).map(address);
  const { value } = await api.groups.create({ name: text(given, 0), participants }, { signal: context.signal });
  return groupAnswer(value, context.output);
};

/** Options by the names that the provider's package gives them. */
function settingsOf(given: Given): GroupSettings {
  const { flags } = given;
  const texted = {
    subject: flag(given, "subject"),
    description: flag(given, "description"),
    pictureUrl: flag(given, "picture"),
  };
  const switched = {
    announce: flags["announce"],
    restrict: flags["restrict"],
    joinApproval: flags["approve"],
    memberAdd: flags["membersAdd"],
  };
  const chosen = Object.entries({ ...texted, ...switched }).filter(([, value]) => value !== undefined);
  if (chosen.length === 0) throw usageError("Nothing is to be changed.", "Give at least one option; see --help.");
  return Object.fromEntries(chosen) as GroupSettings;
}

const settings: VerbCall = async (given) => {
  const { api, context } = given;
  const changes = settingsOf(given);
  const group = await groupOf(given);
  const { value } = await api.groups.update({ group, ...changes }, { signal: context.signal });
  const changed = Object.keys(changes);
  return { lines: [`Changed: ${changed.join(", ")}.`], fields: { changed, ...value } };
};

const invite: VerbCall = async (given) => {
  const { api, context } = given;
  const { value } = await api.groups.inviteLink({ group: await groupOf(given) }, { signal: context.signal });
  return {
    lines: [value.inviteLink],
    fields: { inviteLink: value.inviteLink },
    notes: ["Whoever has this link can join."],
  };
};

const invitation: VerbCall = async (given) => {
  const { api, context } = given;
  const { value } = await api.groups.invite({ code: text(given, 0) }, { signal: context.signal });
  return groupAnswer(value, context.output);
};

const join: VerbCall = async (given) => {
  const { api, context } = given;
  const { value } = await api.groups.acceptInvite({ code: text(given, 0) }, { signal: context.signal });
  const jid = context.output.address(value.jid);
  return { lines: [`Joined ${jid}.`], fields: { jid } };
};

const leave: VerbCall = async (given) => {
  const { api, context } = given;
  const group = await groupOf(given);
  await api.groups.leave({ group }, { signal: context.signal });
  const jid = context.output.address(group);
  return { lines: [`Left ${jid}.`], fields: { jid } };
};

export const groupCalls: {
  readonly "groups list": VerbCall;
  readonly "groups show": VerbCall;
  readonly "groups create": VerbCall;
  readonly "groups settings": VerbCall;
  readonly "groups invite": VerbCall;
  readonly "groups invitation": VerbCall;
  readonly "groups join": VerbCall;
  readonly "groups leave": VerbCall;
} = {
  "groups list": list,
  "groups show": show,
  "groups create": create,
  "groups settings": settings,
  "groups invite": invite,
  "groups invitation": invitation,
  "groups join": join,
  "groups leave": leave,
};
