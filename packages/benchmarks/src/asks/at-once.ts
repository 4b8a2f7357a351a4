// Questions that are out at once on one session and are answered in another order. Arguments: questions, seed.

import { createColloquy, seededRandom } from "@colloquy/core";
import { referenceProvider, startReferenceService } from "@colloquy/core/testing";
import { printFigures } from "../measures/measure.js";

const [given = "0", seed = "1"] = process.argv.slice(2);
const count = Number(given);
const roomy = { limit: 1_000_000, windowMs: 1_000 };
const service = await startReferenceService({ requests: roomy, sends: roomy });
const { url, personalAccessToken, backend } = service;
const colloquy = createColloquy({ providers: [referenceProvider({ baseUrl: url, personalAccessToken, limits: [] })] });
const session = await colloquy.sessions.create("reference", {});
for await (const _code of session.pair()) backend.phone.scan(session.remoteId ?? "");
await session.waitFor("connected");

const asks = await Promise.all(
  Array.from({ length: count }, (_unused, place) => session.ask({ id: `ask_${place}`, text: `Number ${place}?` })),
);
const heard = asks.map(({ answer }) => answer);
while (backend.asks.all.length < count) await new Promise((resolve) => setTimeout(resolve, 5));

const random = seededRandom(Number(seed));
const shuffled = backend.asks.all.map((ask) => [random(), ask] as const).toSorted(([one], [other]) => one - other);
const startedAtMs = performance.now();
const delivering = shuffled.map(async ([, { id, askId }]) => {
  backend.asks.answer(id, `the answer to ${askId}`);
  await session.receive(backend.delivery(session.remoteId ?? "", "ask", { id }));
});
await Promise.all(delivering);
const answers = await Promise.all(heard);
const answeredMs = performance.now() - startedAtMs;
printFigures({
  answeredMs,
  mistold: answers.filter((answer, place) => answer !== `the answer to ask_${place}`).length,
  duplicates: backend.asks.all.length - count,
  lost: count - answers.length,
});
await colloquy.shutdown({ graceMs: 0 });
await service.close();
process.exit();
