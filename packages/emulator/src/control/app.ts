import { Hono } from "hono";
import type { AtlusEmulator } from "../atlus/atlus.js";
import type { EmulatorClock } from "../clock.js";
import type { ModelsEmulator } from "../models/models.js";
import type { OrgEmulator } from "../org/org.js";
import { contentPolicy } from "../page/layout.js";
import { homePage, pairingPage } from "../page/page.js";
import type { SsmEmulator } from "../ssm/ssm.js";
import type { WasenderEmulator } from "../wasender/wasender.js";
import { guard } from "./guard.js";
import { atlusControl, atlusState, modelsControl, modelsState, orgControl, orgState } from "./service-control.js";
import { ssmControl, ssmState } from "./ssm-control.js";
import { wasenderControl } from "./wasender-control.js";

/** Those that are always there besides Wasender. */
export interface OtherEmulators {
  readonly atlus: AtlusEmulator;
  readonly org: OrgEmulator;
  readonly models: ModelsEmulator;
}

/** Everything under the emulator's address that is not a provider: the pages and the control API behind them. */
export function createControlApp(
  url: string,
  clock: EmulatorClock,
  wasender: WasenderEmulator,
  others: OtherEmulators,
  ssm?: SsmEmulator,
): Hono {
  const { atlus, org, models } = others;
  const app = new Hono();
  app.use(guard);
  app.use(async (context, next) => {
    await next();
    context.header("Content-Security-Policy", contentPolicy);
    context.header("Cache-Control", "no-store");
  });
  app.get("/", (context) => context.html(homePage(wasender, clock.now(), ssm, others)));
  app.get("/wasender/pair/:id", (context) => {
    const session = wasender.sessions.find(({ id }) => id === Number(context.req.param("id")));
    if (session === undefined) return context.notFound();
    return context.html(pairingPage(wasender, session, clock.now()));
  });
  app.route(
    "/control",
    wasenderControl(url, wasender, () => ({
      atlus: atlusState(atlus),
      org: orgState(org),
      models: modelsState(models),
      ...(ssm === undefined ? {} : { ssm: ssmState(ssm) }),
    })),
  );
  app.route("/control/atlus", atlusControl(atlus));
  app.route("/control/org", orgControl(org));
  app.route("/control/models", modelsControl(models));
  if (ssm !== undefined) app.route("/control/ssm", ssmControl(ssm));
  app.notFound((context) => context.json({ error: "Not found." }, 404));
  return app;
}
