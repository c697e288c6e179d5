#!/usr/bin/env node
import { enableCompileCache } from './compile-cache.ts';
import { limitMessage, readLimits } from './process-limits.ts';

// The check runs before any other import: imports are hoisted, and libraries fail on older versions
// with unclear errors.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(`sequitur needs Node 22.18 or newer; this is Node ${process.versions.node}\n`);
  process.exitCode = 2;
} else {
  const problem = limitMessage(process.argv[2], readLimits());
  if (problem === null) {
    enableCompileCache();
    const { runProgram } = await import('./program.ts');
    process.exitCode = await runProgram(process.argv.slice(2));
  } else {
    process.stderr.write(`error[CONFIG_PROCESS_LIMIT]: ${problem}\n`);
    process.exitCode = 2;
  }
}
