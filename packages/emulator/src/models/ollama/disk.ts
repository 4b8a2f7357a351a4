import { createHash } from "node:crypto";
import type { ModelsState } from "../state.js";

/** Ollama's full name of a model: without a tag it is the latest. */
export const fullName = (name: string): string => (name.includes(":") ? name : `${name}:latest`);

/** Whether it is on the disk. Names are compared without regard to case. */
export function isOnDisk({ ollamaModels }: ModelsState, name: string): boolean {
  return ollamaModels.has(fullName(name).toLowerCase());
}

/** How the length of the window is called in what a model tells about itself. */
export const contextLength = 8_192;

export function detailsOf(): object {
  return {
    parent_model: "",
    format: "gguf",
    family: "llama",
    families: ["llama"],
    parameter_size: "3.2B",
    quantization_level: "Q4_K_M",
  };
}

export const digestOf = (name: string): string => createHash("sha256").update(name).digest("hex");

/** A size in bytes that a name always has. */
export const sizeOf = (name: string): number =>
  300_000_000 + (parseInt(digestOf(name).slice(0, 8), 16) % 4_000_000_000);
