/** Names a provider package, for example `wasender`. Lower case, kebab-case, unique within one `createColloquy`. */
export type ProviderId = string;

/** Names one session of ours: `ses_` and 26 characters that sort by time of creation. Never a provider's own id. */
export type SessionId = string;

/** Names one outbound message of ours: `msg_` and 26 characters, or whatever unique text the caller chose. */
export type MessageId = string;

/** A Unix instant in milliseconds. */
export type InstantMs = number;
