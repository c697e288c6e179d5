import { EngineError } from './engine-error.ts';

let reader: string | null = null;

/** Notes who reads standard input. It can be read once, so a second reader is an error. */
export function claimStandardInput(who: string): void {
  if (reader !== null) {
    const message = `${who} cannot read standard input: ${reader} has read it`;
    throw new EngineError('CONFIG_USAGE', message, {});
  }
  reader = who;
}
