import type { Operation } from "@colloquy/core/contract";
import { z } from "zod";
import { decodeBody, optionalText } from "../../decode.js";
import { addressKind, toJid } from "../../phone.js";
import { groupParams, type MembersInput, somePeople } from "./target.js";

/** What became of one person. Some can fail while others succeed, all in one answer. */
export interface MemberOutcome {
  readonly jid: string;
  readonly succeeded: boolean;
  /** The provider's number, in the manner of HTTP. */
  readonly status: number;
  /** For example `added`, `removed`, `not-authorized`. */
  readonly message?: string;
}

const number = z.union([z.int(), z.string().regex(/^\d+$/).transform(Number)]);
const outcomesShape = z.looseObject({
  data: z.array(
    z.looseObject({ jid: z.string().min(1), status: number, message: optionalText }).transform(
      ({ jid, status, message }): MemberOutcome => ({
        jid,
        succeeded: status >= 200 && status < 300,
        status,
        ...(message === undefined ? {} : { message }),
      }),
    ),
  ),
});
const changedShape = z.looseObject({ data: z.looseObject({ participants: z.array(z.string()) }) });

// A person who cannot be added may be sent an invitation instead, so adding is not repeated.
export const add: Operation<MembersInput, readonly MemberOutcome[]> = {
  name: "groups.add",
  summary: "Adds people. Look at each outcome: the call succeeds even when nobody could be added.",
  method: "POST",
  path: "/groups/{group}/participants/add",
  credential: "session_key",
  repeatable: "never",
  buckets: [],
  encode: (input) => ({
    params: groupParams("groups.add", input),
    body: { kind: "json", value: { participants: somePeople("groups.add", input.participants) } },
  }),
  decode: (response) => decodeBody("groups.add", outcomesShape, response).data,
};

export const remove: Operation<MembersInput, readonly MemberOutcome[]> = {
  name: "groups.remove",
  summary: "Removes people. Look at each outcome.",
  method: "POST",
  path: "/groups/{group}/participants/remove",
  credential: "session_key",
  repeatable: "always",
  buckets: [],
  encode: (input) => ({
    params: groupParams("groups.remove", input),
    body: { kind: "json", value: { participants: somePeople("groups.remove", input.participants) } },
  }),
  decode: (response) => decodeBody("groups.remove", outcomesShape, response).data,
};

/** What became of one person whose role was to change. */
export interface RoleOutcome {
  readonly jid: string;
  /** Undefined where the answer names people by LIDs that cannot be told apart. */
  readonly succeeded: boolean | undefined;
}

/** Tells the answer of `groups.setRole`, which names only those who changed, one by one for those who were asked for. */
export function roleOutcomes(asked: readonly string[], changed: readonly string[]): readonly RoleOutcome[] {
  const jids = asked.map(toJid);
  const isAmbiguous = changed.some((jid) => addressKind(jid) === "lid" && !jids.includes(jid));
  return jids.map((jid) => {
    const isNamed = changed.includes(jid);
    return { jid, succeeded: !isNamed && isAmbiguous ? undefined : isNamed };
  });
}

export const setRole: Operation<
  MembersInput & { readonly action: "promote" | "demote" },
  { readonly participants: readonly string[] }
> = {
  name: "groups.setRole",
  summary:
    "Makes people admins, or members again. Answers with those who changed: `roleOutcomes` tells them one by one.",
  method: "PUT",
  path: "/groups/{group}/participants/update",
  credential: "session_key",
  repeatable: "always",
  buckets: [],
  encode: (input) => ({
    params: groupParams("groups.setRole", input),
    body: {
      kind: "json",
      value: { action: input.action, participants: somePeople("groups.setRole", input.participants) },
    },
  }),
  decode: (response) => ({ participants: decodeBody("groups.setRole", changedShape, response).data.participants }),
};
