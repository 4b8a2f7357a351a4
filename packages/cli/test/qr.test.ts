import { describe, expect, it } from "vitest";
import { type QrMatrix, qrExtent, qrMatrix, qrSvg, renderQr } from "../src/output/qr.js";

const text = `2@${"pairing-string/".repeat(12)},end`;
const finder = ["#######", "#.....#", "#.###.#", "#.###.#", "#.###.#", "#.....#", "#######"];

const corner = (matrix: QrMatrix, top: number, left: number): string[] =>
  matrix.slice(top, top + 7).map((row) =>
    row
      .slice(left, left + 7)
      .map((dark) => (dark ? "#" : "."))
      .join(""),
  );

/** Reads a drawing back: true where it is dark, with the quiet zone. */
function readBlocks(drawing: string): boolean[][] {
  return drawing.split("\n").map((line) =>
    Array.from(line)
      .filter((_, place) => place % 2 === 0)
      .map((cell) => cell === " "),
  );
}

function readSmall(drawing: string): boolean[][] {
  return drawing.split("\n").flatMap((line) => {
    const cells = Array.from(line);
    return [cells.map((cell) => cell === " " || cell === "▄"), cells.map((cell) => cell === " " || cell === "▀")];
  });
}

function readAnsi(drawing: string): boolean[][] {
  return drawing.split("\n").map((line) =>
    line
      .split("\u001b[")
      .filter((part) => part.endsWith("m  "))
      .map((part) => part === "40m  "),
  );
}

describe("the QR code", () => {
  it("is square, of a size that codes have, with its three finders", () => {
    const matrix = qrMatrix(text);
    const size = matrix.length;
    expect((size - 17) % 4).toBe(0);
    expect(matrix.every((row) => row.length === size)).toBe(true);
    expect(corner(matrix, 0, 0)).toEqual(finder);
    expect(corner(matrix, 0, size - 7)).toEqual(finder);
    expect(corner(matrix, size - 7, 0)).toEqual(finder);
  });

  it("has the alternating timing row between its finders", () => {
    const matrix = qrMatrix(text);
    const timing = matrix[6]?.slice(8, matrix.length - 8) ?? [];
    expect(timing).toEqual(timing.map((_, place) => place % 2 === 0));
  });

  it("differs for another text", () => {
    expect(qrMatrix(text)).not.toEqual(qrMatrix(`${text}!`));
  });

  it("is the same in every drawing, with a quiet zone around it", () => {
    const matrix = qrMatrix(text);
    const blocks = readBlocks(renderQr(matrix, "blocks"));
    expect(readAnsi(renderQr(matrix, "ansi"))).toEqual(blocks);
    expect(readSmall(renderQr(matrix, "small")).slice(0, blocks.length)).toEqual(blocks);
    const inner = blocks.slice(2, -2).map((row) => row.slice(2, -2));
    expect(inner).toEqual(matrix);
    expect([...(blocks[0] ?? []), ...(blocks.at(-1) ?? []), ...blocks.map((row) => row[0])].some((dark) => dark)).toBe(
      false,
    );
  });

  it("tells beforehand how much room a drawing takes", () => {
    const matrix = qrMatrix(text);
    for (const style of ["blocks", "small"] as const) {
      const lines = renderQr(matrix, style).split("\n");
      expect(qrExtent(matrix, style)).toEqual({ columns: lines[0]?.length, lines: lines.length });
    }
  });

  it("draws as many squares into the page as it has dark modules", () => {
    const matrix = qrMatrix(text);
    const dark = matrix.flat().filter(Boolean).length;
    expect(qrSvg(matrix).match(/h1v1h-1z/g)).toHaveLength(dark);
  });
});
