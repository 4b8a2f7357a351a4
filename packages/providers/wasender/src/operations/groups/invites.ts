import type { Operation } from "@colloquy/core/contract";
import { z } from "zod";
import { decodeBody } from "../../decode.js";
import { requiredText } from "../../input.js";
import { type Group, groupRow } from "./group.js";
import { type GroupTarget, groupParams } from "./target.js";

const linkShape = z.looseObject({ inviteLink: z.string().min(1) });
const groupShape = z.looseObject({ data: groupRow });
const joinedShape = z.looseObject({ data: z.looseObject({ id: z.string().min(1) }) });

export interface InviteInput {
  /** The code, or the whole `https://chat.whatsapp.com/…` link. */
  readonly code: string;
}

const codeOf = (operation: string, { code }: InviteInput): string =>
  requiredText(
    operation,
    "code",
    code.trim().replace(/^https?:\/\/chat\.whatsapp\.com\/(?:invite\/)?([^/?#]+).*$/, "$1"),
  );

export const inviteLink: Operation<GroupTarget, { readonly inviteLink: string }> = {
  name: "groups.inviteLink",
  summary: "The link by which people join. For admins of the group.",
  method: "GET",
  path: "/groups/{group}/invite-link",
  credential: "session_key",
  repeatable: "always",
  buckets: [],
  encode: (input) => ({ params: groupParams("groups.inviteLink", input) }),
  decode: (response) => ({ inviteLink: decodeBody("groups.inviteLink", linkShape, response).inviteLink }),
};

export const invite: Operation<InviteInput, Group> = {
  name: "groups.invite",
  summary: "What group an invitation is for.",
  method: "GET",
  path: "/groups/invite/{code}",
  credential: "session_key",
  repeatable: "always",
  buckets: [],
  encode: (input) => ({ params: { code: codeOf("groups.invite", input) } }),
  decode: (response) => decodeBody("groups.invite", groupShape, response).data,
};

export const acceptInvite: Operation<InviteInput, { readonly jid: string }> = {
  name: "groups.acceptInvite",
  summary: "Joins a group by its invitation.",
  method: "POST",
  path: "/groups/invite/accept",
  credential: "session_key",
  repeatable: "always",
  buckets: [],
  encode: (input) => ({ body: { kind: "json", value: { code: codeOf("groups.acceptInvite", input) } } }),
  decode: (response) => ({ jid: decodeBody("groups.acceptInvite", joinedShape, response).data.id }),
};
