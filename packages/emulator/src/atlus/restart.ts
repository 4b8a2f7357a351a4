import { ConnectionLost } from "../http/reply.js";
import type { AtlusState } from "./state.js";

/** The process ends and starts again: what is under way is cut off, memory is gone, and the session file is read later. */
export function restart(state: AtlusState): void {
  state.restarts += 1;
  state.isLoaded = false;
  state.registry.clear();
  state.memories.clear();
  state.profiles.clear();
  state.windows.clear();
  if (state.weather.dials.sessionFile === "invalid") state.file.clear();
  for (const pending of state.pending) pending.lose(new ConnectionLost());
  state.pending.clear();
}
