/** A pattern that is not a regular expression of Java. */
export class InvalidPattern extends Error {
  /** The place in the pattern, in UTF-16 code units from 0. */
  readonly index: number;
  constructor(message: string, index: number) {
    super(message);
    this.index = index;
  }
}

/** A pattern that is a regular expression of Java but uses a construct that is not supported. */
export class UnsupportedPattern extends Error {
  /** The construct, for messages: "the character name \N{…}". */
  readonly construct: string;
  /** The place in the pattern, in UTF-16 code units from 0. */
  readonly index: number;
  constructor(construct: string, index: number) {
    super(`${construct} is not supported`);
    this.construct = construct;
    this.index = index;
  }
}
