import type { Emulator } from "../../src/index.js";

// oxlint-disable-next-line typescript/no-explicit-any -- tests reach into bodies of every shape
export type Json = any;

export interface Reply {
  status: number;
  headers: Headers;
  body: Json;
  text: string;
}

export interface ApiClient {
  (
    method: string,
    path: string,
    body?: unknown,
    token?: string | null,
    headers?: Record<string, string>,
  ): Promise<Reply>;
}

/** Plain HTTP against the emulator's base URL; the token is the PAT unless another (or null, for none) is given. */
export function apiClient(emulator: Emulator): ApiClient {
  return async (method, path, body, token = emulator.wasender.personalAccessToken, headers = {}) => {
    const raw = typeof body === "string" || body instanceof Uint8Array;
    const response = await fetch(`${emulator.wasender.baseUrl}${path}`, {
      method,
      redirect: "manual",
      headers: {
        accept: "application/json",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: raw ? (body as string) : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: parsed(text), text };
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
