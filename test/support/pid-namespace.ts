import { spawnSync } from 'node:child_process';

/**
 * The command that runs a program as process 1 of a new process id namespace, as a container does.
 * Null: the system does not permit one.
 */
export function newPidNamespace(): readonly string[] | null {
  const namespaces = ['--pid', '--fork', '--kill-child', '--mount-proc'];
  for (const command of [
    ['unshare', ...namespaces],
    ['unshare', '--user', '--map-root-user', ...namespaces],
  ]) {
    if (spawnSync(command[0]!, [...command.slice(1), 'true']).status === 0) return command;
  }
  return null;
}

/** The reason for which tests with namespaces are skipped. False: they run. CI must run them. */
export function skipWithoutNamespaces(): string | false {
  if (newPidNamespace() !== null) return false;
  const reason = 'unshare may not create process id namespaces here';
  if (process.env['CI'] !== undefined) throw new Error(`${reason}, but CI must run these tests`);
  console.log(`skipped: ${reason}`);
  return reason;
}
