import { MinuteClock } from './minute-clock.ts';
import { differs, nullValue, plainValue, skippedValue } from './scanner-values.ts';
import { textEnd, viewCache } from './text-end.ts';

/**
 * The only module of the project that compiles source code, which it generates with
 * `scanner-values.ts`. The code contains only numbers: positions of columns and the byte values of
 * the keys. It never contains text of a user or of a file (a test checks the generated text against
 * a small token grammar).
 *
 * The scanner reads lines straight from bytes into columns. It expects the keys in the learned
 * order (ADR 0056). At any other key it jumps to the code of this key, or skips the member if the
 * key is unknown. A value with a rare form (escapes, exponents, more than 15 digits) goes to the
 * exact reader. A line with a rare form goes to the exact reader as a whole: white space other than
 * single blanks, escapes in keys, repeated keys. So the values are always exact.
 */
export type ScanKind =
  | 'skip'
  | 'long'
  | 'int'
  | 'smallint'
  | 'tinyint'
  | 'double'
  | 'boolean'
  | 'text'
  | 'decimal'
  | 'timestamp'
  | 'timestamp-ltz'
  | 'exact'
  | 'row';

/** How a value is read. */
export interface ScanType {
  /**
   * How the value is read. `skip`: not at all. `exact`: by the exact reader. `row`: an object whose
   * fields are columns.
   */
  readonly kind: ScanKind;
  /** The type of a `decimal`, of at most 15 digits. */
  readonly decimal?: { readonly precision: number; readonly scale: number };
}

export interface ScanField extends ScanType {
  readonly keyBytes: Uint8Array;
  /** The fields of a `row`. */
  readonly fields?: readonly ScanField[];
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

/** What the generated code calls. Positions are -1 if the line is for the exact reader. */
export interface ScanCalls {
  /**
   * Returns the number of the field whose key is at a position, in an object of the table. Returns
   * -1 if the key is unknown, and -2 if the line is for the exact reader.
   */
  findKey(buffer: Uint8Array, position: number, object: number): number;
  /** Returns the position after a value. */
  skipValue(buffer: Uint8Array, position: number): number;
  /** Returns the position after a key and its value. */
  skipMember(buffer: Uint8Array, position: number): number;
  /**
   * Returns the position after the member at a position, if it has the key of an unread field.
   * Returns -1 at another key, and -2 if the line is for the exact reader.
   */
  skipUnread(buffer: Uint8Array, position: number, field: number): number;
  /** Reads a value into row `row` of a column. Returns the position after the value. */
  readValue(buffer: Uint8Array, position: number, column: number, row: number): number;
  /** Finishes row `row` if `readValue` has deferred a part of its work. */
  finishRow(buffer: Uint8Array, row: number): void;
  /** The number of deferred parts of the row. */
  readonly deferred: { readonly count: number };
}

/**
 * Compiles a scanner. `cells` contains the cells of the fields that are read, in their order. The
 * cells of a row's fields follow the row. The fields that are not read are numbered in the same
 * order. A column without a value becomes NULL. With `isStrict`, a line that lacks a column is for
 * the exact reader.
 */
export function compileScanner(
  fields: readonly ScanField[],
  cells: readonly ColumnCells[],
  state: ScanState,
  calls: ScanCalls,
  { clock = new MinuteClock(), isStrict = false }: { readonly clock?: MinuteClock; readonly isStrict?: boolean } = {},
): LineScanner {
  // The names that the text of the scanner uses.
  const scope = {
    S: state,
    C: cells,
    W: Float64Array.from({ length: 16 }, (_, i) => 10 ** i),
    M: clock,
    K: calls.findKey,
    Y: calls.skipValue,
    U: calls.skipMember,
    X: calls.readValue,
    G: calls.finishRow,
    E: calls.deferred,
    D: viewCache(),
    I: calls.skipUnread,
    Q: textEnd,
  };
  const make = new Function(...Object.keys(scope), scannerSource(fields, isStrict)) as (
    ...parts: readonly unknown[]
  ) => LineScanner;
  return make(...Object.values(scope));
}

export function scannerSource(fields: readonly ScanField[], isStrict = false): string {
  const code = new ScannerCode(isStrict);
  const line = code.object(fields, 'break r;');
  return `${code.declarations}const m=M.view;${code.functions}return function(b,p,e,l){const i=D(b),z=b.length;let n=S.count,f=0,${VARIABLES}${line.masks};
while(p<e&&n<l){f=p;r:{if(b[p]!==123)break r;p++;${line.body}if(b[p]===13)p++;if(b[p]!==10)break r;p++;if(E.count!==0)G(b,n);n++;continue;}S.count=n;return f;}S.count=n;return p;}`;
}

/** `q`: the expected field. `t`: the start of the value. The code of values uses the others. */
const VARIABLES = 'h=0,k=0,q=0,s=0,t=0,v=0,x=0,g=false';
/**
 * The code of an object skips at most this many unread members itself. Otherwise it skips them with
 * calls, because the compiler of JavaScript would need seconds for longer code.
 */
const INLINE_MAX = 12;
/** The number of fields per mask. A mask must be a small integer. */
const MASK_FIELDS = 30;

/** The code of the objects of a line. Objects and columns get their numbers in order. */
class ScannerCode {
  declarations = '';
  functions = '';
  readonly #isStrict: boolean;
  #objects = 0;
  #columns = 0;
  #unread = 0;

  constructor(isStrict: boolean) {
    this.#isStrict = isStrict;
  }

  /**
   * Generates the scan of an object after its brace. `fail` is the statement for an object that is
   * for the exact reader. The masks have a bit for each column that was read.
   */
  object(fields: readonly ScanField[], fail: string): { readonly body: string; readonly masks: string } {
    const object = this.#objects++;
    const columns: number[] = [];
    let cases = '';
    const unread = fields.filter((field) => field.kind === 'skip').length;
    for (const [i, field] of fields.entries()) {
      if (field.kind === 'skip' && unread > INLINE_MAX) {
        cases += `case ${i}:h=I(b,p,${this.#unread++});if(h<0){if(h!==-1)${fail}q=${i};break d;}p=h;${NEXT_MEMBER}`;
        continue;
      }
      let value: string;
      if (field.kind === 'skip') {
        this.#unread++;
        value = `y:{w:{${skippedValue()}break y;}p=Y(b,t);if(p<0)${fail}}`;
      } else {
        const c = this.#columns++;
        const mask = `m${Math.floor(columns.length / MASK_FIELDS)}`;
        const bit = 1 << (columns.length % MASK_FIELDS);
        columns.push(c);
        value = `if((${mask}&${bit})!==0)${fail}${mask}|=${bit};${this.#column(field, c, fail)}`;
      }
      cases += `case ${i}:${keyTest(field.keyBytes, i)}t=p;${value}${NEXT_MEMBER}`;
    }
    const words = Array.from({ length: Math.ceil(columns.length / MASK_FIELDS) }, (_, w) => w);
    const clear = words.map((w) => `m${w}=0;`).join('');
    const find = `h=K(b,p,${object});if(h>=0){q=h;continue o;}if(h!==-1)${fail}p=U(b,p);if(p<0)${fail}${NEXT_MEMBER}`;
    const members = `o:for(;;){d:{switch(q){${cases}}q=${fields.length};}${find}}`;
    const absent = words.map((w) => this.#absent(columns.slice(w * MASK_FIELDS, (w + 1) * MASK_FIELDS), w, fail));
    return {
      body: `q=0;${clear}if(b[p]!==125){${members}}if(b[p]!==125)${fail}p++;${absent.join('')}`,
      masks: words.map((w) => `,m${w}=0`).join(''),
    };
  }

  #column(field: ScanField, c: number, fail: string): string {
    const { kind } = field;
    this.declarations += `const N${c}=C[${c}].nulls,V${c}=C[${c}].numbers,T${c}=C[${c}].bits,A${c}=C[${c}].starts,Z${c}=C[${c}].ends;`;
    const exact = `p=X(b,t,${c},n);if(p<0)${fail}`;
    if (kind === 'exact' || kind === 'skip') return exact;
    const value = kind === 'row' ? this.#row(field.fields!) : plainValue(field, c);
    return `y:{w:{if(b[p]===110){${nullValue()}${setNull(c)}}else{${value}}break y;}${exact}}`;
  }

  /** Each object has its own function, because code for all objects in one would be too large. */
  #row(fields: readonly ScanField[]): string {
    const object = this.#objects;
    const { body, masks } = this.object(fields, 'return -1;');
    this.functions += `const F${object}=function(b,p,n,i,z){let ${VARIABLES}${masks};${body}return p;};`;
    return `if(b[p]!==123)break w;p=F${object}(b,p+1,n,i,z);if(p<0)break w;`;
  }

  /** Generates the end of an object that lacks some of the columns of a mask. */
  #absent(columns: readonly number[], word: number, fail: string): string {
    const all = 2 ** columns.length - 1;
    const each = columns.map((c, i) => `if((m${word}&${1 << i})===0){${setNull(c)}}`);
    return `if(m${word}!==${all}){${this.#isStrict ? fail : each.join('')}}`;
  }
}

/** Moves to the next member. Leaves the object if the byte is not a comma. */
const NEXT_MEMBER = 'if(b[p]!==44)break o;p++;if(b[p]===32)p++;';

/** Generates the test of a key with its quotes and colon, and of an optional blank. */
function keyTest(key: Uint8Array, field: number): string {
  const bytes = Uint8Array.of(34, ...key, 34, 58);
  return `if(${differs(bytes)}){q=${field};break d;}p+=${bytes.length};if(b[p]===32)p++;`;
}

const setNull = (c: number): string => `N${c}[n]=1;C[${c}].hasNulls=true;`;
