import { request } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openQrPage, type QrPage } from "../src/pairing/qr-page.js";

let page: QrPage;
beforeEach(async () => {
  page = await openQrPage();
});
afterEach(() => page.close());

const statusWithHost = (url: string, host: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    request(url, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end();
  });

describe("the page with the code", () => {
  it("waits for the first code, then shows it and refreshes itself", async () => {
    expect(await (await fetch(page.url)).text()).toContain("on its way");
    page.show("2@made-up");
    const response = await fetch(page.url);
    const text = await response.text();
    expect(text).toContain("<svg");
    expect(text).toContain('http-equiv="refresh"');
    expect(response.headers.get("cache-control")).toBe("no-store");
  });

  it("is found by its whole address only, and by no other host name", async () => {
    page.show("2@made-up");
    const { origin } = new URL(page.url);
    expect((await fetch(origin)).status).toBe(404);
    expect(await statusWithHost(page.url, "rebound.example:80")).toBe(404);
  });

  it("listens on loopback", () => {
    expect(new URL(page.url).hostname).toBe("127.0.0.1");
  });
});
