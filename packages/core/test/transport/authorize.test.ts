import { expect, it } from "vitest";
import type { AnyProvider, ReadyRequest } from "../../src/index.js";
import { createTransport } from "../../src/transport/index.js";
import { fakeProvider, fakeToken, upsert } from "./fake-provider.js";
import { json, loopback } from "./loopback.js";

it("a provider's own way of carrying a credential signs each attempt anew, over what is really sent", async () => {
  const server = await loopback((_request, response, place) =>
    place === 1 ? json(response, 503, {}) : json(response, 200, { id: "m1" }),
  );
  const transport = createTransport({ limits: { backoffBaseMs: 1 } });
  const asked: (ReadyRequest & { readonly credential: string })[] = [];
  const provider: AnyProvider = {
    ...fakeProvider({ baseUrl: server.baseUrl }),
    authorize: (request, credential, { name }) => {
      asked.push({ ...request, credential });
      return { "x-signature": `${name} ${asked.length}` };
    },
  };
  await transport.execute({ provider, operation: upsert, input: { to: "+15550100123", text: "Hello" } });
  expect(server.seen.map(({ headers }) => [headers["x-signature"], headers.authorization])).toEqual([
    ["messages.upsert 1", undefined],
    ["messages.upsert 2", undefined],
  ]);
  expect(asked[0]).toMatchObject({
    method: "POST",
    url: `${server.baseUrl}/send`,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ to: "+15550100123", text: "Hello" }),
    credential: fakeToken,
  });
  expect(asked[1]?.body).toBe(asked[0]?.body);
  await transport.close();
  await server.close();
});
