import fs from 'node:fs';
import { EngineError } from '../core/engine-error.ts';

const OTHERS = 0o077;

/**
 * Reads the token from a file. Refuses a file that other users can read, because its token
 * protects nothing.
 */
export function readToken(file: string): string {
  let token: string;
  try {
    if ((fs.statSync(file).mode & OTHERS) !== 0) {
      throw new EngineError('CONFIG_USAGE', `${file} can be read by others; make it private: chmod 600 ${file}`, {
        file,
      });
    }
    token = fs.readFileSync(file, 'utf8').trim();
  } catch (cause) {
    if (cause instanceof EngineError) throw cause;
    throw new EngineError('CONFIG_USAGE', `cannot read ${file}: ${(cause as Error).message}`, { file }, cause);
  }
  if (token === '') throw new EngineError('CONFIG_USAGE', `the token file ${file} is empty`, { file });
  return token;
}
