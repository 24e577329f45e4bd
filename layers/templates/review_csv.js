/* Tables as CSV (RFC 4180). A text that a spreadsheet would compute has one ' more in front, as in every file of ours. */

const FORMULA = /^'*[=+\-@＝＋－＠]/;

/** The cell for a text. */
export function guard(text) {
  return FORMULA.test(text) ? `'${text}` : text;
}

/** The text of a cell. */
export function unguard(cell) {
  return cell.startsWith("'") && FORMULA.test(cell) ? cell.slice(1) : cell;
}

/** Rows of cells as CSV. The mark at its start tells spreadsheets that it is UTF-8. */
export function writeCsv(rows) {
  const quote = (cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  return `\ufeff${rows.map((cells) => cells.map(quote).join(",")).join("\r\n")}\r\n`;
}

/** The rows of cells of a CSV text. */
export function readCsv(text) {
  const rows = [];
  let cells = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y;
  cell.lastIndex = text.startsWith("\ufeff") ? 1 : 0;
  while (cell.lastIndex < text.length) {
    const found = cell.exec(text);
    if (!found) throw new Error("a quote in the middle of a cell, or one that is never closed");
    cells.push(found[1] === undefined ? found[2] : found[1].replaceAll('""', '"'));
    if (found[3] === "," && cell.lastIndex < text.length) continue;
    if (found[3] === ",") cells.push("");
    rows.push(cells);
    cells = [];
  }
  return rows;
}
