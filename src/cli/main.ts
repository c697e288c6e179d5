#!/usr/bin/env node
import { enableCompileCache } from './compile-cache.ts';

// The check runs before any other import: imports are hoisted, and libraries fail on older versions
// with unclear errors.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(`sequitur needs Node 22.18 or newer; this is Node ${process.versions.node}\n`);
  process.exitCode = 2;
} else {
  enableCompileCache();
  const { runProgram } = await import('./program.ts');
  process.exitCode = await runProgram(process.argv.slice(2));
}
