import fc from "fast-check";
import { expect, it } from "vitest";
import { isColloquyError } from "../../../src/contract/index.js";
import type { Session } from "../../../src/sessions/session.js";
import { settle } from "../../../src/testing/index.js";
import { type LineStage, lineError, lineStage } from "./line-stage.js";

type Step = (at: LineStage & { readonly session: Session }) => void | Promise<void>;

const quietly = async (command: Promise<unknown>): Promise<void> => {
  await command.catch((error: unknown) => {
    if (!isColloquyError(error) || error.code !== "COMMAND_REFUSED") throw error;
  });
};
const last = ({ lines }: LineStage) => lines.made.at(-1);

const steps: Readonly<Record<string, Step>> = {
  online: (at) => last(at)?.say("online"),
  drop: (at) => last(at)?.say("offline"),
  dropOld: ({ lines }) => lines.made[0]?.say("offline"),
  mend: (at) => void Object.assign(last(at) ?? {}, { isMending: true }),
  break: (at) => void Object.assign(last(at) ?? {}, { isMending: false }),
  refuse: ({ lines }) => lines.refuse(lineError("NETWORK_UNREACHABLE")),
  hold: ({ lines }) => lines.hold(),
  holdClosing: ({ lines }) => lines.holdClosing(),
  release: ({ lines }) => lines.release(),
  suspend: ({ session }) => quietly(session.suspend()),
  resume: ({ session }) => quietly(session.resume()),
  second: ({ stage }) => stage.clock.advance(1_000),
  minute: ({ stage }) => stage.clock.advance(60_000),
};

it("there is one line at most and none at rest, in whatever order a session's line lives and dies", {
  timeout: 20_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...Object.keys(steps)), { maxLength: 14 }), async (names) => {
      const made = lineStage();
      const session = await made.connected();
      const { stage, lines } = made;
      let isObedient = true;
      for (const name of names) {
        if (name === "holdClosing" || name === "hold") isObedient = false;
        await steps[name]?.({ ...made, session });
        await settle();
        if (isObedient && session.state === "suspended") expect(lines.openCount()).toBe(0);
        // A provider that neither gives up nor closes is waited for, but not for ever.
        if (isObedient) expect(lines.mostAtOnce).toBe(1);
      }
      lines.release();
      await settle();
      await quietly(session.resume());
      last(made)?.say("online");
      for (const line of lines.made) line.isMending = false;
      await stage.clock.advance(300_000);
      lines.open(session.remoteId as string).say("online");
      const surface = await stage.pass(session.connection());
      expect(surface).toMatchObject({ number: lines.made.length });
      expect(lines.openCount()).toBe(1);
    }),
    { numRuns: 40, seed: 20_261_121 },
  );
});
