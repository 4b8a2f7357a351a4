import { ssmError } from "../errors.js";
import type { SessionPlugin } from "./plugin.js";

/** Which plugin serves which session type. Users add their own. */
export class SessionPluginRegistry {
  readonly #plugins: Map<string, SessionPlugin> = new Map();

  constructor(plugins: Iterable<SessionPlugin> = []) {
    for (const plugin of plugins) this.register(plugin);
  }

  /** Serves all of the plugin's types from now on, also those that another plugin had. */
  register(plugin: SessionPlugin): void {
    if (plugin.sessionTypes.length === 0)
      throw ssmError({ code: "CONFIG_INVALID", message: "A session plugin names at least one session type." });
    for (const type of plugin.sessionTypes) this.#plugins.set(type, plugin);
  }

  get(sessionType: string): SessionPlugin | undefined {
    return this.#plugins.get(sessionType);
  }

  supportedSessionTypes(): readonly string[] {
    return [...this.#plugins.keys()];
  }
}
