import { readFileSync } from "node:fs";
import { ColloquyError, type ErrorCode, errorCatalogue } from "@colloquy/core";
import { describe, expect, it } from "vitest";
import { exitCodeByErrorCode, exitCodeOf, exitCodes } from "../src/exit-codes.js";

const codes = Object.keys(errorCatalogue) as ErrorCode[];

describe("exit codes", () => {
  it("cover every error code and no other", () => {
    expect(new Set(Object.keys(exitCodeByErrorCode))).toEqual(new Set(codes));
  });

  it.each([
    ["PAIRING_TIMEOUT", 2],
    ["WAIT_TIMEOUT", 2],
    ["PAIRING_CANCELLED", 3],
    ["IDENTITY_MISMATCH", 4],
    ["CREDENTIAL_REJECTED", 5],
    ["CREDENTIAL_MISSING", 5],
    ["NETWORK_UNREACHABLE", 6],
    ["PROVIDER_UNAVAILABLE", 6],
    ["INPUT_INVALID", 7],
    ["SESSION_NOT_FOUND", 7],
    ["OUTCOME_UNKNOWN", 1],
  ] as const)("end %s with %i", (code, exitCode) => {
    expect(exitCodeOf(new ColloquyError({ code, message: "" }))).toBe(exitCode);
  });

  it("take an abort for a cancel, and anything else for unexpected", () => {
    expect(exitCodeOf(new DOMException("Cancelled.", "AbortError"))).toBe(exitCodes.cancelled);
    expect(exitCodeOf(new TypeError("broken"))).toBe(exitCodes.failed);
    expect(exitCodeOf("thrown text")).toBe(exitCodes.failed);
  });

  it("take a code of a newer core for a failure", () => {
    const error = new ColloquyError({ code: "OUTCOME_UNKNOWN", message: "" });
    Object.assign(error, { code: "INVENTED_LATER" });
    expect(exitCodeOf(error)).toBe(exitCodes.failed);
  });

  it("stand in the README, each with all of its error codes", () => {
    const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
    const rowOf = (exitCode: number): string =>
      readme.split("\n").find((line) => line.startsWith(`| ${exitCode} |`)) ?? "";
    for (const code of codes) expect(rowOf(exitCodeByErrorCode[code]), code).toContain(`\`${code}\``);
  });
});
