import { connect, disconnect, qrCode } from "./sessions/linking.js";
import { messageLogs, sessionLogs } from "./sessions/logs.js";
import { passkeyToken, respondToPasskey } from "./sessions/passkey.js";
import { create, get, list, remove, update } from "./sessions/records.js";
import { regenerateKey, restart } from "./sessions/upkeep.js";

export type SessionOperations = {
  readonly list: typeof list;
  readonly create: typeof create;
  readonly get: typeof get;
  readonly update: typeof update;
  readonly remove: typeof remove;
  readonly connect: typeof connect;
  readonly qrCode: typeof qrCode;
  readonly passkeyToken: typeof passkeyToken;
  readonly respondToPasskey: typeof respondToPasskey;
  readonly disconnect: typeof disconnect;
  readonly restart: typeof restart;
  readonly regenerateKey: typeof regenerateKey;
  readonly messageLogs: typeof messageLogs;
  readonly sessionLogs: typeof sessionLogs;
};

/** Routes about sessions of the account: all of them carry the personal access token. */
export const sessions: SessionOperations = {
  list,
  create,
  get,
  update,
  remove,
  connect,
  qrCode,
  passkeyToken,
  respondToPasskey,
  disconnect,
  restart,
  regenerateKey,
  messageLogs,
  sessionLogs,
};
