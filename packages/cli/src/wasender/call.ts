import type { BoundOperations } from "@colloquy/core";
import type { WasenderOperations } from "@colloquy/wasender";
import type { Context } from "../context.js";
import type { Answer } from "./answer.js";

/** The provider's API in the session's name. */
export type Api = BoundOperations<WasenderOperations>;

export type Flags = Readonly<Record<string, unknown>>;

/** What a command was given, read by the table of verbs. */
export interface Given {
  readonly context: Context;
  readonly api: Api;
  readonly args: readonly (string | readonly string[] | undefined)[];
  readonly flags: Flags;
}

export type VerbCall = (given: Given) => Promise<Answer>;

/** An argument that the table demands, so commander has made sure of it. */
export const text = ({ args }: Given, index: number): string => String(args[index]);

export const texts = ({ args }: Given, index: number): readonly string[] => {
  const given = args[index];
  return typeof given === "object" ? given : [];
};

export const flag = ({ flags }: Given, name: string): string | undefined => {
  const value = flags[name];
  return typeof value === "string" ? value : undefined;
};

export const isSet = ({ flags }: Given, name: string): boolean => flags[name] === true;

/** As people write numbers: blanks, brackets, dots and dashes are no part of them. JIDs stay as they are. */
export const address = (written: string): string =>
  /^\+?[\d\s().-]+$/.test(written) ? written.replaceAll(/[\s().-]/g, "") : written;
