import type { SessionState } from "../contract/index.js";
import type { CommandType } from "./events.js";
import type { TimerName } from "./snapshot.js";

export interface StateWords {
  readonly means: string;
  /** What follows when nobody does anything. */
  readonly next: string;
}

export const stateWords: Readonly<Record<SessionState, StateWords>> = {
  created: {
    means: "The session exists and was not started yet.",
    next: "Nothing happens before it is started or paired.",
  },
  connecting: {
    means: "The provider was asked to bring the session online.",
    next: "It becomes connected, asks for pairing, or is tried again.",
  },
  pairing: {
    means: "A code waits for a person to scan or enter it.",
    next: "Codes are renewed until the pairing's deadline.",
  },
  waiting: {
    means: "A question is with a person.",
    next: "The session ends with the answer, a refusal or its expiry.",
  },
  connected: {
    means: "The session is online and can be used.",
    next: "Proof of life is renewed; without it the session reconnects.",
  },
  reconnecting: {
    means: "The connection was lost and is made again.",
    next: "Attempts follow each other with growing pauses. Queued messages wait.",
  },
  closing: {
    means: "The provider was asked to unlink or end the session.",
    next: "Its acknowledgement is awaited until the deadline.",
  },
  suspended: {
    means: "The session is paused. Nothing runs, the link is kept.",
    next: "It stays so until it is resumed or the pause ends.",
  },
  unlinked: { means: "No account is linked.", next: "Nothing happens before it is paired or started." },
  completed: { means: "The question was answered.", next: "This is the end of the session." },
  rejected: { means: "A person said no.", next: "This is the end of the session." },
  expired: { means: "The time of the session ran out.", next: "This is the end of the session." },
  failed: {
    means: "The session broke and does not recover by itself.",
    next: "It ends here, unless the provider can restart it.",
  },
  terminated: { means: "The session is gone at the provider.", next: "This is the end of the session." },
};

/** Why a session is in its state, by reason. */
export type ReasonWords = Readonly<Record<string, string>>;

/** Reasons are open: a provider brings its own. These are the lifecycle's. */
export const reasonWords: ReasonWords = {
  start_requested: "It was started.",
  pairing_requested: "Pairing was asked for.",
  resume_requested: "It was resumed.",
  pause_ended: "The provider's pause ended.",
  post_pairing: "The account was linked; the provider now opens the session.",
  restart_required: "The provider asked for a new connection as part of its own procedure.",
  restored: "The process started anew and makes sure of the state.",
  timeout: "No answer came in time.",
  deaf: "Nothing was heard for too long, so the connection is no longer believed.",
  network: "The provider could not be reached.",
  unavailable: "The provider or a gateway before it failed.",
  rate_limited: "The provider asked to slow down.",
  not_connected: "The provider said that the session is not connected.",
  malformed_answer: "The provider's answers could not be understood.",
  provider_rejected: "The provider refused.",
  retry_budget: "It failed too often in a row with a fault that may be a wrong setting.",
  provider_requires_pairing: "The provider wants a code to be scanned, and nobody was watching for one.",
  pairing_timeout: "Nobody completed the pairing in time.",
  pairing_cancelled: "The pairing was cancelled.",
  identity_mismatch: "Another account than the expected one was linked.",
  logged_out: "The account was logged out.",
  credentials_expired: "The link's credentials expired.",
  by_caller: "It was suspended from here.",
  by_provider: "The provider paused or ended it.",
  logout_unconfirmed: "The provider did not confirm the logout, so the credentials were kept.",
  unlink: "A logout was asked for.",
  terminate: "The end was asked for.",
  closed: "The end was asked for and the provider confirmed it.",
  unconfirmed: "The end was asked for; the provider did not confirm it in time.",
  remote_closed: "The provider ended it; nobody here asked for it.",
  not_found: "The provider knows no such session any more.",
  ttl: "Its time to live ran out.",
  credential_missing: "A token or key was not given.",
  credential_rejected: "The provider refused the token or key.",
  credential_wrong_kind: "A token stands where a key belongs, or the reverse.",
  permission_denied: "The token may not do this.",
  subscription_required: "The account has no plan that allows this.",
  config_invalid: "A setting is wrong.",
  unknown_snapshot: "It was stored by another version that this one cannot read fully.",
};

/** What happens when the timer falls due. */
export const timerWords: Readonly<Record<TimerName, string>> = {
  connectDeadline: "the opening counts as failed and is tried again",
  pairingDeadline: "the pairing ends without a link",
  challengeDue: "a fresh code is fetched",
  ttlDue: "the session expires",
  livenessDue: "the connection is made anew, unless a proof of life came",
  reconnectDue: "the next attempt is made",
  closeDeadline: "the closing ends without a confirmation",
  resumeDue: "the session resumes by itself",
};

/** What a command would do for a person who reads an explanation. */
export type CommandAdvice = Readonly<Record<CommandType, string>>;

export const commandAdvice: CommandAdvice = {
  start: "start: bring the session online with the account that is linked",
  pair: "pair: link an account by a code",
  cancelPairing: "cancelPairing: stop waiting for the code",
  suspend: "suspend: pause without unlinking",
  resume: "resume: bring the session online again",
  logout: "logout: unlink the account, keep the session",
  close: "close: end the session at the provider for good",
  restart: "restart: begin anew under the same id",
};
