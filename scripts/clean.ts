/** `npm run clean`: deletes the files that `npm start` and the build create. */
import fs from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
for (const name of ['.sequitur', 'dist']) fs.rmSync(path.join(root, name), { recursive: true, force: true });
