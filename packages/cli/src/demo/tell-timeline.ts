import { timeOfDay } from "../watching/event-text.js";
import { type Stage, sessionOf } from "./stage.js";

/** What `colloquy explain` tells: every change of state with its cause, across both processes. */
export async function tellTimeline(stage: Stage): Promise<void> {
  const { narrator } = stage;
  narrator.section("What happened, by `explain`");
  const { state, means, timeline } = await sessionOf(stage).explain();
  for (const { atMs, event, from, to, reason, changedState } of timeline)
    if (changedState)
      narrator.say(`${timeOfDay(atMs)}  ${from} -> ${to}: ${event}${reason === undefined ? "" : ` (${reason})`}`);
  const changes = timeline.filter(({ changedState }) => changedState).length;
  narrator.say(`Now ${state}. ${means} (${changes} changes of ${timeline.length} entries.)`);
}
