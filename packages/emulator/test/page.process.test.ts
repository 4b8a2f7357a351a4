import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../src/index.js";
import { type ApiClient, apiClient } from "./support/api-client.js";

const chromiumPath = process.env["CHROMIUM_BIN"] ?? "/usr/bin/chromium";
const hasChromium = existsSync(chromiumPath);
if (!hasChromium) {
  const reason = `There is no Chromium at ${chromiumPath}`;
  if (process.env["REQUIRE_BROWSER"]) throw new Error(`${reason}, and REQUIRE_BROWSER is set.`);
  process.stdout.write(`${reason}: the tests of the emulator's page are skipped. Set CHROMIUM_BIN to run them.\n`);
}

const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

describe.skipIf(!hasChromium)("the emulator's page", () => {
  let browser: Browser;
  let emulator: Emulator;
  let api: ApiClient;
  let page: Page;
  const faults: string[] = [];

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: chromiumPath, args });
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    emulator = await startEmulator();
    api = apiClient(emulator);
    page = await browser.newPage();
    faults.length = 0;
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") faults.push(message.text());
    });
    page.on("request", (request) => {
      if (!request.url().startsWith(emulator.url)) faults.push(`left loopback: ${request.url()}`);
    });
  });
  afterEach(async () => {
    await page.close();
    await emulator.close();
    if (faults.length > 0) throw new Error(`The page had faults: ${faults.join("; ")}`);
  });

  async function createSession(): Promise<{ id: number; api_key: string }> {
    const settings = { name: "Shop", phone_number: "+15550100", account_protection: true, log_messages: true };
    return (await api("POST", "/whatsapp-sessions", settings)).body.data;
  }

  it("lets a person pair a session, chat, drop the network and unlink, without a reload", async () => {
    await page.goto(emulator.url);
    await page.getByText("No sessions yet").waitFor();
    const { id, api_key } = await createSession();
    const card = page.locator(`#session-${id}`);
    await card.getByText("No code yet").waitFor();
    await api("POST", `/whatsapp-sessions/${id}/connect`);
    await card.getByRole("img", { name: "QR code" }).locator("svg").waitFor();
    await card.getByRole("button", { name: "Scan" }).click();
    await card.getByText("connected", { exact: true }).waitFor();
    expect(emulator.wasender.sessions[0]).toMatchObject({ status: "connected", linkedAs: "15550100" });

    await api("POST", "/send-message", { to: "+15550101", text: "Your order is on its way" }, api_key);
    await card.getByText("Your order is on its way").waitFor();
    await card.getByLabel("Text").fill("<i>Thanks</i>");
    await card.getByRole("button", { name: "Send" }).click();
    await card.getByText("<i>Thanks</i>").waitFor();
    expect(emulator.wasender.inbound).toMatchObject([{ from: "+15550101", text: "<i>Thanks</i>" }]);

    await card.getByRole("button", { name: "Drop network" }).click();
    await card.getByText("without network").waitFor();
    await card.getByRole("button", { name: "Restore network" }).click();
    await card.getByText("connected", { exact: true }).waitFor();
    await card.getByRole("button", { name: "Unlink" }).click();
    await card.getByText("logged_out", { exact: true }).waitFor();
  });

  it("lets a wrong phone scan on the pairing page, and keeps what is typed while the code is refreshed", async () => {
    const { id } = await createSession();
    emulator.wasender.set({ qrLifetimeMs: 2_000, qrRefreshLimit: null });
    await api("POST", `/whatsapp-sessions/${id}/connect`);
    await page.goto(`${emulator.url}/wasender/pair/${id}`);
    await page.getByLabel("Phone number that scans").fill("+15550199");
    const code = page.getByRole("img", { name: "QR code" });
    const first = await code.innerHTML();
    await expect.poll(() => code.innerHTML(), { timeout: 20_000 }).not.toBe(first);
    emulator.wasender.set({ qrLifetimeMs: 45_000 });
    expect(await page.getByLabel("Phone number that scans").inputValue()).toBe("+15550199");
    await page.getByRole("button", { name: "Scan" }).click();
    await page.getByText("Linked to +15550199").waitFor();
  });

  it("changes the weather and says when it cannot", async () => {
    await page.goto(emulator.url);
    await page.getByLabel("Scenario").selectOption("deaf");
    await page.getByText("no webhook is delivered").waitFor();
    expect(emulator.wasender.dials.deafConnection).toBe(true);
    await page.getByText("Dials", { exact: true }).click();
    await page.getByLabel("Dials to turn, as JSON").fill('{ "createStatus": 200 }');
    await page.getByRole("button", { name: "Turn these dials" }).click();
    await page.getByText('"createStatus": 200').last().waitFor();
    expect(emulator.wasender.dials.createStatus).toBe(200);
    await page.getByLabel("Dials to turn, as JSON").fill("{ nonsense");
    await page.getByRole("button", { name: "Turn these dials" }).click();
    await page.getByRole("alert").filter({ hasText: "JSON" }).waitFor();
  });
});
