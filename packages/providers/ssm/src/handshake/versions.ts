/** What this package calls itself. Agents keep quiet on idle tunnels for versions above 1.2.331.0 only. */
export const defaultClientVersion = "1.2.677.0";

const muxAfter = "3.0.196.0";
const keepAliveOffAfter = "3.1.1511.0";
const terminateFlagAfter = "2.3.722.0";

/** What an agent of this version can do. Each needs a version strictly above; one that is not readable can do nothing. */
export interface AgentAbilities {
  /** Many connections over one port session. */
  readonly isMultiplexed: boolean;
  /** Keeps an idle tunnel open without keep-alive frames. */
  readonly needsNoKeepAlive: boolean;
  /** Ends the session on a flag. */
  readonly takesTerminateFlag: boolean;
}

export function agentAbilities(version: string): AgentAbilities {
  return {
    isMultiplexed: isAbove(version, muxAfter),
    needsNoKeepAlive: isAbove(version, keepAliveOffAfter),
    takesTerminateFlag: isAbove(version, terminateFlagAfter),
  };
}

function isAbove(version: string, bound: string): boolean {
  const parts = version.split(".");
  const bounds = bound.split(".");
  if (parts.length !== bounds.length) return false;
  for (const [index, part] of parts.entries()) {
    const limit = Number(bounds[index]);
    if (!/^\d+$/.test(part)) return false;
    const value = Number(part);
    // The first part that differs decides, so a later one that is no number does not matter.
    if (value !== limit) return value > limit;
  }
  return false;
}
