import { describe, expect, it } from "vitest";
import { agentAbilities, defaultClientVersion } from "../../src/handshake/versions.js";
import { vectors } from "../support/vectors.js";

describe("what an agent of a version can do", () => {
  it.each(vectors.agentVersionGates)("$agentVersion is judged as the genuine client judges it", (gate) => {
    expect(agentAbilities(gate.agentVersion)).toEqual({
      isMultiplexed: gate.mux,
      needsNoKeepAlive: gate.smuxKeepAliveDisabled,
      takesTerminateFlag: gate.terminateFlag,
    });
  });

  it("our own version is above the one from which agents keep idle tunnels open", () => {
    expect(defaultClientVersion.split(".").map(Number)[2]).toBeGreaterThan(331);
  });
});
