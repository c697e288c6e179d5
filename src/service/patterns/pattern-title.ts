const TITLE_MAX = 1000;

/**
 * Returns the first sentence of the comment at the top of a text. The sentence may continue on the
 * next lines of the comment. Null: there is no comment.
 */
export function titleOf(text: string): string | null {
  const lines = commentAtTop(text);
  const first = lines.findIndex((line) => line !== '');
  if (first === -1) return null;
  const sentence: string[] = [];
  for (const line of lines.slice(first)) {
    if (line === '') break;
    sentence.push(line);
    if (/[.!?:]$/.test(line)) break;
  }
  const title = sentence.join(' ');
  return title.length <= TITLE_MAX ? title : `${title.slice(0, TITLE_MAX)}…`;
}

/** Returns the lines of the comment without their marks. */
function commentAtTop(text: string): readonly string[] {
  const start = text.trimStart();
  if (start.startsWith('/*')) {
    const [block] = start.slice(2).split('*/', 1);
    return block!.split('\n').map((line) => line.replace(/^\s*\*+/, '').trim());
  }
  const lines = start.split('\n').map((line) => line.trim());
  const end = lines.findIndex((line) => !line.startsWith('--'));
  return lines.slice(0, end === -1 ? lines.length : end).map((line) => line.replace(/^-+\s*/, ''));
}
