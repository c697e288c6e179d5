import fs from 'node:fs';
import { EngineError } from '../core/engine-error.ts';

const OTHERS = 0o077;
/** All permissions of other users, and those of the group except reading. */
const OTHERS_OF_ROOT = 0o037;

/**
 * Reads the token from a file. Refuses a file that other users can read, because its token
 * protects nothing. The group may read a file of root: Kubernetes and systemd give a secret to a
 * process in this way.
 */
export function readToken(file: string): string {
  let token: string;
  try {
    const { mode, uid } = fs.statSync(file);
    if ((mode & (uid === 0 ? OTHERS_OF_ROOT : OTHERS)) !== 0) {
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
