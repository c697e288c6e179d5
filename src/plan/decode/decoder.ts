import { EngineError } from '../../core/engine-error.ts';

/**
 * Checks a value that was read from JSON and gives it its type. A decoder copies the values it
 * accepts. It refuses all others with CHECKPOINT_INCOMPATIBLE and the place in the plan. It also
 * refuses properties that the type does not have.
 */
export type Decoder<T> = (value: unknown, place: Place) => T;

/** The decoder's place in a plan. */
export class Place {
  /** Columns that expressions may read here: those of the node's inputs, side by side. */
  columns = 0;
  readonly #path: (string | number)[] = [];

  enter(step: string | number): void {
    this.#path.push(step);
  }

  leave(): void {
    this.#path.pop();
  }

  /** `nodes[3].window.sizeMs` */
  toString(): string {
    let text = '';
    for (const step of this.#path) text += typeof step === 'number' ? `[${step}]` : text === '' ? step : `.${step}`;
    return text;
  }

  /** Throws: the value at this place is not `expected`. */
  refuse(expected: string, value: unknown): never {
    const found = value === undefined ? 'it is missing' : `it is ${shortJson(value)}`;
    return this.fail(`must be ${expected}, but ${found}`);
  }

  /** Throws an error that says that the part of the plan at this place `problem`. */
  fail(problem: string): never {
    const place = this.toString();
    throw new EngineError(
      'CHECKPOINT_INCOMPATIBLE',
      `the stored plan cannot be read: ${place === '' ? 'it' : place} ${problem}`,
      { place },
    );
  }
}

function shortJson(value: unknown): string {
  const json = JSON.stringify(value) ?? typeof value;
  return json.length > 40 ? `${json.slice(0, 40)}…` : json;
}

/** Decodes the value below `step`. */
export function decodeAt<T>(step: string | number, value: unknown, place: Place, decoder: Decoder<T>): T {
  place.enter(step);
  const decoded = decoder(value, place);
  place.leave();
  return decoded;
}

export const text: Decoder<string> = (value, place) =>
  typeof value === 'string' ? value : place.refuse('text', value);

export const flag: Decoder<boolean> = (value, place) =>
  typeof value === 'boolean' ? value : place.refuse('true or false', value);

export const count: Decoder<number> = (value, place) =>
  Number.isSafeInteger(value) && (value as number) >= 0
    ? (value as number)
    : place.refuse('a whole number from 0', value);

export const wholeNumber: Decoder<number> = (value, place) =>
  Number.isSafeInteger(value) ? (value as number) : place.refuse('a whole number', value);

/** A duration in milliseconds. */
export const length: Decoder<number> = (value, place) =>
  Number.isSafeInteger(value) && (value as number) > 0
    ? (value as number)
    : place.refuse('a whole number from 1', value);

/** Position of a column of the node's inputs. */
export const column: Decoder<number> = (value, place) => {
  const position = count(value, place);
  return position < place.columns ? position : place.refuse(`the position of one of ${place.columns} columns`, value);
};

/** Accepts exactly this value. It only narrows a type. */
export const constant =
  <const T extends string | boolean>(expected: T): Decoder<T> =>
  (value, place) =>
    value === expected ? expected : place.refuse(JSON.stringify(expected), value);

export const oneOf =
  <const T extends string>(...allowed: readonly T[]): Decoder<T> =>
  (value, place) =>
    allowed.find((each) => each === value) ?? place.refuse(`one of ${allowed.join(', ')}`, value);

export const orNull =
  <T>(decoder: Decoder<T>): Decoder<T | null> =>
  (value, place) =>
    value === null ? null : decoder(value, place);

export const list =
  <T>(decoder: Decoder<T>, least = 0): Decoder<readonly T[]> =>
  (value, place) => {
    if (!Array.isArray(value)) return place.refuse('a list', value);
    if (value.length < least) return place.refuse(`a list of at least ${least}`, value);
    return value.map((item: unknown, i) => decodeAt(i, item, place, decoder));
  };

/** Values of one kind by name; the names are data, e.g. options. */
export const dictionary =
  <T>(decoder: Decoder<T>): Decoder<Readonly<Record<string, T>>> =>
  (value, place) =>
    Object.fromEntries(
      Object.entries(objectOf(value, place)).map(([key, item]) => [key, decodeAt(key, item, place, decoder)]),
    );

/** A property that may be absent. */
export interface Optional<T> {
  readonly optional: Decoder<T>;
}
export const optional = <T>(decoder: Decoder<T>): Optional<T> => ({ optional: decoder });

/** A decoder for each property of T. A missing decoder is a compile error. */
export type Properties<T> = {
  readonly [K in keyof T]-?: object extends Pick<T, K> ? Optional<Exclude<T[K], undefined>> : Decoder<T[K]>;
};

export function record<T extends object>(properties: Properties<T>): Decoder<T> {
  const parts = Object.entries<Decoder<unknown> | Optional<unknown>>(properties);
  return (value, place) => {
    const given = objectOf(value, place);
    const decoded: Record<string, unknown> = {};
    for (const [key, part] of parts) {
      const item = Object.hasOwn(given, key) ? given[key] : undefined;
      if (typeof part === 'function') decoded[key] = decodeAt(key, item, place, part);
      else if (item !== undefined) decoded[key] = decodeAt(key, item, place, part.optional);
    }
    for (const key of Object.keys(given)) {
      if (!Object.hasOwn(properties, key) && given[key] !== undefined) place.fail(`has the unknown property ${key}`);
    }
    // Each property of T has been decoded: `properties` has them all.
    return decoded as T;
  };
}

/** Decodes a value of one of several kinds, which its property `kind` distinguishes. */
export function variant<T extends { readonly kind: string }>(
  kinds: {
    readonly [K in T['kind']]: Decoder<T>;
  },
): Decoder<T> {
  return (value, place) => {
    const { kind } = objectOf(value, place);
    if (typeof kind !== 'string' || !Object.hasOwn(kinds, kind)) {
      return decodeAt('kind', kind, place, oneOf(...Object.keys(kinds))) as never;
    }
    return kinds[kind as T['kind']](value, place);
  };
}

export function objectOf(value: unknown, place: Place): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return place.refuse('an object', value);
  return value as Readonly<Record<string, unknown>>;
}
