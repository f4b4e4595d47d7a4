/** Colours as functions on text; without colours each returns its text as it is, so no renderer asks twice. */

export type Painter = Readonly<
  Record<"bold" | "red" | "green" | "yellow" | "cyan" | "white" | "faint" | "faintCyan", Paint>
>;
type Paint = (text: string) => string;

const plain: Paint = (text) => text;
const codes = {
  bold: "1",
  red: "31",
  green: "32",
  yellow: "33",
  cyan: "36",
  white: "37",
  faint: "2;37",
  faintCyan: "2;36",
} as const;

export function createPainter(colours: boolean): Painter {
  const paint = (code: string): Paint =>
    colours ? (text) => `\u001b[${code}m${text}\u001b[0m` : plain;
  return {
    bold: paint(codes.bold),
    red: paint(codes.red),
    green: paint(codes.green),
    yellow: paint(codes.yellow),
    cyan: paint(codes.cyan),
    white: paint(codes.white),
    faint: paint(codes.faint),
    faintCyan: paint(codes.faintCyan),
  };
}
