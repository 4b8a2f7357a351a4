import { expect, it } from "vitest";
import { connectedSession, createStage } from "./stage.js";
it("pairs", async () => {
  const stage = createStage();
  const session = await connectedSession(stage, stage.colloquy());
  expect(session.state).toBe("connected");
  console.log(stage.backend.requests.map((r) => `${r.method} ${r.path}`), stage.clock.now() - 1_700_000_000_000);
  const sent = await stage.pass(session.send({ to: "+15550101", text: "Hello" }));
  console.log(sent);
});
