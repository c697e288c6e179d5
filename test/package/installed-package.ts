import fs from 'node:fs';
import path from 'node:path';
import { buildInto } from '../../scripts/build-into.ts';

const root = path.join(import.meta.dirname, '../..');

/**
 * Builds the package and puts it into a folder as npm installs it: only the files that are packed,
 * beside its dependencies. Returns the folder of the package.
 */
export async function installPackage(folder: string): Promise<string> {
  const modules = path.join(folder, 'node_modules');
  const installed = path.join(modules, 'sequitur');
  fs.mkdirSync(installed, { recursive: true });
  await buildInto(root, path.join(installed, 'dist'));
  fs.copyFileSync(path.join(root, 'package.json'), path.join(installed, 'package.json'));
  for (const packed of ['patterns', 'src/console'])
    fs.cpSync(path.join(root, packed), path.join(installed, packed), { recursive: true });
  for (const name of fs.readdirSync(path.join(root, 'node_modules')).filter((each) => !each.startsWith('.')))
    fs.symlinkSync(path.join(root, 'node_modules', name), path.join(modules, name));
  return installed;
}
