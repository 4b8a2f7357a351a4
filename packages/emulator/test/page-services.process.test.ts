import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../src/index.js";
import { plainHttp } from "./support/service-stage.js";

const chromiumPath = process.env["CHROMIUM_BIN"] ?? "/usr/bin/chromium";
const hasChromium = existsSync(chromiumPath);
if (!hasChromium) {
  const reason = `There is no Chromium at ${chromiumPath}`;
  if (process.env["REQUIRE_BROWSER"]) throw new Error(`${reason}, and REQUIRE_BROWSER is set.`);
  process.stdout.write(`${reason}: the tests of the services' cards are skipped. Set CHROMIUM_BIN to run them.\n`);
}

const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];

describe.skipIf(!hasChromium)("the page's cards of ATLUS and the organisation", () => {
  let browser: Browser;
  let emulator: Emulator;
  let page: Page;
  const faults: string[] = [];

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: chromiumPath, args });
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    emulator = await startEmulator();
    page = await browser.newPage();
    faults.length = 0;
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") faults.push(message.text());
    });
    await page.goto(emulator.url);
  });
  afterEach(async () => {
    await page.close();
    await emulator.close();
    if (faults.length > 0) throw new Error(`The page had faults: ${faults.join("; ")}`);
  });

  it("let a person play the model", async () => {
    const card = page.locator("#atlus");
    await card.getByText("No conversation yet").waitFor();
    await card.getByLabel("ATLUS weather").selectOption("person-answers");
    await card.getByText("A person plays the model").waitFor();
    const chat = plainHttp(() => emulator.atlus.baseUrl);
    const { session_id } = (await chat("POST", "/api/v1/sessions", { user_id: "ada" })).body.data;
    const reply = chat("POST", "/api/v1/chat", { message: "<b>Who are you?</b>", session_id });
    await card.getByLabel("Answer as the model").fill("A person.");
    await card.getByRole("button", { name: "Answer" }).click();
    expect((await reply).body.data.response).toBe("A person.");
    await card.getByText("1 turns remembered").waitFor();
    await card.getByText("<b>Who are you?</b>").waitFor();
    await card.getByRole("button", { name: "Restart" }).click();
    await card.getByText("memory lost in a restart").waitFor();
  });

  it("let a person answer what an agent asked", async () => {
    const card = page.locator("#org");
    await card.getByText("No question waits").waitFor();
    const org = plainHttp(() => emulator.org.sessionsUrl);
    await org("POST", "/sessions", {
      session_id: "s1",
      subject_id: "hitl.s1",
      message_data_template: { policy_input_schema: { decision: { type: "string", enum: ["approved", "refused"] } } },
    });
    for (const message of ["Pay 7 euros?", "And 8?"])
      await org("POST", "/sessions/s1/send_message", { channel_id: "human", message });
    const question = card.locator("#question_2");
    await question.getByText("And 8?").waitFor();
    const answer = question.getByLabel("Answer, as JSON");
    expect(JSON.parse(await answer.inputValue())).toEqual({ decision: "approved" });
    await answer.fill('{ "decision": "refused" }');
    await question.getByRole("button", { name: "Answer" }).click();
    await question.waitFor({ state: "detached" });
    await card.getByText("validated", { exact: true }).waitFor();
    await card.getByText("hitl.s1__human_intervention_results").waitFor();
    expect(emulator.org.questions.map(({ answers }) => answers.length)).toEqual([0, 1]);
    expect(emulator.org.sessions).toMatchObject([{ status: "validated", message_data: { decision: "refused" } }]);
  });

  it("let a person play the model behind an endpoint", async () => {
    const card = page.locator("#models");
    await card.getByText("No prompt yet").waitFor();
    await card.getByLabel("Model weather").selectOption("person-answers");
    await card.getByText("A person plays the model").waitFor();
    const messages = [{ role: "user", content: "<b>Who are you?</b>" }];
    const ollama = plainHttp(() => emulator.models.ollama.baseUrl);
    const reply = ollama("POST", "/api/chat", { model: "llama3.2", messages, stream: false });
    await card.getByLabel("Answer as the model").fill("A person.");
    await card.getByRole("button", { name: "Answer" }).click();
    expect((await reply).body.message.content).toBe("A person.");
    await card.getByText("ollama, llama3.2, 1 messages, complete").waitFor();
  });
});
