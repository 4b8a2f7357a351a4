export type { WasenderLimitOptions, WasenderPlan } from "./limits.js";
export type { LinkedAccount } from "./operations/account.js";
export type { Contact, ContactChange, ContactTarget } from "./operations/contacts.js";
export type { GroupSettings, NewGroup } from "./operations/groups/changing.js";
export type { Group, GroupParticipant, GroupRole } from "./operations/groups/group.js";
export type { InviteInput } from "./operations/groups/invites.js";
export type { MemberOutcome } from "./operations/groups/members.js";
export type { GroupTarget, MembersInput } from "./operations/groups/target.js";
export type { LookupInput, PhoneOfLid } from "./operations/lookups.js";
export type { DecryptInput, PublicMedia, UploadBase64Input, UploadInput } from "./operations/media.js";
export type { MessageKeyInput } from "./operations/messages/follow-up.js";
export type { MessageInfo, MessageTarget } from "./operations/messages/one.js";
export type { WasenderMessage, WasenderSendReceipt } from "./operations/messages/send.js";
export type { Page, PageInput } from "./operations/pages.js";
export type { PresenceInput } from "./operations/presence.js";
export type {
  ConnectAnswer,
  LinkMethod,
  PasskeyCredential,
  PasskeyRequest,
  PasskeyResponse,
} from "./operations/sessions/linking.js";
export type { MessageLogInput, MessageLogRow, SessionLogRow } from "./operations/sessions/logs.js";
export type { UpdatedWasenderSession } from "./operations/sessions/records.js";
export type { WasenderSession, WasenderSessionDetail } from "./operations/sessions/session.js";
export type { WasenderSessionChanges, WasenderSessionInput } from "./operations/sessions/session-input.js";
export type { WasenderOperations } from "./operations.js";
export type { WasenderOptions } from "./options.js";
export type { WasenderProvider } from "./provider.js";
export { wasender } from "./provider.js";
export type { WasenderWebhookEvent } from "./wire-types.js";
