import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { rules } from "../wasender-wire/explain.js";
import { renderCall, renderReasons } from "../wasender-wire/render.js";
import { type Compared, compareClients } from "../wasender-wire/run.js";

interface Route {
  readonly method: string;
  readonly path: string;
}

const fixture = new URL("../../packages/providers/wasender/test/fixtures/routes.json", import.meta.url);
const { routes } = JSON.parse(readFileSync(fixture, "utf8")) as { readonly routes: readonly Route[] };

describe("the comparison with wasenderapi 0.4.0 on the wire", () => {
  let compared: readonly Compared[];
  beforeAll(async () => {
    compared = await compareClients();
  });

  it("exercises every documented route and no other", () => {
    const wanted = routes.map(({ method, path }) => `${method} ${path}`);
    expect([...new Set(compared.map(({ route }) => route))].toSorted()).toEqual(wanted.toSorted());
  });

  it("calls each route that it names", () => {
    for (const { route, what, ours } of compared) {
      const [method = "", path = ""] = route.split(" ");
      expect(ours.method).toBe(method);
      const shape = new RegExp(`^${path.replace(/\{\w+\}/g, "[^/]+")}$`);
      if (what !== "with what is no contact") expect(ours.path).toMatch(shape);
    }
  });

  it("has a reason for each difference, and no reason without a difference", () => {
    const found = compared.flatMap(({ route, what, differences }) =>
      differences.map((difference) => ({ route, what, ...difference })),
    );
    expect(found.filter(({ rule }) => rule === undefined)).toEqual([]);
    expect(new Set(found.map(({ rule }) => rule))).toEqual(new Set(rules.map(({ id }) => id)));
  });

  it("finds that the token is always of the same kind, and that what is sent is the same but for the reasons", () => {
    for (const { theirs, ours } of compared) if (theirs !== undefined) expect(theirs.token).toBe(ours.token);
    const text = compared.find(({ what }) => what === "text");
    expect(text?.ours.body).toEqual({ to: "+15550101", text: "hello" });
    expect(text?.differences.map(({ field }) => field)).toEqual(["header user-agent"]);
  });

  it("prints neither a token nor where it ran", () => {
    const printed = [...compared.map(renderCall), renderReasons(compared), JSON.stringify(compared)].join("\n");
    expect(printed).not.toMatch(/Bearer|[0-9a-f]{64}|pat-emulator/);
    expect(printed.replaceAll("http://127.0.0.1:9/hook", "")).not.toMatch(/127\.0\.0\.1|localhost|\/home\/|\/work\//);
  });
});
