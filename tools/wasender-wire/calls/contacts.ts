import type { Call } from "../call.js";
import { ada, to } from "./people.js";

/** People, one by one. */
export const contactsCalls: readonly Call[] = [
  {
    route: "GET /on-whatsapp/{contact_identifier}",
    theirs: ({ theirs }) => theirs.checkIfOnWhatsapp(to),
    ours: ({ ours }) => ours.lookups.onWhatsApp({ contact: to }),
  },
  {
    route: "GET /contacts",
    theirs: ({ theirs }) => theirs.getContacts(),
    ours: ({ ours }) => ours.contacts.list(),
  },
  {
    route: "GET /contacts/{phone_or_jid}",
    theirs: ({ theirs }) => theirs.getContactInfo(ada),
    ours: ({ ours }) => ours.contacts.get({ contact: ada }),
  },
  {
    route: "GET /contacts/{phone_or_jid}",
    what: "with what is no contact",
    mayFail: true,
    theirs: ({ theirs }) => theirs.getContactInfo("+1 2/3?x"),
    ours: ({ ours }) => ours.contacts.get({ contact: "+1 2/3?x" }),
  },
  {
    route: "GET /contacts/{phone_or_jid}/picture",
    theirs: ({ theirs }) => theirs.getContactProfilePicture(to),
    ours: ({ ours }) => ours.contacts.picture({ contact: to }),
  },
  {
    route: "POST /contacts/{phone_or_jid}/block",
    theirs: ({ theirs }) => theirs.blockContact(to),
    ours: ({ ours }) => ours.contacts.block({ contact: to }),
  },
  {
    route: "POST /contacts/{phone_or_jid}/unblock",
    theirs: ({ theirs }) => theirs.unblockContact(to),
    ours: ({ ours }) => ours.contacts.unblock({ contact: to }),
  },
];
