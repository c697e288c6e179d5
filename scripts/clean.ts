/** `npm run clean`: what `npm start` and the build leave behind. */
import fs from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
for (const name of ['.sequitur', 'dist']) fs.rmSync(path.join(root, name), { recursive: true, force: true });
