import { expect, it } from "vitest";
import { start } from "./support/child.js";

it("the emulator tells its address as JSON, serves until SIGTERM, and ends with 0", async () => {
  const child = start(["emulator", "--json", "--scenario", "self-scan"], {});
  const ready = JSON.parse(await child.line((line) => line.startsWith("{"))) as {
    ok: boolean;
    url: string;
    wasender: { baseUrl: string; personalAccessToken: string; scenario: string };
  };
  expect(ready).toMatchObject({ ok: true, wasender: { scenario: "self-scan" } });
  const { baseUrl, personalAccessToken } = ready.wasender;
  const response = await fetch(`${baseUrl}/auth-check`, {
    headers: { authorization: `Bearer ${personalAccessToken}` },
  });
  expect(response.status).toBe(200);
  child.process.kill("SIGTERM");
  expect((await child.exited).exitCode).toBe(0);
  expect(child.output.stdout.trim().split("\n")).toHaveLength(1);
});
