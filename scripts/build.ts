/** `npm run build`: writes the declarations and the bundle into dist/. */
import path from 'node:path';
import { buildInto } from './build-into.ts';

const root = path.join(import.meta.dirname, '..');
await buildInto(root, path.join(root, 'dist'));
console.log('built dist/src/cli/main.js');
