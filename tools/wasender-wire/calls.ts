import type { Call } from "./call.js";
import { aloneCalls } from "./calls/alone.js";
import { contactsCalls } from "./calls/contacts.js";
import { endingCalls } from "./calls/ending.js";
import { groupsCalls } from "./calls/groups.js";
import { mediaCalls } from "./calls/media.js";
import { messagesCalls } from "./calls/messages.js";
import { sessionsCalls } from "./calls/sessions.js";

/** In the order of a session's life. What only one client does comes after what both do, so that both find the same ids. */
export const calls: readonly Call[] = [
  ...sessionsCalls,
  ...messagesCalls,
  ...contactsCalls,
  ...groupsCalls,
  ...mediaCalls,
  ...aloneCalls,
  ...endingCalls,
];
