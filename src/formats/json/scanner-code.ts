import { MinuteClock } from './minute-clock.ts';

/**
 * The only module of the project that generates source code. The code contains only numbers:
 * positions of columns and the byte values of the keys. It never contains text of a user or of a
 * file (a test checks the generated text against a small token grammar).
 *
 * The scanner reads lines of one learned layout straight from bytes into columns. The exact reader
 * reads every line that does not have exactly this form: another order, more white space than
 * single blanks, escapes, exponents, more than 15 digits, numbers out of range. So the values are
 * always exact.
 */
export type ScanKind = 'skip' | 'long' | 'int' | 'smallint' | 'tinyint' | 'double' | 'boolean' | 'text' | 'timestamp';

export interface ScanField {
  readonly keyBytes: Uint8Array;
  readonly kind: ScanKind;
}

/** A column that is being filled. Arrays that the column's type does not need are empty. */
export interface ColumnCells {
  readonly numbers: Float64Array;
  readonly bits: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly nulls: Uint8Array;
  hasNulls: boolean;
}

/**
 * Scans lines from `position` until `limit` rows are filled, the end, or an unreadable line.
 * Returns the position where the scan stopped. `state.count` is the number of filled rows before
 * and after. If the position is below `end` and `count < limit`, the exact reader must read the
 * line at this position.
 */
export type LineScanner = (buffer: Uint8Array, position: number, end: number, limit: number) => number;

export interface ScanState {
  count: number;
}

/**
 * Compiles a scanner. `cells` contains the cells of the fields that are not skipped, in their
 * order, then the cells of the columns that the layout lacks. Those columns become NULL.
 */
export function compileScanner(
  fields: readonly ScanField[],
  cells: readonly ColumnCells[],
  state: ScanState,
  clock = new MinuteClock(),
): LineScanner {
  const source = scannerSource(fields, cells.length);
  const make = new Function('S', 'C', 'W', 'M', source) as (
    s: ScanState,
    c: readonly ColumnCells[],
    powers: Float64Array,
    clock: MinuteClock,
  ) => LineScanner;
  const powers = Float64Array.from({ length: 16 }, (_, i) => 10 ** i);
  return make(state, cells, powers, clock);
}

export function scannerSource(fields: readonly ScanField[], columns: number): string {
  let declarations = '';
  let body = '';
  let column = 0;
  fields.forEach((field, i) => {
    body += i === 0 ? 'if(b[p]!==123)break r;p++;' : 'if(b[p]!==44)break r;p++;if(b[p]===32)p++;';
    body += keyTest(field.keyBytes);
    if (field.kind === 'skip') body += skipValue();
    else {
      const c = column++;
      declarations += `const N${c}=C[${c}].nulls,V${c}=C[${c}].numbers,T${c}=C[${c}].bits,A${c}=C[${c}].starts,Z${c}=C[${c}].ends;`;
      body += `if(b[p]===110){${nullValue()}N${c}[n]=1;C[${c}].hasNulls=true;}else{${value(field.kind, c)}}`;
    }
  });
  let absent = '';
  for (; column < columns; column++) {
    declarations += `const N${column}=C[${column}].nulls;`;
    absent += `N${column}[n]=1;C[${column}].hasNulls=true;`;
  }
  return `${declarations}const m=M.prefix;return function(b,p,e,l){let n=S.count,f=0,s=0,h=0,v=0,k=0,g=false;
while(p<e&&n<l){f=p;r:{${body}if(b[p]!==125)break r;p++;if(b[p]===13)p++;if(b[p]!==10)break r;p++;${absent}n++;continue;}S.count=n;return f;}S.count=n;return p;}`;
}

/** Generates the test of a key with its quotes and colon, and of an optional blank. */
function keyTest(key: Uint8Array): string {
  const bytes = [34, ...key, 34, 58];
  return `if(${bytes.map((byte, i) => `b[p+${i}]!==${byte}`).join('||')})break r;p+=${bytes.length};if(b[p]===32)p++;`;
}

const nullValue = (): string => 'if(b[p+1]!==117||b[p+2]!==108||b[p+3]!==108)break r;p+=4;';

/**
 * Generates the scan of a text up to its quote. A backslash or a control character ends the scan.
 */
const textValue = (): string => 'if(b[p]!==34)break r;s=++p;while((h=b[p])!==34){if(h===92||h<32)break r;p++;}';

/**
 * Generates the scan of a sign and digits without leading zeros into v. The number of digits is in
 * k.
 */
const digits = (): string =>
  'g=false;if(b[p]===45){g=true;p++;}s=p;v=0;while((h=b[p]-48)>=0&&h<=9){v=v*10+h;p++;}k=p-s;if(k===0||(b[s]===48&&k>1))break r;';

/** Generates the test of the byte after a number. */
const numberEnd = (): string => 'h=b[p];if(h!==44&&h!==125)break r;';

const LIMITS = { int: 2147483647, smallint: 32767, tinyint: 127 } as const;

function value(kind: Exclude<ScanKind, 'skip'>, c: number): string {
  switch (kind) {
    case 'text':
      return `${textValue()}A${c}[n]=s;Z${c}[n]=p;p++;`;
    case 'boolean':
      return `if(b[p]===116){if(b[p+1]!==114||b[p+2]!==117||b[p+3]!==101)break r;p+=4;T${c}[n]=1;}else{if(b[p]!==102||b[p+1]!==97||b[p+2]!==108||b[p+3]!==115||b[p+4]!==101)break r;p+=5;T${c}[n]=0;}`;
    case 'long':
      return `${digits()}if(k>15)break r;${numberEnd()}V${c}[n]=g?0-v:v;`;
    case 'int':
    case 'smallint':
    case 'tinyint':
      return `${digits()}if(k>10||v>${LIMITS[kind]})break r;${numberEnd()}V${c}[n]=g?0-v:v;`;
    case 'double':
      return `${digits()}if(b[p]===46){p++;s=p;while((h=b[p]-48)>=0&&h<=9){v=v*10+h;p++;}if(p===s)break r;k+=p-s;if(k>15)break r;v/=W[p-s];}else if(k>15)break r;${numberEnd()}V${c}[n]=g?-v:v;`;
    case 'timestamp':
      return `if(b[p]!==34)break r;p++;if(!(${Array.from({ length: 17 }, (_, i) => `b[p+${i}]===m[${i}]`).join('&&')})){if(!M.set(b,p))break r;}h=b[p+17]-48;k=b[p+18]-48;if(h<0||h>5||k<0||k>9)break r;v=(h*10+k)*1000;p+=19;if(b[p]===46){h=b[++p]-48;if(h<0||h>9)break r;v+=h*100;h=b[++p]-48;if(h>=0&&h<=9){v+=h*10;h=b[++p]-48;if(h>=0&&h<=9){v+=h;p++;}}}if(b[p]!==34)break r;p++;V${c}[n]=M.ms+v;`;
  }
}

/**
 * Generates the scan of a flat value of a column that is not read: text, number or literal. The
 * value must be well-formed.
 */
function skipValue(): string {
  return `h=b[p];if(h===34){${textValue()}p++;}else if(h===110){${nullValue()}}else if(h===116){if(b[p+1]!==114||b[p+2]!==117||b[p+3]!==101)break r;p+=4;}else if(h===102){if(b[p+1]!==97||b[p+2]!==108||b[p+3]!==115||b[p+4]!==101)break r;p+=5;}else{${digits()}if(b[p]===46){p++;s=p;while((h=b[p]-48)>=0&&h<=9)p++;if(p===s)break r;}${numberEnd()}}`;
}
