import type { Operation } from "@colloquy/core/contract";
import { z } from "zod";
import { decodeBody } from "../../decode.js";
import { type NoInput, refuseProblems, type SessionTarget, sessionParams } from "../../input.js";
import {
  secretsOf,
  sessionDetail,
  sessionRow,
  settingsOf,
  type WasenderSession,
  type WasenderSessionDetail,
} from "./session.js";
import {
  problemsOfChanges,
  problemsOfSession,
  settingsBody,
  type WasenderSessionChanges,
  type WasenderSessionInput,
} from "./session-input.js";

const rows = z.looseObject({ data: z.array(sessionRow) });
const detail = z.looseObject({ data: sessionDetail });
const changed = z.looseObject({ data: sessionDetail, warning: z.string().optional().catch(undefined) });

export interface UpdatedWasenderSession extends WasenderSessionDetail {
  /** Saved, but something did not follow: for example the live session did not take the webhook settings. */
  readonly warning?: string;
}

const learnFrom = (
  session: WasenderSessionDetail,
): { secrets: Readonly<Record<string, string>>; settings: ReturnType<typeof settingsOf>; name?: string } => ({
  secrets: secretsOf(session),
  settings: settingsOf(session),
  ...(session.name === undefined ? {} : { name: session.name }),
});

export const list: Operation<NoInput, readonly WasenderSession[]> = {
  name: "sessions.list",
  summary: "Lists the account's sessions, without their keys.",
  method: "GET",
  path: "/whatsapp-sessions",
  credential: "personal_access_token",
  repeatable: "always",
  buckets: [],
  encode: () => ({}),
  decode: (response) => decodeBody("sessions.list", rows, response).data,
};

export const create: Operation<WasenderSessionInput, WasenderSessionDetail> = {
  name: "sessions.create",
  summary: "Makes a session. Its answer holds the session's keys.",
  method: "POST",
  path: "/whatsapp-sessions",
  credential: "personal_access_token",
  repeatable: "never",
  buckets: [],
  encode: (input) => {
    refuseProblems("sessions.create", problemsOfSession(input));
    // There is nothing to take away from a new session, so null is the same as not given.
    const given = settingsBody({
      ...input,
      webhookUrl: input.webhookUrl ?? undefined,
      webhookEvents: input.webhookEvents ?? undefined,
    });
    const defaults = settingsBody({
      accountProtection: true,
      logMessages: false,
      ...(given["webhook_url"] === undefined ? {} : { webhookEnabled: true }),
    });
    return { body: { kind: "json", value: { ...defaults, ...given } } };
  },
  decode: (response) => decodeBody("sessions.create", detail, response).data,
};

export const get: Operation<SessionTarget, WasenderSessionDetail> = {
  name: "sessions.get",
  summary: "Reads one session with its keys.",
  method: "GET",
  path: "/whatsapp-sessions/{id}",
  credential: "personal_access_token",
  repeatable: "always",
  buckets: [],
  encode: (input, context) => ({ params: sessionParams("sessions.get", input, context) }),
  decode: (response) => decodeBody("sessions.get", detail, response).data,
  learn: learnFrom,
};

export const update: Operation<SessionTarget & WasenderSessionChanges, UpdatedWasenderSession> = {
  name: "sessions.update",
  summary: "Changes settings; what is left out stays as it is.",
  method: "PUT",
  path: "/whatsapp-sessions/{id}",
  credential: "personal_access_token",
  repeatable: "always",
  buckets: [],
  encode: (input, context) => {
    refuseProblems("sessions.update", problemsOfChanges(input));
    return {
      params: sessionParams("sessions.update", input, context),
      body: { kind: "json", value: settingsBody(input) },
    };
  },
  decode: (response) => {
    const { data, warning } = decodeBody("sessions.update", changed, response);
    return { ...data, ...(warning === undefined ? {} : { warning }) };
  },
  learn: learnFrom,
};

export const remove: Operation<SessionTarget, void> = {
  name: "sessions.remove",
  summary: "Deletes a session for good. The provider answers 204, or with a body in older versions.",
  method: "DELETE",
  path: "/whatsapp-sessions/{id}",
  credential: "personal_access_token",
  repeatable: "always",
  buckets: [],
  encode: (input, context) => ({ params: sessionParams("sessions.remove", input, context) }),
  decode: () => undefined,
};
