import type { AnyOperation } from "@colloquy/core/contract";
import { type Emulator, startEmulator, wasenderRoutes } from "@colloquy/emulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { operations } from "../src/operations.js";
import { fixture } from "./support/wire.js";

interface Route {
  readonly method: string;
  readonly path: string;
  readonly credential: string;
}

const { routes: documented } = fixture("routes") as { readonly routes: readonly Route[] };

const ours: readonly Route[] = Object.values(operations).flatMap((verbs) =>
  Object.values<AnyOperation>(verbs).map(({ method, path, credential }) => ({ method, path, credential })),
);

const credentials = { pat: "personal_access_token", session: "session_key", none: "none" } as const;
const emulated: readonly Route[] = wasenderRoutes.map(({ method, path, token }) => ({
  method,
  path,
  credential: credentials[token],
}));

/** One line per route, whatever its parameters are called. Some operations share a route. */
const lines = (routes: readonly Route[]): readonly string[] =>
  [
    ...new Set(
      routes.map(
        ({ method, path, credential }) => `${method} ${path.replace(/\{\w+\}|:\w+/g, "*")} with ${credential}`,
      ),
    ),
  ].toSorted();

const missing = (wanted: readonly Route[], there: readonly Route[]): readonly string[] => {
  const known = new Set(lines(there));
  return lines(wanted).filter((line) => !known.has(line));
};

describe("the documented routes", () => {
  it("are 49, each told once", () => {
    expect(documented).toHaveLength(49);
    expect(lines(documented)).toHaveLength(49);
  });

  it("all have an operation", () => {
    expect(missing(documented, ours)).toEqual([]);
  });

  it("are all that operations call", () => {
    expect(missing(ours, documented)).toEqual([]);
  });

  it("are all in the emulator's table", () => {
    expect(missing(documented, emulated)).toEqual([]);
  });

  it("are all that the emulator's table holds", () => {
    expect(missing(emulated, documented)).toEqual([]);
  });

  it("would be missed: a route that one side lacks is named", () => {
    const [first, ...rest] = documented;
    expect(missing(documented, rest)).toEqual(lines(first === undefined ? [] : [first]));
    expect(missing(documented, [...rest, { ...first, credential: "session_key" } as Route])).toHaveLength(1);
  });
});

describe("the emulator over HTTP", () => {
  let emulator: Emulator;
  let sessionKey: string;

  beforeAll(async () => {
    emulator = await startEmulator();
    const { baseUrl, personalAccessToken } = emulator.wasender;
    const settings = { name: "Shop", phone_number: "+15550100", account_protection: false, log_messages: true };
    await fetch(`${baseUrl}/whatsapp-sessions`, {
      method: "POST",
      headers: { authorization: `Bearer ${personalAccessToken}`, "content-type": "application/json" },
      body: JSON.stringify(settings),
    });
    emulator.wasender.setStatus(1, "connected");
    sessionKey = emulator.wasender.sessions[0]?.apiKey ?? "";
  });
  afterAll(() => emulator.close());

  const ask = (method: string, path: string, token: string | undefined): Promise<Response> =>
    fetch(`${emulator.wasender.baseUrl}${path}`, {
      method,
      headers: { accept: "application/json", ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    });

  // What a route says to an empty request differs, but none says that it does not exist or that it does not know the token.
  const tokens = (): Readonly<Record<string, string | undefined>> => ({
    personal_access_token: emulator.wasender.personalAccessToken,
    session_key: sessionKey,
    none: undefined,
  });

  // The session's key is replaced and the session deleted last, as nothing else could be asked afterwards.
  const rank = ({ method, path }: Route): number => {
    if (path.endsWith("/regenerate-key")) return 1;
    return method === "DELETE" && path.startsWith("/whatsapp-sessions") ? 2 : 0;
  };
  const inOrder = documented.toSorted((one, other) => rank(one) - rank(other));

  it.each(inOrder.map((route) => [`${route.method} ${route.path}`, route] as const))(
    "answers %s",
    async (_name, { method, path, credential }) => {
      // Some routes take the session down; what is asked here is whether the next one answers when it is up.
      emulator.wasender.setStatus(1, "connected");
      const filled = path.replace("{id}", "1").replace(/\{\w+\}/, "15550101");
      const response = await ask(method, filled, tokens()[credential]);
      const said = (await response.text()) || "{}";
      expect(response.status, said).toBeLessThan(500);
      expect(response.status, said).not.toBe(401);
      expect(said).not.toContain("could not be found");
      if (credential !== "none") expect((await ask(method, filled, "wrong")).status).toBe(401);
    },
  );

  it("answers a path that no documentation has with 404, and says so", async () => {
    for (const path of ["/whatsapp-sessions/1/qr-code", "/contacts/15550101/profile-picture", "/sessions/1/status"]) {
      const response = await ask("GET", path, emulator.wasender.personalAccessToken);
      expect([path, response.status]).toEqual([path, 404]);
      expect(await response.text()).toContain("could not be found");
    }
  });
});
