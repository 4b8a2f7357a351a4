import { create, leave, update } from "./groups/changing.js";
import { acceptInvite, invite, inviteLink } from "./groups/invites.js";
import { add, remove, setRole } from "./groups/members.js";
import { list, metadata, page, participants, picture } from "./groups/reading.js";

export type GroupOperations = {
  readonly list: typeof list;
  readonly page: typeof page;
  readonly create: typeof create;
  readonly metadata: typeof metadata;
  readonly participants: typeof participants;
  readonly add: typeof add;
  readonly remove: typeof remove;
  readonly setRole: typeof setRole;
  readonly update: typeof update;
  readonly picture: typeof picture;
  readonly inviteLink: typeof inviteLink;
  readonly invite: typeof invite;
  readonly acceptInvite: typeof acceptInvite;
  readonly leave: typeof leave;
};

/** Messages to a group are sent with `messages.send`. */
export const groups: GroupOperations = {
  list,
  page,
  create,
  metadata,
  participants,
  add,
  remove,
  setRole,
  update,
  picture,
  inviteLink,
  invite,
  acceptInvite,
  leave,
};
