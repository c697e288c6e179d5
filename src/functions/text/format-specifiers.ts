/** A mistake in a format, or an argument that does not fit its specifier. */
export class FormatFault extends Error {}

/** A part of a format of `java.util.Formatter`: fixed text, or a specifier such as `%-8.2f`. */
export type FormatPart = { readonly text: string } | FormatSpecifier;

export interface FormatSpecifier {
  /** `same`: the argument of the specifier before; `next`; or the number of an argument, from 1. */
  readonly argument: 'same' | 'next' | number;
  readonly flags: string;
  readonly width: number | null;
  readonly precision: number | null;
  /** In lower case. */
  readonly conversion: string;
  readonly upper: boolean;
}

const SPECIFIER = /%(\d+\$)?([-#+ 0,(<]*)?(\d+)?(\.\d+)?([tT])?([a-zA-Z%])/y;
const UPPER = 'BHSCXEGA';
/** The flags that are a mistake with a conversion, in addition to the rules of `checkFlags`. */
const REFUSED_FLAGS: Readonly<Record<string, string>> = {
  b: '#+ 0,(',
  h: '#+ 0,(',
  s: '#+ 0,(',
  c: '#+ 0,(',
  d: '#',
  o: ',',
  x: ',',
  e: ',',
  g: '#',
  a: '(,',
  f: '',
  '%': '#+ 0,(',
  n: '-#+ 0,(',
};

/** Parses a format. Throws FormatFault where Java throws an exception. */
export function parseFormat(format: string): readonly FormatPart[] {
  const parts: FormatPart[] = [];
  let at = 0;
  while (at < format.length) {
    const next = format.indexOf('%', at);
    if (next !== at) {
      parts.push({ text: format.slice(at, next < 0 ? format.length : next) });
      if (next < 0) break;
    }
    SPECIFIER.lastIndex = next;
    const found = SPECIFIER.exec(format);
    if (found === null) throw new FormatFault('a `%` begins no specifier');
    parts.push(specifierOf(found));
    at = SPECIFIER.lastIndex;
  }
  return parts;
}

function specifierOf([, index, flags = '', width, precision, time, letter]: RegExpExecArray): FormatSpecifier {
  const upper = UPPER.includes(letter!);
  const conversion = upper ? letter!.toLowerCase() : letter!;
  if (time !== undefined || REFUSED_FLAGS[conversion] === undefined) throw new FormatFault('unknown conversion');
  const specifier: FormatSpecifier = {
    argument: flags.includes('<') ? 'same' : index === undefined ? 'next' : Number.parseInt(index, 10),
    flags: flags.replaceAll('<', ''),
    width: width === undefined ? null : Number(width),
    precision: precision === undefined ? null : Number(precision.slice(1)),
    conversion,
    upper,
  };
  checkFlags(specifier);
  return specifier;
}

function checkFlags({ flags, conversion, width, precision }: FormatSpecifier): void {
  const has = (flag: string): boolean => flags.includes(flag);
  if (new Set(flags).size < flags.length) throw new FormatFault('a flag twice');
  if ([...flags].some((flag) => REFUSED_FLAGS[conversion]!.includes(flag)))
    throw new FormatFault('a flag does not fit');
  if ((has('-') || has('0')) && width === null) throw new FormatFault('a width is missing');
  if ((has('-') && has('0')) || (has('+') && has(' '))) throw new FormatFault('two flags exclude each other');
  if (precision !== null && 'doxc%n'.includes(conversion)) throw new FormatFault('a precision does not fit');
  if (conversion === 'n' && width !== null) throw new FormatFault('a width does not fit');
}
