let segmenter: Intl.Segmenter | null = null;

/** How much of the text is read at first; few graphemes are longer than two code points. */
const WINDOW = 32;

/** Returns where the grapheme that begins at a place ends. */
export function graphemeEnd(text: string, at: number): number {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  for (let window = WINDOW; ; window *= 2) {
    const part = text.slice(at, at + window);
    const [first] = segmenter.segment(part);
    const end = at + first!.segment.length;
    if (end < at + part.length || at + part.length === text.length) return end;
  }
}
