/** The text of a number that JavaScript would round. */
export class ExactNumber {
  constructor(text) {
    this.text = text;
  }
}

/** Parses JSON. Long numbers keep every digit if the browser provides the source of a number. */
export function parseExactly(text) {
  return JSON.parse(text, (_key, value, context) =>
    typeof value === 'number' && /\d{16}/.test(context?.source ?? '') && String(value) !== context.source
      ? new ExactNumber(context.source)
      : value,
  );
}
