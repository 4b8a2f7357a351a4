import type { Operation, WireResponse } from "@colloquy/core/contract";
import { z } from "zod";
import { decodeBody, optionalText } from "../decode.js";
import { type NoInput, requestIdHeaders } from "../input.js";
import type { JsonRecord } from "../json.js";

export interface ServiceHealth {
  /** In lower case: `healthy`. */
  readonly status: string;
  readonly service?: string;
}

const healthBody = z.looseObject({ status: z.string().min(1), service: optionalText });
const anyObject = z.looseObject({});

const common = {
  method: "GET",
  credential: "personal_access_token",
  repeatable: "always",
  buckets: [],
  encode: (_input: NoInput, context: Parameters<typeof requestIdHeaders>[0]) => ({
    headers: requestIdHeaders(context),
  }),
} as const;

const health: Operation<NoInput, ServiceHealth> = {
  ...common,
  name: "service.health",
  summary: "Whether the service is up. It says nothing of its language model.",
  path: "/api/v1/health",
  decode: (response) => {
    const { status, service } = decodeBody("service.health", healthBody, response);
    return { status: status.toLowerCase(), ...(service === undefined ? {} : { service }) };
  },
};

const object = (operation: string) => (response: WireResponse) =>
  decodeBody<JsonRecord>(operation, anyObject, response);

const info: Operation<NoInput, JsonRecord> = {
  ...common,
  name: "service.info",
  summary: "What the service says of itself at its root.",
  path: "/",
  decode: object("service.info"),
};

const docs: Operation<NoInput, JsonRecord> = {
  ...common,
  name: "service.docs",
  summary: "Its list of endpoints, as data.",
  path: "/api/v1/docs",
  decode: object("service.docs"),
};

export type ServiceOperations = {
  readonly health: typeof health;
  readonly info: typeof info;
  readonly docs: typeof docs;
};

export const service: ServiceOperations = { health, info, docs };
