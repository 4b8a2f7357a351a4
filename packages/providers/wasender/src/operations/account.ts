import type { Identity, Operation } from "@colloquy/core/contract";
import { z } from "zod";
import { decodeBody, optionalText, rowShape } from "../decode.js";
import type { NoInput } from "../input.js";
import { type JsonRecord, withoutUndefined } from "../json.js";
import { phoneOfJid, withoutDevice } from "../phone.js";

/** The WhatsApp account that is linked now. */
export interface LinkedAccount {
  /** User JID without its device part. */
  readonly jid: string;
  /** `+15550100`, when the JID holds a number. */
  readonly phone?: string;
  readonly lid?: string;
  readonly name?: string;
  readonly raw: JsonRecord;
}

const statusShape = z.looseObject({ status: z.string().min(1) });
const userShape = z.looseObject({
  data: rowShape(z.looseObject({ id: z.string().min(1), name: optionalText, lid: optionalText }), (row, raw) =>
    withoutUndefined<LinkedAccount>({
      jid: withoutDevice(row.id),
      phone: phoneOfJid(row.id),
      lid: row.lid === undefined ? undefined : withoutDevice(row.lid),
      name: row.name,
      raw,
    }),
  ),
});

export const status: Operation<NoInput, { readonly status: string }> = {
  name: "account.status",
  summary: "The session's status word, in lower case.",
  method: "GET",
  path: "/status",
  credential: "session_key",
  repeatable: "always",
  buckets: [],
  encode: () => ({}),
  decode: (response) => ({ status: decodeBody("account.status", statusShape, response).status.toLowerCase() }),
};

export const user: Operation<NoInput, LinkedAccount> = {
  name: "account.user",
  summary: "Who is linked: the proof that a session is connected, and as whom.",
  method: "GET",
  path: "/user",
  credential: "session_key",
  repeatable: "always",
  buckets: [],
  encode: () => ({}),
  decode: (response) => decodeBody("account.user", userShape, response).data,
};

export const authCheck: Operation<NoInput, void> = {
  name: "account.authCheck",
  summary: "Succeeds when the personal access token is good. What it answers beyond that is not documented.",
  method: "GET",
  path: "/auth-check",
  credential: "personal_access_token",
  repeatable: "always",
  buckets: [],
  encode: () => ({}),
  decode: () => undefined,
};

/** The account in the lifecycle's words. */
export function identityOf(account: LinkedAccount): Identity {
  const id = account.phone ?? account.jid;
  const aliases = [account.jid, account.lid].filter((name): name is string => name !== undefined && name !== id);
  return {
    id,
    ...(aliases.length === 0 ? {} : { aliases }),
    ...(account.name === undefined ? {} : { displayName: account.name }),
  };
}

export type AccountOperations = {
  readonly status: typeof status;
  readonly user: typeof user;
  readonly authCheck: typeof authCheck;
};

export const account: AccountOperations = { status, user, authCheck };
