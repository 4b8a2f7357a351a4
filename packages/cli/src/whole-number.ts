import { usageError } from "./usage-error.js";

/** The value of an option that takes a whole number from 0. */
export function wholeNumber(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isSafeInteger(value) || value < 0)
    throw usageError(`--${option} is "${text}".`, "Give a whole number.");
  return value;
}
