/** Loaded with `--import`: prints the addresses of the modules that the process has loaded. */
import { registerHooks } from 'node:module';

const loaded: string[] = [];
registerHooks({
  load(url, context, next) {
    if (!url.startsWith('node:')) loaded.push(url);
    return next(url, context);
  },
});
process.on('exit', () => process.stdout.write(JSON.stringify(loaded)));
