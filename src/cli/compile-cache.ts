/**
 * Keeps compiled code between runs. The cache only saves time, so a folder that cannot be used is
 * not reported.
 *
 * Node's default is a folder with a known name in the shared temporary directory. Another user can
 * create it first and put code into it. Therefore the cache lies in a folder that belongs to the
 * user and that no other user can change: in the user's cache folder, or, if the home is read-only,
 * in the temporary directory. NODE_COMPILE_CACHE names another folder.
 * NODE_DISABLE_COMPILE_CACHE=1 turns the cache off.
 *
 * This module is loaded before the check of the Node version, so it has no import statement.
 */
export function enableCompileCache(): void {
  const folder = process.env['NODE_COMPILE_CACHE'] ?? ownFolder();
  if (folder === null) return;
  process.getBuiltinModule('node:module').enableCompileCache(folder);
  // Threads read the variable. Without it they would use Node's default.
  process.env['NODE_COMPILE_CACHE'] = folder;
}

/** Returns an existing folder for the cache, or null. */
function ownFolder(): string | null {
  const { homedir, tmpdir } = process.getBuiltinModule('node:os');
  const { join } = process.getBuiltinModule('node:path');
  const places = [
    () => join(created(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache')), 'sequitur'),
    () => join(tmpdir(), `sequitur-cache-${process.getuid?.() ?? 0}`),
  ];
  for (const place of places) {
    try {
      const folder = created(place());
      if (isOwn(folder)) return folder;
    } catch {
      // There is no home, or it cannot be written.
    }
  }
  return null;
}

function created(folder: string): string {
  const fs = process.getBuiltinModule('node:fs');
  if (!fs.existsSync(folder)) fs.mkdirSync(folder, { mode: 0o700 });
  return folder;
}

/** Returns whether this user can write to a folder and no other user can. */
function isOwn(folder: string): boolean {
  const fs = process.getBuiltinModule('node:fs');
  fs.accessSync(folder, fs.constants.W_OK);
  if (process.getuid === undefined) return true;
  const stat = fs.lstatSync(folder);
  return stat.isDirectory() && stat.uid === process.getuid() && (stat.mode & 0o022) === 0;
}
