import type { ScanField } from './scanner-code.ts';

/**
 * Generates the parts of the scanner (`scanner-code.ts`) that read one value. `b` is the buffer,
 * `p` the position, `z` the length, `i` the view of the buffer, `n` the row. Leaving block `w`
 * means that the value has a rare form.
 */

/**
 * Generates the test that other bytes are at `p`. The test compares four bytes at once, because the
 * compiler of JavaScript needs less time for shorter code. The last four may overlap the others.
 */
export function differs(bytes: Uint8Array): string {
  if (bytes.length < 4) return Array.from(bytes, (byte, i) => `b[p+${i}]!==${byte}`).join('||');
  const view = new DataView(bytes.buffer);
  const tests = fourAtOnce(bytes.length).map((at) => `i.getInt32(p+${at},true)!==${view.getInt32(at, true)}`);
  return `p+${bytes.length}>z||${tests.join('||')}`;
}

function fourAtOnce(length: number): readonly number[] {
  return Array.from({ length: Math.ceil(length / 4) }, (_, i) => Math.min(i * 4, length - 4));
}

export const nullValue = (): string => 'if(b[p+1]!==117||b[p+2]!==108||b[p+3]!==108)break w;p+=4;';

/**
 * Generates the scan of a text up to its quote. A backslash or a control character ends the scan.
 */
const textValue = (): string => 'if(b[p]!==34)break w;s=++p;p=Q(b,i,p);if(b[p]!==34)break w;';

/**
 * Generates the scan of a sign and digits without leading zeros into v. The number of digits is in
 * k.
 */
const digits = (): string =>
  'g=false;if(b[p]===45){g=true;p++;}s=p;v=0;while((h=b[p]-48)>=0&&h<=9){v=v*10+h;p++;}k=p-s;if(k===0||(b[s]===48&&k>1))break w;';

/** Generates the test of the byte after a number. */
const numberEnd = (): string => 'h=b[p];if(h!==44&&h!==125)break w;';

const LIMITS = { int: 2147483647, smallint: 32767, tinyint: 127 } as const;

/** Generates the scan of a value with a usual form. Leaves block `w` at any other form. */
export function plainValue({ kind, decimal }: ScanField, c: number): string {
  switch (kind) {
    case 'text':
      return `${textValue()}A${c}[n]=s;Z${c}[n]=p;p++;`;
    case 'boolean':
      return `if(b[p]===116){if(b[p+1]!==114||b[p+2]!==117||b[p+3]!==101)break w;p+=4;T${c}[n]=1;}else{if(b[p]!==102||b[p+1]!==97||b[p+2]!==108||b[p+3]!==115||b[p+4]!==101)break w;p+=5;T${c}[n]=0;}`;
    case 'long':
      return `${digits()}if(k>15)break w;${numberEnd()}V${c}[n]=g?0-v:v;`;
    case 'int':
    case 'smallint':
    case 'tinyint':
      return `${digits()}if(k>10||v>${LIMITS[kind]})break w;${numberEnd()}V${c}[n]=g?0-v:v;`;
    case 'double':
      return `${digits()}if(b[p]===46){p++;s=p;while((h=b[p]-48)>=0&&h<=9){v=v*10+h;p++;}if(p===s)break w;k+=p-s;if(k>15)break w;v/=W[p-s];}else if(k>15)break w;${numberEnd()}V${c}[n]=g?-v:v;`;
    case 'decimal': {
      const { precision, scale } = decimal!;
      return `${digits()}x=${scale};if(b[p]===46){p++;s=p;while((h=b[p]-48)>=0&&h<=9){v=v*10+h;p++;}if(p===s)break w;k+=p-s;x-=p-s;}if(k>15||x<0)break w;v*=W[x];if(v>=W[${precision}])break w;${numberEnd()}V${c}[n]=g?0-v:v;`;
    }
    case 'timestamp':
      return timestampValue(c, '');
    case 'timestamp-ltz':
      return timestampValue(c, 'if(b[p]!==90)break w;p++;');
    default:
      return '';
  }
}

function timestampValue(c: number, zone: string): string {
  const sameMinute = fourAtOnce(17)
    .map((at) => `i.getInt32(p+${at},true)===m.getInt32(${at},true)`)
    .join('&&');
  return `if(b[p]!==34)break w;p++;if(p+17>z)break w;if(!(${sameMinute})){if(!M.set(b,p))break w;}h=b[p+17]-48;k=b[p+18]-48;if(h<0||h>5||k<0||k>9)break w;v=(h*10+k)*1000;p+=19;if(b[p]===46){h=b[++p]-48;if(h<0||h>9)break w;v+=h*100;h=b[++p]-48;if(h>=0&&h<=9){v+=h*10;h=b[++p]-48;if(h>=0&&h<=9){v+=h;p++;}}}${zone}if(b[p]!==34)break w;p++;V${c}[n]=M.ms+v;`;
}

/**
 * Generates the scan of a flat value of a member that is not read: text, number or literal. The
 * value must be well-formed.
 */
export function skippedValue(): string {
  return `h=b[p];if(h===34){${textValue()}p++;}else if(h===110){${nullValue()}}else if(h===116){if(b[p+1]!==114||b[p+2]!==117||b[p+3]!==101)break w;p+=4;}else if(h===102){if(b[p+1]!==97||b[p+2]!==108||b[p+3]!==115||b[p+4]!==101)break w;p+=5;}else{${digits()}if(b[p]===46){p++;s=p;while((h=b[p]-48)>=0&&h<=9)p++;if(p===s)break w;}${numberEnd()}}`;
}
