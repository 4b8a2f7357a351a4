import qrcode from "qrcode-terminal";

/** One row of a code; true is a dark module. Without the quiet zone around it. */
export type QrMatrix = readonly (readonly boolean[])[];

/** Draws the code for `text`. Throws when it is too long for any code. */
export function qrMatrix(text: string): QrMatrix {
  let drawing = "";
  // The small form is the one whose characters tell each module; a code has an odd number of rows, so its last half row is border.
  qrcode.generate(text, { small: true }, (drawn) => {
    drawing = drawn;
  });
  const [border = "", ...lines] = drawing.split("\n").filter((line) => line !== "");
  const size = border.length - 2;
  const rows: boolean[][] = [];
  for (const line of lines) {
    const cells = Array.from(line).slice(1, size + 1);
    rows.push(cells.map((cell) => cell === " " || cell === "▄"));
    rows.push(cells.map((cell) => cell === " " || cell === "▀"));
  }
  return rows.slice(0, size);
}

// The standard asks for four; phones are content with two, and terminals are small.
const quietModules = 2;

const darkAnsi = "\u001b[40m  ";
const lightAnsi = "\u001b[107m  ";
const resetAnsi = "\u001b[0m";

export type QrStyle = "ansi" | "blocks" | "small";

/**
 * The code as lines of text. `ansi` sets its own black and white, so it can be scanned on every theme. `blocks` and `small`
 * draw the light modules with characters, for where there are no colours; `small` puts two rows into one line.
 */
export function renderQr(matrix: QrMatrix, style: QrStyle): string {
  const padded = withQuietZone(matrix, quietModules);
  if (style === "small") return renderSmall(padded);
  if (style === "blocks") return padded.map((row) => row.map((dark) => (dark ? "  " : "██")).join("")).join("\n");
  return padded.map((row) => row.map((dark) => (dark ? darkAnsi : lightAnsi)).join("") + resetAnsi).join("\n");
}

/** Columns and lines that a drawing takes. */
export function qrExtent(matrix: QrMatrix, style: QrStyle): { readonly columns: number; readonly lines: number } {
  const size = matrix.length + 2 * quietModules;
  return style === "small" ? { columns: size, lines: Math.ceil(size / 2) } : { columns: 2 * size, lines: size };
}

export function qrSvg(matrix: QrMatrix): string {
  const quiet = 4;
  const size = matrix.length + 2 * quiet;
  const squares = matrix.flatMap((row, y) =>
    row.flatMap((dark, x) => (dark ? [`M${x + quiet} ${y + quiet}h1v1h-1z`] : [])),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges"><rect width="${size}" height="${size}" fill="#fff"/><path fill="#000" d="${squares.join("")}"/></svg>`;
}

function withQuietZone(matrix: QrMatrix, quiet: number): QrMatrix {
  const size = matrix.length + 2 * quiet;
  const empty = Array.from({ length: quiet }, () => lightModules(size));
  const side = lightModules(quiet);
  return [...empty, ...matrix.map((row) => [...side, ...row, ...side]), ...empty];
}

const lightModules = (count: number): readonly boolean[] => Array.from({ length: count }, () => false);

function renderSmall(rows: QrMatrix): string {
  const lines: string[] = [];
  for (let y = 0; y < rows.length; y += 2)
    lines.push((rows[y] ?? []).map((top, x) => halfBlock(top, rows[y + 1]?.[x] ?? false)).join(""));
  return lines.join("\n");
}

function halfBlock(topIsDark: boolean, bottomIsDark: boolean): string {
  if (topIsDark) return bottomIsDark ? " " : "▄";
  return bottomIsDark ? "▀" : "█";
}
