import { Hono } from "hono";
import type { EmulatorClock } from "../clock.js";
import { contentPolicy } from "../page/layout.js";
import { homePage, pairingPage } from "../page/page.js";
import type { WasenderEmulator } from "../wasender/wasender.js";
import { guard } from "./guard.js";
import { wasenderControl } from "./wasender-control.js";

/** Everything under the emulator's address that is not a provider: the pages and the control API behind them. */
export function createControlApp(url: string, clock: EmulatorClock, wasender: WasenderEmulator): Hono {
  const app = new Hono();
  app.use(guard);
  app.use(async (context, next) => {
    await next();
    context.header("Content-Security-Policy", contentPolicy);
    context.header("Cache-Control", "no-store");
  });
  app.get("/", (context) => context.html(homePage(wasender, clock.now())));
  app.get("/wasender/pair/:id", (context) => {
    const session = wasender.sessions.find(({ id }) => id === Number(context.req.param("id")));
    if (session === undefined) return context.notFound();
    return context.html(pairingPage(wasender, session, clock.now()));
  });
  app.route("/control", wasenderControl(url, wasender));
  app.notFound((context) => context.json({ error: "Not found." }, 404));
  return app;
}
