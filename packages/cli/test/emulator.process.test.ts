import { expect, it } from "vitest";
import { start } from "./support/child.js";

it("the emulator tells its address as JSON, serves until SIGTERM, and ends with 0", async () => {
  const child = start(["emulator", "--json", "--scenario", "self-scan", "--ssm", "--ssm-scenario", "storm"], {});
  const ready = JSON.parse(await child.line((line) => line.startsWith("{"))) as {
    ok: boolean;
    url: string;
    wasender: { baseUrl: string; personalAccessToken: string; scenario: string };
    environment: Record<string, string>;
  };
  expect(ready).toMatchObject({ ok: true, wasender: { scenario: "self-scan" } });
  const { baseUrl, personalAccessToken } = ready.wasender;
  const response = await fetch(`${baseUrl}/auth-check`, {
    headers: { authorization: `Bearer ${personalAccessToken}` },
  });
  expect(response.status).toBe(200);
  const { environment } = ready;
  expect(environment).toMatchObject({ WASENDER_BASE_URL: baseUrl, ATLUS_BASE_URL: `${ready.url}/atlus` });
  const models = await fetch(`${environment["OPENAI_BASE_URL"]}/models`, {
    headers: { authorization: `Bearer ${environment["OPENAI_API_KEY"]}` },
  });
  expect(models.status).toBe(200);
  expect(ready.environment["AWS_ENDPOINT_URL"]).toBe(`${ready.url}/ssm`);
  const command = ["ssm", "run", "-q", "--target", "i-0123456789abcdef0", "--", "echo through the storm"];
  const remote = start(command, ready.environment);
  expect((await remote.exited).exitCode).toBe(0);
  expect(remote.output.stdout).toBe("through the storm\n");
  child.process.kill("SIGTERM");
  expect((await child.exited).exitCode).toBe(0);
  expect(child.output.stdout.trim().split("\n")).toHaveLength(1);
});
