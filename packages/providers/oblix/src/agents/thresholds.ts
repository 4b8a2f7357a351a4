import { ColloquyError, type JsonValue } from "@colloquy/core/contract";
import { isRecord } from "../json.js";

/** Fills in what was left out. Throws `CONFIG_INVALID` for a name that is not known or a value that is no number from 0 on. */
export function withDefaults<Thresholds extends object>(
  agent: string,
  defaults: Thresholds,
  given: Partial<Thresholds> = {},
): Thresholds {
  for (const [name, value] of Object.entries(given))
    if (!Object.hasOwn(defaults, name) || !(typeof value === "number" && value >= 0))
      throw new ColloquyError({
        code: "CONFIG_INVALID",
        message: `${agent}: thresholds.${name} is ${Object.hasOwn(defaults, name) ? "no number from 0 on" : "not known"}; known: ${Object.keys(defaults).join(", ")}.`,
        fieldErrors: { [`thresholds.${name}`]: ["Is not known, or no number from 0 on."] },
      });
  return { ...defaults, ...given };
}

/** A figure of a reading; undefined where it is absent or no number. */
export function figure(reading: JsonValue | undefined, name: string): number | undefined {
  const value = isRecord(reading) ? reading[name] : undefined;
  return typeof value === "number" && !Number.isNaN(value) ? value : undefined;
}
