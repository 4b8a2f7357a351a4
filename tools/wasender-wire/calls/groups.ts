import type { Call } from "../call.js";
import { ada } from "./people.js";

/** From making a group to leaving it. */
export const groupsCalls: readonly Call[] = [
  {
    route: "GET /groups",
    theirs: ({ theirs }) => theirs.getGroups(),
    ours: ({ ours }) => ours.groups.list(),
  },
  {
    route: "POST /groups",
    theirs: ({ theirs }) => theirs.createGroup("Crew", [ada]),
    ours: ({ ours }) => ours.groups.create({ name: "Crew", participants: [ada] }),
  },
  {
    route: "GET /groups/{group}/metadata",
    theirs: ({ theirs, group }) => theirs.getGroupMetadata(group),
    ours: ({ ours, group }) => ours.groups.metadata({ group }),
  },
  {
    route: "GET /groups/{group}/participants",
    theirs: ({ theirs, group }) => theirs.getGroupParticipants(group),
    ours: ({ ours, group }) => ours.groups.participants({ group }),
  },
  {
    route: "POST /groups/{group}/participants/add",
    theirs: ({ theirs, group }) => theirs.addGroupParticipants(group, ["+15550103"]),
    ours: ({ ours, group }) => ours.groups.add({ group, participants: ["+15550103"] }),
  },
  {
    route: "PUT /groups/{group}/participants/update",
    theirs: ({ theirs, group }) => theirs.updateGroupParticipants(group, "promote", [ada]),
    ours: ({ ours, group }) => ours.groups.setRole({ group, action: "promote", participants: [ada] }),
  },
  {
    route: "POST /groups/{group}/participants/remove",
    theirs: ({ theirs, group }) => theirs.removeGroupParticipants(group, [ada]),
    ours: ({ ours, group }) => ours.groups.remove({ group, participants: [ada] }),
  },
  {
    route: "PUT /groups/{group}/settings",
    theirs: ({ theirs, group }) => theirs.updateGroupSettings(group, { subject: "Crew 2", announce: true }),
    ours: ({ ours, group }) => ours.groups.update({ group, subject: "Crew 2", announce: true }),
  },
  {
    route: "GET /groups/{group}/picture",
    theirs: ({ theirs, group }) => theirs.getGroupProfilePicture(group),
    ours: ({ ours, group }) => ours.groups.picture({ group }),
  },
  {
    route: "GET /groups/{group}/invite-link",
    theirs: ({ theirs, group }) => theirs.getGroupInviteLink(group),
    ours: ({ ours, group }) => ours.groups.inviteLink({ group }),
  },
  {
    route: "GET /groups/invite/{code}",
    mayFail: true,
    theirs: ({ theirs }) => theirs.getGroupInviteInfo("AbCd123"),
    ours: ({ ours }) => ours.groups.invite({ code: "AbCd123" }),
  },
  {
    route: "POST /groups/invite/accept",
    mayFail: true,
    theirs: ({ theirs }) => theirs.acceptGroupInvite("AbCd123"),
    ours: ({ ours }) => ours.groups.acceptInvite({ code: "AbCd123" }),
  },
  {
    route: "POST /groups/{group}/leave",
    theirs: ({ theirs, group }) => theirs.leaveGroup(group),
    ours: ({ ours, group }) => ours.groups.leave({ group }),
  },
];
