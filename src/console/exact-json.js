/** The text of a number that JavaScript would write differently: 637.00, or more than 15 digits. */
export class ExactNumber {
  constructor(text) {
    this.text = text;
  }
}

/** Parses JSON. Numbers keep their text if the browser provides the source of a number. */
export function parseExactly(text) {
  return JSON.parse(text, (_key, value, context) =>
    typeof value === 'number' && context?.source !== undefined && String(value) !== context.source
      ? new ExactNumber(context.source)
      : value,
  );
}
