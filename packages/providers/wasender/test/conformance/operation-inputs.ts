const group = "120363000000000001@g.us";

/** For operations that ask for more than the places of their path, or check them. */
export const operationInputs: Readonly<Record<string, unknown>> = {
  "groups.addParticipants": { group, participants: ["+15550101"] },
  "lookups.lidOfPhone": { phone: "+15550101" },
};
