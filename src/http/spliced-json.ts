/** Returns one JSON object with the fields of `head`, then the fields of the object `text`. */
export function spliced(head: object, text: string): string {
  return `${JSON.stringify(head).slice(0, -1)},${text.slice(1)}`;
}
