/**
 * Runs a script with this Node, and reports the CPU time and memory of its process on standard
 * error.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';

const child = spawn(process.execPath, process.argv.slice(2), { stdio: ['ignore', 'inherit', 'inherit'] });
let peakKb = 0;
let cpuSeconds = 0;
const ticksPerSecond = 100;
const look = (): void => {
  try {
    const status = fs.readFileSync(`/proc/${child.pid}/status`, 'latin1');
    peakKb = Math.max(peakKb, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0));
    const stat = fs.readFileSync(`/proc/${child.pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    cpuSeconds = (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  } catch {
    // The process ended between two reads, or there is no /proc.
  }
};
const timer = setInterval(look, 20);
child.on('exit', (code) => {
  clearInterval(timer);
  process.stderr.write(`usage ${JSON.stringify({ cpuSeconds, peakMb: peakKb / 1024 })}\n`);
  process.exitCode = code ?? 1;
});
