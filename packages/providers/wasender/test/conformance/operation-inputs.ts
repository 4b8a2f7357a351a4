const group = "120363000000000001@g.us";
const members = { group, participants: ["+15550144"] };

/** For operations that check their places, or ask for more than those. */
export const operationInputs: Readonly<Record<string, unknown>> = {
  "sessions.regenerateKey": { oldKeyDies: true },
  "groups.metadata": { group },
  "groups.participants": { group },
  "groups.picture": { group },
  "groups.inviteLink": { group },
  "groups.leave": { group },
  "groups.update": { group, subject: "Neighbours" },
  "groups.add": members,
  "groups.remove": members,
  "groups.setRole": { ...members, action: "promote" },
};
