import type { Operation, PagedOperation } from "@colloquy/core/contract";
import { z } from "zod";
import { decodeBody, optionalText } from "../../decode.js";
import type { NoInput } from "../../input.js";
import { listPage, type Page, type PageInput, pagingBy } from "../pages.js";
import { type Group, type GroupParticipant, groupRow, participantRow } from "./group.js";
import { type GroupTarget, groupParams } from "./target.js";

const allShape = z.looseObject({ data: z.array(groupRow) });
const pageShape = z.looseObject({ data: listPage(groupRow) });
const oneShape = z.looseObject({ data: groupRow });
const participantsShape = z.looseObject({ data: z.array(participantRow) });
const pictureShape = z.looseObject({ data: z.looseObject({ imgUrl: optionalText }) });

export const list: Operation<NoInput, readonly Group[]> = {
  name: "groups.list",
  summary: "All groups of the account, without their participants.",
  method: "GET",
  path: "/groups",
  credential: "session_key",
  repeatable: "always",
  buckets: [],
  encode: () => ({}),
  decode: (response) => decodeBody("groups.list", allShape, response).data,
};

export const page: PagedOperation<PageInput, Page<Group>, Group> = {
  name: "groups.page",
  summary: "One page of the groups; the provider's page size is 20 when none is given.",
  method: "GET",
  path: "/groups",
  credential: "session_key",
  repeatable: "always",
  buckets: [],
  encode: (input) => ({ query: { paginated: true, page: input.page ?? 1, limit: input.perPage } }),
  decode: (response) => decodeBody("groups.page", pageShape, response).data,
  paging: pagingBy(({ jid }) => jid),
};

export const metadata: Operation<GroupTarget, Group> = {
  name: "groups.metadata",
  summary: "A group with its participants.",
  method: "GET",
  path: "/groups/{group}/metadata",
  credential: "session_key",
  repeatable: "always",
  buckets: ["group_metadata"],
  encode: (input) => ({ params: groupParams("groups.metadata", input) }),
  decode: (response) => decodeBody("groups.metadata", oneShape, response).data,
};

export const participants: Operation<GroupTarget, readonly GroupParticipant[]> = {
  name: "groups.participants",
  summary: "Who is in a group, and who leads it.",
  method: "GET",
  path: "/groups/{group}/participants",
  credential: "session_key",
  repeatable: "always",
  buckets: ["group_participants"],
  encode: (input) => ({ params: groupParams("groups.participants", input) }),
  decode: (response) => decodeBody("groups.participants", participantsShape, response).data,
};

export const picture: Operation<GroupTarget, { readonly url?: string }> = {
  name: "groups.picture",
  summary: "Address of the group's picture; absent when there is none.",
  method: "GET",
  path: "/groups/{group}/picture",
  credential: "session_key",
  repeatable: "always",
  buckets: [],
  encode: (input) => ({ params: groupParams("groups.picture", input) }),
  decode: (response) => {
    const { imgUrl } = decodeBody("groups.picture", pictureShape, response).data;
    return imgUrl === undefined ? {} : { url: imgUrl };
  },
};
