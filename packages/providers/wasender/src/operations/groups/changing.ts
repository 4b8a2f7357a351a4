import type { Operation } from "@colloquy/core/contract";
import { z } from "zod";
import { decodeBody, optionalText } from "../../decode.js";
import { requiredText } from "../../input.js";
import { present } from "../../json.js";
import { type Group, groupRow } from "./group.js";
import { type GroupTarget, groupParams, people } from "./target.js";

const groupShape = z.looseObject({ data: groupRow });
const settingsShape = z.looseObject({ data: z.looseObject({ subject: optionalText, description: optionalText }) });

export interface NewGroup {
  readonly name: string;
  /** Phone numbers in E.164, user JIDs or LIDs. Default: nobody but the own account. */
  readonly participants?: readonly string[];
}

export const create: Operation<NewGroup, Group> = {
  name: "groups.create",
  summary: "Makes a group.",
  method: "POST",
  path: "/groups",
  credential: "session_key",
  repeatable: "never",
  buckets: [],
  encode: ({ name, participants = [] }) => ({
    body: {
      kind: "json",
      value: { name: requiredText("groups.create", "name", name), participants: people("groups.create", participants) },
    },
  }),
  decode: (response) => decodeBody("groups.create", groupShape, response).data,
};

export interface GroupSettings {
  readonly subject?: string;
  readonly description?: string;
  /** Only admins write. */
  readonly announce?: boolean;
  /** Only admins change subject, description and picture. */
  readonly restrict?: boolean;
  /** Admins approve who joins. */
  readonly joinApproval?: boolean;
  /** Members add others. */
  readonly memberAdd?: boolean;
  readonly pictureUrl?: string;
}

export const update: Operation<
  GroupTarget & GroupSettings,
  { readonly subject?: string; readonly description?: string }
> = {
  name: "groups.update",
  summary: "Changes settings; what is left out stays as it is.",
  method: "PUT",
  path: "/groups/{group}/settings",
  credential: "session_key",
  repeatable: "always",
  buckets: [],
  encode: (input) => {
    const { subject, description, announce, restrict, joinApproval, memberAdd, pictureUrl } = input;
    const settings = { subject, description, announce, restrict, joinApproval, memberAdd, profilePicUrl: pictureUrl };
    return { params: groupParams("groups.update", input), body: { kind: "json", value: present(settings) } };
  },
  decode: (response) => {
    const { subject, description } = decodeBody("groups.update", settingsShape, response).data;
    return { ...(subject === undefined ? {} : { subject }), ...(description === undefined ? {} : { description }) };
  },
};

export const leave: Operation<GroupTarget, void> = {
  name: "groups.leave",
  summary: "Leaves a group.",
  method: "POST",
  path: "/groups/{group}/leave",
  credential: "session_key",
  repeatable: "always",
  buckets: [],
  encode: (input) => ({ params: groupParams("groups.leave", input) }),
  decode: () => undefined,
};
